"""JSON: a list of questions with the names of the mapping, and our own NDJSON, which holds everything."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from hilft.knowledge.exchange.csv_file import NAMES
from hilft.knowledge.exchange.entries import Damaged, Entry, items, made, need


def read(data: bytes, mapping: Mapping[str, str]) -> Iterator[Entry]:
    """Objects in a list or one a line; ours are known by their `hilft` field."""
    for row, item in enumerate(items(data, "questions", "faq", "items", single=True), start=1):
        yield _ours(row, item) if "hilft" in item else _entry(row, item, mapping)


def _entry(row: int, item: Mapping[str, Any], mapping: Mapping[str, str]) -> Entry:
    found = {}
    for field, names in NAMES.items():
        wanted = (mapping[field],) if field in mapping else names
        found[field] = next((item[name] for name in wanted if item.get(name) is not None), "")
    wordings = found["wordings"]
    if isinstance(wordings, str):
        wordings = wordings.split("|")
    if not isinstance(wordings, list) or not all(isinstance(text, str) for text in wordings):
        raise Damaged(row, _("The wordings are not a list of texts."))
    title = str(found["title"])
    return made(
        row=row,
        key=str(found["id"] or " ".join(title.split()).lower()),
        title=title,
        topic=str(found["topic"]),
        wordings=tuple(wordings),
        body=str(found["body"]),
        spoken=str(found["language"]).lower()[:2],
    )


def _ours(row: int, item: Mapping[str, Any]) -> Entry:
    try:
        current = item.get("current") or {}
        return Entry(
            key=str(need(item, "id", row)),
            row=row,
            title=str(need(item, "title", row)),
            title_en=str(item.get("title_en", "")),
            topic=str(item.get("topic", "")),
            wordings=tuple((str(one["text"]), str(one["language"])) for one in item.get("wordings", ())),
            texts={
                (str(text["language"]), str(text["address"])): (str(text["body"]), str(text["short"]))
                for text in current.get("texts", ())
            },
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise Damaged(row, _("This is not as hilft writes it: %(error)s.") % {"error": error}) from error
