"""What Meta told us, as stored and as read, where Facebook and Instagram do not differ."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any, Protocol

import msgspec

from hilft.channels.contract import Event, Kind, Person, Raw, Ref, Unreadable


class Place(msgspec.Struct, frozen=True):
    """The account whose events are read."""

    kind: str
    account: str
    handle: str

    def ref(self, identity: str, text: str | None = None) -> Ref:
        """A thing of this account; its version is its text's digest, because comments carry no time of their edit."""
        return Ref(self.kind, self.account, identity, None if text is None else digest(text))


class Stored(Protocol):
    """A stored body that can be read."""

    def events(self, place: Place) -> list[Event]:
        """What it says."""


class Party(msgspec.Struct):
    """One side of a conversation."""

    id: str
    name: str = ""
    username: str = ""

    def person(self) -> Person:
        """As people see them; who has no name is known by the id."""
        url = f"https://www.instagram.com/{self.username}/" if self.username else ""
        return Person(id=self.id, handle=self.username or self.name or self.id, name=self.name, url=url)


class Deleted(msgspec.Struct, tag="deleted", tag_field="what"):
    """Something that is no longer there; `at` in ISO 8601."""

    id: str
    at: str
    public: bool = True

    def events(self, place: Place) -> list[Event]:
        return [Event(kind=Kind.DELETED, ref=place.ref(self.id), at=moment(self.at), public=self.public)]


class Gap(msgspec.Struct, tag="gap", tag_field="what"):
    """There was more than the network still gives."""

    where: str
    at: str

    def events(self, place: Place) -> list[Event]:
        return [Event(kind=Kind.GAP, ref=place.ref(self.where), at=moment(self.at), public=False)]


class Node(msgspec.Struct):
    """A comment or post, asked for by its id."""

    id: str
    message: str = ""
    text: str = ""


class Edited(msgspec.Struct, tag="edited", tag_field="what"):
    """A post whose text is no longer the one we knew."""

    node: Node
    at: str

    def events(self, place: Place) -> list[Event]:
        text = spoken(self.node.message or self.node.text)
        ref = place.ref(self.node.id, text)
        return [Event(kind=Kind.EDITED, ref=ref, at=moment(self.at), public=True, thread=self.node.id, text=text)]


class Message(msgspec.Struct):
    """A private message as the conversation lists it."""

    id: str
    created_time: str
    sender: Party = msgspec.field(name="from")
    message: str = ""


class Letter(msgspec.Struct, tag="message", tag_field="what"):
    """A private message with the person it is exchanged with, and the message of theirs that one of ours answers."""

    other: Party
    parent: str
    message: Message

    def events(self, place: Place) -> list[Event]:
        text = spoken(self.message.message)
        return [
            Event(
                kind=Kind.CREATED,
                ref=place.ref(self.message.id, text),
                at=moment(self.message.created_time),
                public=False,
                author=self.message.sender.person(),
                own=self.message.sender.id != self.other.id,
                parent=place.ref(self.parent) if self.parent else None,
                thread=self.other.id,
                text=text,
            )
        ]


class Said(msgspec.Struct):
    """A message as a webhook tells it."""

    mid: str
    is_deleted: bool = False


class Change(msgspec.Struct):
    """An edited message as a webhook tells it."""

    mid: str
    text: str = ""


class Update(msgspec.Struct):
    """One item under `messaging`; its time is in milliseconds."""

    sender: Party
    recipient: Party
    timestamp: int
    message: Said | None = None
    message_edit: Change | None = None


class Messaging(msgspec.Struct, tag="messaging", tag_field="what"):
    """A webhook about a private message. A new one is only a notice: it names nobody, so it is asked for."""

    me: str
    item: Update

    def events(self, place: Place) -> list[Event]:
        item, at = self.item, _milliseconds(self.item.timestamp)
        other = item.recipient if item.sender.id == self.me else item.sender
        if item.message is not None and item.message.is_deleted:
            return [Event(kind=Kind.DELETED, ref=place.ref(item.message.mid), at=at, public=False, thread=other.id)]
        if item.message_edit is not None:
            text = spoken(item.message_edit.text)
            ref = place.ref(item.message_edit.mid, text)
            own = item.sender.id == self.me
            return [Event(kind=Kind.EDITED, ref=ref, at=at, public=False, own=own, thread=other.id, text=text)]
        return []


type Shared = Deleted | Gap | Edited | Letter | Messaging


def read(body: bytes, kinds: Any, place: Place) -> list[Event]:
    """The events in a stored body of one of `kinds`; raises Unreadable."""
    try:
        stored: Stored = msgspec.json.decode(body, type=kinds)
        return stored.events(place)
    except (msgspec.DecodeError, ValueError, OverflowError, OSError) as error:
        raise Unreadable(f"Not a stored event of {place.kind}: {error}") from error


def raw(key: str, what: str, **fields: Any) -> Raw:
    """A raw event: the network's own JSON with what reading it needs around it."""
    return Raw(key=key, body=msgspec.json.encode({"what": what, **fields}))


def deleted(identity: str) -> Raw:
    """The raw event for something that is gone."""
    return raw(f"deleted:{identity}", "deleted", id=identity, at=stamp())


def gap(where: str, since: int) -> Raw:
    """The raw event for what can no longer be read."""
    return raw(f"gap:{where}:{since}", "gap", where=where, at=stamp())


def stamp() -> str:
    """Now, in ISO 8601."""
    return datetime.now(UTC).isoformat()


def moment(value: str) -> datetime:
    """A time as the Graph API writes it, 2026-11-24T22:00:00+0000; raises ValueError."""
    read = datetime.fromisoformat(value)
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)


def _milliseconds(value: int) -> datetime:
    return datetime.fromtimestamp(value / 1000, UTC)


def spoken(text: str) -> str:
    """A text as we can keep it."""
    return text.replace("\x00", "")


def digest(text: str) -> str:
    """A short fingerprint of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
