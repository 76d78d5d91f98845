"""Matrix's messages as stored and as read: the envelope of a raw event, and its meaning.

Relations, edits and mentions: Matrix specification v1.18, "Client-Server API", sections on forming relationships,
event replacements, threading, and user and room mentions (https://spec.matrix.org/v1.18/client-server-api/,
read 2026-11-24).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote

import msgspec

from hilft.channels.contract import Config, Event, Kind, Person, Raw, Ref, Unreadable

KIND: Final = "matrix"
MESSAGE: Final = "m.room.message"
ENCRYPTED: Final = "m.room.encrypted"
REDACTION: Final = "m.room.redaction"
UNREADABLE: Final = "[This message is encrypted; it can only be read in a Matrix client.]"
"""Stands in place of words that hilft cannot decrypt, so that a person sees that somebody wrote."""

QUOTED: Final = re.compile(r"(?:> ?.*\n)+\n?")
"""The fallback that clients put in front of a reply until v1.13 of the specification."""


class Message(msgspec.Struct):
    """One event of a room, without what the server adds for its reader."""

    event_id: str
    sender: str
    origin_server_ts: int
    type: str = MESSAGE
    content: dict[str, Any] = {}


class Kept(msgspec.Struct, tag="message", tag_field="what"):
    """A message with what reading it later needs: who we are, what the room is, where the conversation began."""

    me: str
    room: str
    public: bool
    root: str
    parent: str
    event: Message
    edit: Message | None = None
    name: str = ""
    our_name: str = ""


class Removed(msgspec.Struct, tag="deleted", tag_field="what"):
    """A message that is no longer there."""

    room: str
    id: str
    at: datetime


class Missed(msgspec.Struct, tag="gap", tag_field="what"):
    """A stretch of a room, or of all rooms, that could not be read any more."""

    room: str
    at: datetime


def keep(kept: Kept) -> Raw:
    """The raw event of one state of a message: the same however it comes."""
    return Raw(key=f"message:{(kept.edit or kept.event).event_id}", body=msgspec.json.encode(kept))


def removed(room: str, identity: str, at: datetime | None = None) -> Raw:
    """The raw event for a message that was redacted."""
    body = Removed(room=room, id=identity, at=at or datetime.now(UTC))
    return Raw(key=f"deleted:{identity}", body=msgspec.json.encode(body))


def missed(room: str, after: str) -> Raw:
    """The raw event for a gap after a cursor."""
    body = Missed(room=room, at=datetime.now(UTC))
    return Raw(key=f"gap:{room}:{after}"[:500], body=msgspec.json.encode(body))


def read(body: bytes, config: Config) -> list[Event]:
    """The events in a stored body; raises Unreadable."""
    try:
        kept = msgspec.json.decode(body, type=Kept | Removed | Missed)
        if isinstance(kept, Kept):
            return [_event(kept, config)]
        at = _aware(kept.at)
        kind, there = (Kind.GAP, kept.room) if isinstance(kept, Missed) else (Kind.DELETED, place(kept.room, kept.id))
        return [Event(kind=kind, ref=Ref(KIND, config.account, there), at=at, public=True)]
    except (msgspec.DecodeError, UnicodeError, OverflowError, ValueError, OSError) as error:
        raise Unreadable(f"Not a stored Matrix message: {error}") from error


def place(room: str, identity: str) -> str:
    """Where a message stands: a message is only found in its room."""
    return f"{room}/{identity}"


def placed(there: str) -> tuple[str, str]:
    """The room and the message of a place; event ids begin with a dollar and may hold slashes."""
    room, _, identity = there.partition("/$")
    return room, f"${identity}"


def web_url(room: str, identity: str = "") -> str:
    """A link that every Matrix client opens."""
    server = room.partition(":")[2]
    via = f"?via={quote(server, safe=':')}" if server else ""
    return (
        "https://matrix.to/#/" + quote(room, safe="!:@") + (f"/{quote(identity, safe='$:')}" if identity else "") + via
    )


def relation(content: dict[str, Any]) -> tuple[str, str, str]:
    """The thread's root, the message answered and the message replaced; empty where there is none."""
    relates = content.get("m.relates_to")
    if not isinstance(relates, dict):
        return "", "", ""
    kind, target = relates.get("rel_type"), _words(relates, "event_id")
    answered = relates.get("m.in_reply_to")
    parent = _words(answered, "event_id") if isinstance(answered, dict) else ""
    return target if kind == "m.thread" else "", parent, target if kind == "m.replace" else ""


def mentions(content: dict[str, Any], user: str) -> bool:
    """Whether a message names a user; where a client does not say whom it names, its text is looked at."""
    named = content.get("m.mentions")
    if isinstance(named, dict):
        users = named.get("user_ids")
        return isinstance(users, list) and user in users
    formatted = _words(content, "formatted_body")
    linked = f"matrix.to/#/{user}" in formatted or f"matrix.to/#/{quote(user)}" in formatted
    return linked or re.search(rf"(?<![\w.]){re.escape(user)}(?![\w-]|[.:]\w)", _words(content, "body")) is not None


def _event(kept: Kept, config: Config) -> Event:
    event, edit = kept.event, kept.edit
    own = event.sender == kept.me
    content = event.content if edit is None else edit.content.get("m.new_content")
    content = content if isinstance(content, dict) else {}
    here = place(kept.room, event.event_id)
    return Event(
        kind=Kind.EDITED if edit else Kind.CREATED,
        ref=Ref(KIND, config.account, here, (edit or event).event_id),
        at=datetime.fromtimestamp((edit or event).origin_server_ts / 1000, UTC),
        public=kept.public,
        author=Person(
            id=event.sender, handle=event.sender, name=kept.name, url=web_url(event.sender).partition("?")[0]
        ),
        own=own,
        parent=Ref(KIND, config.account, place(kept.room, kept.parent)) if kept.parent else None,
        root=Ref(KIND, config.account, place(kept.room, kept.root)),
        thread=place(kept.room, kept.root) if kept.public else kept.room,
        text=UNREADABLE if event.type == ENCRYPTED else _spoken(content, kept, own=own),
        url=web_url(kept.room, event.event_id),
        automatic=content.get("msgtype") == "m.notice" and not own,
    )


def _spoken(content: dict[str, Any], kept: Kept, *, own: bool) -> str:
    """The text without the quoted fallback of a reply and without our name in front."""
    text = _words(content, "body").replace("\x00", "").replace("\r\n", "\n")
    if kept.parent and text.startswith("> "):
        text = QUOTED.sub("", text, count=1)
    if not own:
        text = _addressed(kept).sub("", text, count=1)
    return text.strip()


def _addressed(kept: Kept) -> re.Pattern[str]:
    """Our name as it stands in front of a text that a client addressed to us."""
    local = kept.me.lstrip("@").partition(":")[0]
    names = "|".join(re.escape(name) for name in (kept.our_name, local) if name)
    return re.compile(rf"\s*(?:{re.escape(kept.me)}(?:[:,]\s*|\s+|$)|@?(?:{names})[:,]\s*|@(?:{names})(?:\s+|$))", re.I)


def _words(content: dict[str, Any], name: str) -> str:
    value = content.get(name)
    return value if isinstance(value, str) else ""


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
