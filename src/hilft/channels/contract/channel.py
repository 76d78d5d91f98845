"""The adapter itself, and what some can do beyond that."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import ClassVar, Final, Literal, Protocol

import msgspec

from hilft.channels.contract.allowance import NO_STANDING, Action, Allowed, Can, Correct, Limits, Standing
from hilft.channels.contract.messages import Answer, Call, Config, Event, Health, Outgoing, Person, Raw, Ref, Sent


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
