"""Khoros: messages as its Community API 2.0 gives them; a thread's accepted solution is the answer."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from hilft.knowledge.exchange.entries import Damaged, Entry, bare, items, made, markdown, need


def read(data: bytes, mapping: Mapping[str, str]) -> Iterator[Entry]:
    """Threads in the order of their first messages; those without a solution become questions without an answer."""
    listed = items(data, "data.items", "items")
    solutions: dict[str, dict[str, Any]] = {}
    known = set()
    for row, message in enumerate(listed, start=1):
        known.add(str(need(message, "id", row)))
        if message.get("is_solution"):
            solutions[_thread(message, row)] = message
    for row, message in enumerate(listed, start=1):
        if int(message.get("depth") or 0) or _thread(message, row) != str(message["id"]):
            if _thread(message, row) not in known:
                raise Damaged(row, _("This answers %(id)s, which is not in the file.") % {"id": _thread(message, row)})
            continue
        answer = solutions.get(str(message["id"]))
        board = message.get("board") or {}
        yield made(
            row=row,
            key=str(message["id"]),
            title=bare(str(need(message, "subject", row))),
            topic=str(mapping.get(f"board.{board.get('id')}") or board.get("title") or ""),
            wordings=(bare(str(message.get("body") or "")),),
            body=markdown(str(answer.get("body") or "")) if answer else "",
        )


def _thread(message: Mapping[str, Any], row: int) -> str:
    topic = message.get("topic") or {}
    if not isinstance(topic, dict):
        raise Damaged(row, _("The field %(name)s is not an object.") % {"name": "topic"})
    return str(topic.get("id") or message["id"])
