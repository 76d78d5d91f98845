"""What goes to and fro: an account's settings, what a network told us as it came and as it is read, what we publish."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

import msgspec


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
