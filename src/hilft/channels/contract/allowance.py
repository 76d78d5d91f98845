"""What an adapter can do, how much text fits, and whether its network allows an action now."""

from datetime import datetime
from decimal import Decimal
from enum import Flag, StrEnum, auto
from typing import Final, Literal

import msgspec

Action = Literal["reply", "private", "edit", "delete", "hide"]
Unit = Literal["weighted280", "grapheme", "utf16", "codepoint", "byte"]


class Can(Flag):
    """What an adapter is able to do at all; whether it may right now is asked with `allowed`."""

    POLL = auto()
    STREAM = auto()
    REPLY = auto()
    PRIVATE = auto()
    EDIT = auto()
    DELETE = auto()
    HIDE = auto()
    WEBHOOK = auto()


class Correct(StrEnum):
    """How a published reply is corrected on a channel."""

    EDIT = "edit"
    VISIBLE_REPLY = "visible_reply"
    FOLLOW_UP = "follow_up"
    PERSON = "person"


class Limits(msgspec.Struct, frozen=True):
    """How much text fits and how it is counted; `bytes` is a second limit in UTF-8 bytes, `url` what a link costs."""

    text: int
    unit: Unit
    bytes: int | None = None
    url: int | None = None


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What we know of the post an action is about; a network's rules are applied to it without asking the network.

    `at` is when it was written (for edits: when ours was published), `addressed` whether its author spoke to us,
    `heard_privately` when this person last wrote to us in private, `private_replies` and `edits` how many there were
    already, and `text` what is to be published.
    """

    at: datetime | None = None
    addressed: bool = True
    heard_privately: datetime | None = None
    private_replies: int = 0
    edits: int = 0
    text: str = ""


NO_STANDING: Final = Standing()


class Allowed(msgspec.Struct, frozen=True):
    """Whether an action on one target is open now, why not, until when, at what price, and what is open instead.

    `price` is in US dollars; None where the network charges nothing.
    """

    ok: bool
    reason: str = ""
    until: datetime | None = None
    price: Decimal | None = None
    instead: tuple[Action, ...] = ()
