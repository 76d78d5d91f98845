"""The record as a file: every column that is needed to repeat its digests elsewhere."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from hilft.audit.chain import moment
from hilft.audit.models import Entry, Seal
from hilft.audit.queries import Asked, entries

BATCH: Final = 1_000
COLUMNS: Final = (
    "place", "entry", "at", "actor", "name", "verb", "subject_kind", "subject_id", "data", "salt",
    "details", "before", "digest", "sealed_at",
)  # fmt: skip
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula when it begins a cell."""


def rows(asked: Asked) -> Iterator[dict[str, Any]]:
    """The entries asked for with their seals, oldest first, a batch at a time."""
    found, after = entries(asked).order_by("pk"), 0
    while batch := list(found.filter(pk__gt=after)[:BATCH]):
        seals = {seal.entry: seal for seal in Seal.objects.filter(entry__in=[entry.pk for entry in batch])}
        for entry in batch:
            yield dict(zip(COLUMNS, _entry(entry, seals.get(entry.pk)), strict=True))
        after = batch[-1].pk


def _entry(entry: Entry, seal: Seal | None) -> tuple[Any, ...]:
    said = (
        entry.pk,
        moment(entry.at),
        entry.actor_id,
        str(entry.actor or ""),
        entry.verb,
        entry.subject_kind,
        entry.subject_id,
        entry.data,
        entry.salt.hex if entry.salt else None,
    )
    if seal is None:
        return (None, *said, None, None, None, None)
    digests = (bytes(digest).hex() for digest in (seal.details, seal.before, seal.digest))
    return (seal.place, *said, *digests, moment(seal.at))


def _ndjson(asked: Asked) -> Iterator[str]:
    for row in rows(asked):
        yield json.dumps(row, ensure_ascii=False) + "\n"


def _csv(asked: Asked) -> Iterator[str]:
    yield _line(COLUMNS)
    for row in rows(asked):
        yield _line([_cell(json.dumps(v, ensure_ascii=False) if k == "data" else v) for k, v in row.items()])


def _line(cells: Any) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


@dataclass(frozen=True)
class Format:
    """A kind of file: its lines, and how it is served."""

    lines: Callable[[Asked], Iterator[str]]
    content_type: str


FORMATS: Final = {
    "ndjson": Format(_ndjson, "application/x-ndjson"),
    "csv": Format(_csv, "text/csv; charset=utf-8"),
}
