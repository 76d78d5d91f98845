"""X's direct messages as stored and as read; the list and the push name the same things differently."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from hilft.channels.contract import Config, Event, Kind, Raw, Ref
from hilft.channels.x.posts import KIND, User, person, users
from hilft.channels.x.texts import Entities, moment, plain

MARK: Final = "dm:"
"""What the reference of a direct message begins with; posts are plain numbers."""

FIELDS: Final = {
    "dm_event.fields": "created_at,dm_conversation_id,entities,event_type,participant_ids,sender_id,text",
    "event_types": "MessageCreate",
    "expansions": "sender_id,participant_ids",
    "user.fields": "name,username",
}
"""What we ask for with every message."""


class Message(msgspec.Struct):
    """As the list has it."""

    id: str
    sender_id: str
    text: str = ""
    created_at: datetime | None = None
    dm_conversation_id: str = ""
    participant_ids: list[str] = []
    entities: Entities | None = None


class Target(msgspec.Struct):
    recipient_id: str = ""


class Data(msgspec.Struct):
    text: str = ""
    entities: Any = None


class Create(msgspec.Struct):
    sender_id: str
    message_data: Data
    target: Target = msgspec.field(default_factory=Target)


class Pushed(msgspec.Struct):
    """As webhooks and streams have it; the time is in milliseconds since 1970."""

    id: str
    message_create: Create
    created_timestamp: str = ""

    def listed(self) -> Message:
        """The same as the list would have it."""
        create = self.message_create
        stamp = self.created_timestamp
        found = create.message_data.entities
        entities = msgspec.convert({"urls": found.get("urls", [])}, Entities) if isinstance(found, dict) else None
        return Message(
            id=self.id,
            sender_id=create.sender_id,
            text=create.message_data.text,
            created_at=datetime.fromtimestamp(int(stamp) / 1000, UTC) if stamp.isdecimal() else None,
            participant_ids=[one for one in (create.sender_id, create.target.recipient_id) if one],
            entities=entities,
        )


class Kept(msgspec.Struct, tag="message", tag_field="what"):
    """A message with what reading it later needs: who we are and who takes part."""

    me: str
    people: dict[str, User] = {}
    message: Message | None = None
    pushed: Pushed | None = None


def keep(message: Any, includes: Any, *, me: str, pushed: bool = False) -> Raw:
    """The raw event for a message as X gave it; raises msgspec.ValidationError for what is none."""
    read = msgspec.convert(message, Pushed).listed() if pushed else msgspec.convert(message, Message)
    body = {"what": "message", "me": me, "people": users(includes), "pushed" if pushed else "message": message}
    return Raw(key=f"{MARK}{read.id}", body=msgspec.json.encode(body))


def event(kept: Kept, config: Config) -> Event | None:
    """What a stored message says; raises ValueError, as its parts may be damaged."""
    message = kept.message or (kept.pushed.listed() if kept.pushed else None)
    if message is None:
        return None
    own = message.sender_id == kept.me
    author = kept.people.get(message.sender_id) or User(message.sender_id, message.sender_id)
    return Event(
        kind=Kind.CREATED,
        ref=Ref(KIND, config.account, f"{MARK}{message.id}"),
        at=message.created_at.astimezone(UTC) if message.created_at else moment(message.id),
        public=False,
        author=person(author),
        own=own,
        thread=f"{MARK}{_partner(message, kept.me)}",
        text=plain(message.text, message.entities).strip(),
    )


def _partner(message: Message, me: str) -> str:
    """With whom we speak: the other person, or the conversation where there are several."""
    people = set(message.participant_ids) or set(message.dm_conversation_id.split("-"))
    others = sorted((people | {message.sender_id}) - {me})
    return others[0] if len(others) == 1 else message.dm_conversation_id or message.sender_id
