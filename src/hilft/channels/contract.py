"""The contract that every channel adapter keeps; imports nothing of hilft.

An adapter is synchronous, safe to use from several threads, and holds no database. It reads raw
events (`poll`, `listen`, `refresh`), interprets stored ones (`parse`, pure), and acts (`publish`, `edit`,
`delete`, `lookup`). Everything a network allows, and every limit, is asked of the adapter.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Flag, StrEnum, auto
from typing import Any, ClassVar, Final, Literal, Protocol

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


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """An account as its adapter sees it: settings as stored, secrets already decrypted.

    `facts` is the network's ledger, fact name → value in the unit that the ledger states: limits, windows, prices.
    """

    account: str
    handle: str
    settings: Mapping[str, Any] = {}
    secrets: Mapping[str, str] = {}
    facts: Mapping[str, Any] = {}


class Ref(msgspec.Struct, frozen=True):
    """One thing on a network: never just an id."""

    channel: str
    account: str
    id: str
    version: str | None = None


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


class Kind(StrEnum):
    """What an event says."""

    CREATED = "created"
    EDITED = "edited"
    DELETED = "deleted"
    GAP = "gap"


class Raw(msgspec.Struct, frozen=True):
    """What a network told us, before anything interprets it; (account, key) is unique."""

    key: str
    body: bytes


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A request that a network makes of us, as it came: header names in lower case, the body's raw bytes."""

    method: str
    query: Mapping[str, str] = {}
    headers: Mapping[str, str] = {}
    body: bytes = b""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What we answer a network's request, and the raw events that came with it, to be stored before we do."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    raws: Sequence[Raw] = ()


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """The author of an event on the network: a stable id, and what people see."""

    id: str
    handle: str
    name: str = ""
    url: str = ""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One raw event, read. `own` marks an echo of what we or another tool of ours wrote; `addressed` says that its
    author spoke to us, as a mention, a quote or a reply to us does, and what we merely found does not.

    `language` (ISO 639-1) and `form` ("sie", "du") where they are known; empty where the text has to tell.
    `undelivered` marks a report that what we sent did not arrive.
    """

    kind: Kind
    ref: Ref
    at: datetime
    public: bool
    author: Person | None = None
    own: bool = False
    parent: Ref | None = None
    root: Ref | None = None
    thread: str = ""
    subject: str = ""
    text: str = ""
    url: str = ""
    automatic: bool = False
    undelivered: bool = False
    addressed: bool = True
    language: str = ""
    form: Literal["sie", "du", ""] = ""


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """A text to publish. `idempotency` is the outbox row's UUID in hex and never changes between attempts.

    Nor does `begun_at`, when the first attempt began: both become the post's key where a network lets us choose it.
    `left_at` is until when the network may have been at work on the latest attempt, as far as we know.
    `automatic` says that a machine sends this without a person, as a receipt does, and `marked` that its subject is to
    lead an answer back, too, because programs may stand between that keep nothing else.
    """

    idempotency: str
    text: str
    to: Person | None = None
    public: bool = True
    parent: Ref | None = None
    root: Ref | None = None
    subject: str = ""
    references: tuple[str, ...] = ()
    language: str = ""
    begun_at: datetime | None = None
    left_at: datetime | None = None
    automatic: bool = False
    marked: bool = False


class Sent(msgspec.Struct, frozen=True):
    """A published text: where it stands now.

    `thread` is where a private reply to a public post stands, as `parse` names it; empty where that is the post's own.
    """

    ref: Ref
    at: datetime
    url: str = ""
    thread: str = ""


class Health(msgspec.Struct, frozen=True):
    """An account's state as the network reports it."""

    ok: bool
    message: str = ""
    expires_at: datetime | None = None


class ChannelError(Exception):
    """Base of everything an adapter raises on purpose; the text is for people."""


class RetryLater(ChannelError):
    """Certainly not done; may be tried again after `after`. `scope` is "account" or "target"."""

    def __init__(self, message: str, after: timedelta, scope: Literal["account", "target"] = "account") -> None:
        super().__init__(message)
        self.after = after
        self.scope = scope


class OverBudget(RetryLater):
    """The day's money for reading is spent: nothing is asked before midnight UTC, and people are told."""


class Refused(ChannelError):
    """Certainly not done and never will be: too long, window closed, target gone, blocked."""


class AuthLost(ChannelError):
    """The credentials no longer work: stop the account and tell a person."""


class Unknown(ChannelError):
    """The request left us and no answer came: look before sending again."""


class Forged(ChannelError):
    """A request claims to come from the network and does not: nothing of it is kept."""


class Unreadable(ChannelError):
    """A stored event's body is not what the network documents."""


class Channel(Protocol):
    """One network, for one account."""

    kind: ClassVar[str]
    correction: ClassVar[Correct]
    idempotent: ClassVar[bool]
    """True when repeating `publish` with the same idempotency key cannot make a second post."""

    def __init__(self, config: Config) -> None: ...

    def can(self) -> Can: ...

    def limits(self, *, public: bool) -> Limits: ...

    def prefix(self, to: Person | None, *, public: bool) -> str:
        """What `publish` puts before the text (a mention), counted against the limits."""

    def allowed(self, action: Action, target: Ref, standing: Standing = NO_STANDING) -> Allowed:
        """Whether the network lets us, by what is known without trying."""

    def poll(self, cursor: str) -> tuple[list[Raw], str]:
        """Everything since `cursor` (empty: the recent past) and the next cursor."""

    def listen(self, cursor: str, stop: threading.Event) -> Iterator[tuple[list[Raw], str]]:
        """Batches as they come, until `stop`; an empty batch is a heartbeat.

        Asking for the next batch tells the adapter that the previous one is stored: only then may it
        acknowledge (mark a mail seen, answer 250). Starts by filling the gap since `cursor`.
        """

    def refresh(self, refs: Sequence[Ref]) -> list[Raw]:
        """Edits and deletions of known posts that the network does not push."""

    def parse(self, body: bytes) -> list[Event]:
        """Reads a stored body. Pure. Raises Unreadable; nothing to say is an empty list."""

    def publish(self, outgoing: Outgoing) -> Sent: ...

    def edit(self, ref: Ref, outgoing: Outgoing) -> Sent:
        """Replaces the text; may return a new reference. Repeating it is harmless."""

    def delete(self, ref: Ref) -> None:
        """Removes the post; already gone is success."""

    def lookup(self, outgoing: Outgoing) -> Sent | None:
        """Did an unknown publish arrive? None when it certainly did not.

        Raises RetryLater when it cannot be seen yet, and Unknown when nobody will ever tell.
        """

    def check(self) -> Health: ...

    def close(self) -> None: ...


class Hooked(Channel, Protocol):
    """A channel that is told by webhook: `Can.WEBHOOK`."""

    def hook(self, call: Call) -> Answer:
        """Verifies a request and takes it apart, fast and without asking anybody; raises Forged."""


class Streaming(Channel, Protocol):
    """A channel that knows whether the network's stream is open."""

    def streams(self) -> bool:
        """Whether it is right now, in the process that listens."""


class Filling(Channel, Protocol):
    """A channel whose webhooks may name only ids; such a notice parses to nothing."""

    def fill(self, body: bytes) -> list[Raw]:
        """What a stored notice speaks of, asked of the network; nothing for any other body, or when it is gone."""


class Renewing(Channel, Protocol):
    """A channel whose network replaces secrets while they are used."""

    def renewed(self) -> Mapping[str, str]:
        """The secrets that were replaced since this was last asked; the old ones no longer work."""


class Hiding(Channel, Protocol):
    """A channel that can hide others' posts below ours: `Can.HIDE`."""

    def hide(self, ref: Ref, *, hidden: bool) -> None:
        """Hides or shows a post; already so is success."""


READING: Final = ("price.read_", "price.event_")
"""How the names of prices for reading begin; every other price is for publishing."""


class Metered(Channel, Protocol):
    """A channel whose calls cost money."""

    def spent(self) -> Mapping[str, int]:
        """How often each priced call was made since this was last asked; names are facts `price.…` of the ledger."""

    def reminded(self, day: date, usd: Decimal) -> None:
        """What reading has cost the account on this UTC day in all processes; less than is known here is no news."""


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a live test: what is going to happen, how to do it, and what a person can do when it fails.

    `do` returns what is worth saying of the outcome and raises ChannelError. One that `tidies` is done after a failure,
    too; it returns None when there is nothing to tidy.
    """

    what: str
    do: Callable[[], str | None]
    remedy: str
    tidies: bool = False


class Trying(Channel, Protocol):
    """A channel that shows by a real message that it works, as little in public as its network lets it."""

    tries_with: ClassVar[Literal["", "handle", "room"]]
    """What a person may name for the test: nothing, whom it goes to, or where."""

    def trial(self, to: str, heard: Callable[[Ref], bool]) -> Sequence[Task]:
        """The steps of a test, none of them done yet; `heard` says whether our listening brought something in."""
