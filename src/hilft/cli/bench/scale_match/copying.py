"""Whole arrays into a table at once: PostgreSQL's binary COPY, laid out by numpy without a loop over rows."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END = b"\xff\xff"


def copy_rows(cursor: Any, table: str, columns: dict[str, NDArray[Any]]) -> None:
    """Adds one row for each entry; two-dimensional columns are `halfvec`, bytes are text without padding."""
    copying = f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT binary)"
    with cursor.connection.cursor() as raw, raw.copy(copying) as copy:
        copy.write(HEAD)
        copy.write(_laid_out(list(columns.values())).tobytes())
        copy.write(END)


def _laid_out(columns: list[NDArray[Any]]) -> NDArray[Any]:
    """As the wire has them: each row its number of fields, each field its length and its value, big end first."""
    fields: list[tuple[Any, ...]] = [("fields", ">i2")]
    for number, column in enumerate(columns):
        fields.append((f"length{number}", ">i4"))
        if column.ndim == 2:
            fields += [(f"dimensions{number}", ">i2"), (f"unused{number}", ">i2")]
            fields.append((f"value{number}", ">f2", (column.shape[1],)))
        else:
            fields.append((f"value{number}", column.dtype.newbyteorder(">")))
    rows = np.zeros(len(columns[0]), np.dtype(fields))
    rows["fields"] = len(columns)
    for number, column in enumerate(columns):
        rows[f"value{number}"] = column
        rows[f"length{number}"] = column.dtype.itemsize
        if column.ndim == 2:
            rows[f"dimensions{number}"] = column.shape[1]
            rows[f"length{number}"] = 4 + 2 * column.shape[1]
    return rows
