"""CSV: a question a line, with a heading line; columns are found by their usual names or by the mapping."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Final

from django.utils.translation import gettext as _

from hilft.knowledge.exchange.entries import Damaged, Entry, made

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("id", "key", "nr", "nummer", "schlüssel"),
    "title": ("title", "question", "frage", "titel"),
    "topic": ("topic", "category", "thema", "kategorie"),
    "body": ("answer", "body", "antwort", "text"),
    "wordings": ("wordings", "formulierungen", "synonyme"),
    "language": ("language", "sprache"),
}
"""By field, the headings under which it is usually found."""

BETWEEN: Final = "|"
"""What stands between several wordings in one cell."""


def read(data: bytes, mapping: Mapping[str, str]) -> Iterator[Entry]:
    """UTF-8 with or without a byte order mark, else Windows-1252, as German spreadsheets write it."""
    text = _text(data)
    delimiter = max(";,\t", key=text.partition("\n")[0].count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        heading = [name.strip().lower() for name in next(rows, [])]
        columns = _columns(heading, mapping)
        for cells in rows:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(heading):
                told = {"cells": len(cells), "heading": len(heading)}
                raise Damaged(rows.line_num, _("This line has %(cells)s cells, the heading has %(heading)s.") % told)
            yield _entry(rows.line_num, {field: cells[at] for field, at in columns.items()})
    except csv.Error as error:
        raise Damaged(rows.line_num, _("This is not CSV: %(error)s.") % {"error": error}) from error


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _columns(heading: list[str], mapping: Mapping[str, str]) -> dict[str, int]:
    columns = {}
    for field, names in NAMES.items():
        wanted = [mapping[field].strip().lower()] if field in mapping else names
        at = next((heading.index(name) for name in wanted if name in heading), None)
        if at is not None:
            columns[field] = at
        elif field in mapping:
            told = {"name": mapping[field], "all": ", ".join(heading)}
            raise Damaged(1, _("There is no column %(name)s; there are %(all)s.") % told)
    if "title" not in columns:
        raise Damaged(
            1,
            _("No column holds the question; say which with title=…. There are %(all)s.") % {"all": ", ".join(heading)},
        )
    return columns


def _entry(row: int, cells: Mapping[str, str]) -> Entry:
    title = cells["title"]
    return made(
        row=row,
        key=cells.get("id", "").strip() or " ".join(title.split()).lower(),
        title=title,
        topic=cells.get("topic", ""),
        wordings=tuple(cells.get("wordings", "").split(BETWEEN)),
        body=cells.get("body", ""),
        spoken=cells.get("language", "").strip().lower()[:2],
    )
