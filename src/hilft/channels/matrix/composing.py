"""The content of what we send: plain text, links as HTML beside it, and how it relates to what it answers."""

from __future__ import annotations

import html
from typing import Any, Final

import msgspec

from hilft.channels.contract import Limits, Outgoing, Refused
from hilft.channels.counting import LINK, fits

CONTENT: Final = 60_000
"""Bytes our part of an event may have; quotes and line breaks count twice in JSON."""

KEY: Final = "hilft.idempotency"
"""Our own key in a message's content, by which an unknown publish is found again."""

GLIMPSE: Final = 500
"""Characters of a correction that clients without edits see, when the whole text would not fit twice."""


def message(outgoing: Outgoing, limits: Limits, *, parent: str = "", thread: str = "") -> dict[str, Any]:
    """A new message; `parent` is the event it answers, `thread` the root of the thread both stand in."""
    content = _checked(_content(outgoing, limits) | {KEY: outgoing.idempotency})
    if parent:
        relates: dict[str, Any] = {"m.in_reply_to": {"event_id": parent}}
        if thread:
            relates |= {"rel_type": "m.thread", "event_id": thread, "is_falling_back": False}
        content["m.relates_to"] = relates
    return content


def replacement(outgoing: Outgoing, limits: Limits, *, of: str) -> dict[str, Any]:
    """The message that replaces the text of `of`; nobody is notified a second time."""
    new = _checked(_content(outgoing, limits))
    shown = f"* {outgoing.text}"
    content = new | {
        "body": shown,
        "m.mentions": {},
        "m.new_content": new,
        "m.relates_to": {"rel_type": "m.replace", "event_id": of},
        KEY: outgoing.idempotency,
    }
    content.pop("format", None)
    content.pop("formatted_body", None)
    if len(msgspec.json.encode(content)) > CONTENT:
        content["body"] = shown[:GLIMPSE] + "…"
    return _checked(content)


def formatted(text: str) -> str:
    """The text as HTML with its links; empty when it has none and plain text says everything."""
    parts: list[str] = []
    end = 0
    for link in LINK.finditer(text):
        parts.append(html.escape(text[end : link.start()]))
        parts.append(f'<a href="{html.escape(link.group())}">{html.escape(link.group())}</a>')
        end = link.end()
    if not parts:
        return ""
    parts.append(html.escape(text[end:]))
    return "".join(parts).replace("\n", "<br/>")


def _content(outgoing: Outgoing, limits: Limits) -> dict[str, Any]:
    if not fits(outgoing.text, limits):
        raise Refused("The text is longer than a Matrix message may be.")
    content: dict[str, Any] = {
        "msgtype": "m.notice" if outgoing.automatic else "m.text",
        "body": outgoing.text,
        "m.mentions": {"user_ids": [outgoing.to.id]} if outgoing.to else {},
    }
    marked = formatted(outgoing.text)
    if marked and len(marked.encode()) + len(outgoing.text.encode()) < CONTENT // 2:
        content |= {"format": "org.matrix.custom.html", "formatted_body": marked}
    return content


def _checked(content: dict[str, Any]) -> dict[str, Any]:
    if len(msgspec.json.encode(content)) > CONTENT:
        raise Refused("The text is longer than a Matrix message may be.")
    return content
