"""Direct messages between two people; deleting one hides it from its sender's view only."""

import sqlite3
from typing import NamedTuple

from hilft.practice.x.clock import Clock
from hilft.practice.x.posts import Person, Span
from hilft.practice.x.store import Store


class DirectMessage(NamedTuple):
    """One message; `conversation` is both ids, the smaller number first, joined by a hyphen."""

    id: int
    conversation: str
    sender: str
    recipient: str
    text: str
    created_at: float
    hidden_for_sender: bool


class Messages:
    """Writes and finds direct messages."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def send(self, sender: Person, recipient: Person, text: str) -> DirectMessage:
        """Write a message, whether or not the recipient accepts any."""
        message_id = self._clock.new_id()
        sql = "insert into message(id, conversation, sender, recipient, text, created_at) values(?, ?, ?, ?, ?, ?)"
        conversation = conversation_of(sender.id, recipient.id)
        self._store.write(sql, message_id, conversation, sender.id, recipient.id, text, self._clock.now())
        return _message(self._store.rows("select * from message where id = ?", message_id)[0])

    def get(self, message_id: int, viewer: str) -> DirectMessage | None:
        """A message as one of its two people sees it."""
        row = self._store.row(f"select * from message where id = ? and {_SEEN}", message_id, viewer, viewer)  # noqa: S608
        return _message(row) if row else None

    def seen_by(self, viewer: str, span: Span, *, with_person: str = "", since: float = 0) -> list[DirectMessage]:
        """Messages somebody sent or received, newest first; of one conversation or of all."""
        conversation = conversation_of(viewer, with_person) if with_person else ""
        sql = (
            f"select * from message where {_SEEN} and (? = '' or conversation = ?) and created_at > ? "  # noqa: S608
            "and id > ? and id < ? order by id desc limit ?"
        )
        rows = self._store.rows(sql, viewer, viewer, conversation, conversation, since, *span)
        return [_message(row) for row in rows]

    def all(self, limit: int) -> list[DirectMessage]:
        """The newest messages of everybody, hidden or not."""
        return [_message(row) for row in self._store.rows("select * from message order by id desc limit ?", limit)]

    def hide(self, message: DirectMessage) -> None:
        """Take a message out of its sender's view."""
        self._store.write("update message set hidden_for_sender = 1 where id = ?", message.id)


_SEEN = "(recipient = ? or (sender = ? and not hidden_for_sender))"


def conversation_of(one: str, other: str) -> str:
    """The id of a conversation of two people."""
    return "-".join(sorted((one, other), key=int))


def _message(row: sqlite3.Row) -> DirectMessage:
    return DirectMessage(**(dict(row) | {"hidden_for_sender": bool(row["hidden_for_sender"])}))
