"""A phone note: who called, what they asked in their own words, and whether they wish to be called back."""

from datetime import datetime
from typing import Final, Literal

import msgspec

from hilft.channels.contract import Raw, Unreadable

KIND: Final = "phone"


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A note as it is stored raw; `id` is the form's own UUID in hex, and numbers are E.164.

    `call_back` is the number to call, empty when no call is wished; `also` another way to reach the caller as it was
    told, `by` the name of whoever took the call, and `at` when it was saved.
    """

    id: str
    name: str
    number: str
    text: str
    language: str
    by: str
    at: datetime
    form: Literal["sie", "du", ""] = ""
    also: str = ""
    call_back: str = ""
    call_back_at: datetime | None = None

    @property
    def reach(self) -> str:
        """The number at which the caller wants to hear from us."""
        return self.call_back or self.number


def raw_of(note: Note) -> Raw:
    """The raw event that tells of the note."""
    return Raw(key=key_of(note.id), body=msgspec.json.encode(note))


def key_of(note: str) -> str:
    """A note's key among the account's raw events: a form sent twice makes one."""
    return f"{KIND}:{note}"


def read(body: bytes) -> Note:
    """The note in a stored body; raises Unreadable."""
    try:
        return msgspec.json.decode(body, type=Note)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise Unreadable(f"Not a stored phone note: {error}") from error
