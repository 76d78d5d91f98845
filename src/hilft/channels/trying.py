"""Live tests: the steps that most networks share, and how the steps of any network are carried out."""

import time
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final, Literal, NamedTuple

from django.utils.translation import gettext as _

from hilft.channels.contract import (
    AuthLost,
    Channel,
    ChannelError,
    Outgoing,
    Person,
    RetryLater,
    Sent,
    Task,
    Unknown,
)

PATIENCE: Final = 20.0
"""Seconds a network may take to show what we wrote; a person is waiting for the page."""

PAUSE: Final = 0.5


class Step(NamedTuple):
    """What became of a task, in words: what was done, what came of it, and what to do when it failed."""

    what: str
    outcome: Literal["done", "failed", "left"]
    said: str = ""
    remedy: str = ""


def carry_out(tasks: Sequence[Task]) -> list[Step]:
    """Does the tasks in order; after the first failure only what has to be tidied up."""
    steps: list[Step] = []
    failed = False
    for task in tasks:
        if failed and not task.tidies:
            steps.append(Step(task.what, "left"))
            continue
        try:
            said = task.do()
        except ChannelError as error:
            failed = True
            steps.append(Step(task.what, "failed", str(error), task.remedy))
        else:
            steps.append(Step(task.what, "left" if said is None else "done", said or ""))
    return steps


def awaited[T](look: Callable[[], T | None], missing: str) -> T:
    """Looks until there is something; raises Unknown with `missing` when a person has waited long enough."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            if found := look():
                return found
        except Unknown:
            if time.monotonic() > deadline:
                raise
        if time.monotonic() > deadline:
            raise Unknown(missing)
        time.sleep(PAUSE)


def asking(adapter: Channel) -> Task:
    """The first step everywhere: who we are."""

    def do() -> str:
        health = adapter.check()
        if not health.ok:
            raise AuthLost(health.message)
        return health.message

    return Task(
        what=_("hilft asks the network whose account this is."), do=do, remedy=_("Enter new secrets for this account.")
    )


class Probe:
    """A text that a test writes, finds again and takes back through the adapter's own ways."""

    def __init__(
        self,
        adapter: Channel,
        *,
        public: bool,
        to: Callable[[], Person | None] = lambda: None,
        publish: Callable[[Outgoing], Sent] | None = None,
        lookup: Callable[[Outgoing], Sent | None] | None = None,
    ) -> None:
        self._adapter = adapter
        self._publish = publish or adapter.publish
        self._lookup = lookup or adapter.lookup
        self._public = public
        self._to = to
        self._outgoing: Outgoing | None = None
        self.sent: Sent | None = None

    @property
    def outgoing(self) -> Outgoing:
        """The text, the same for every step."""
        if self._outgoing is None:
            key = uuid.uuid4().hex
            text = _("This is a test of hilft and needs no answer. (%(mark)s)") % {"mark": key[:6]}
            self._outgoing = Outgoing(
                idempotency=key,
                text=text,
                subject=_("Test of hilft"),
                to=self._to(),
                public=self._public,
                begun_at=datetime.now(UTC),
                automatic=True,
            )
        return self._outgoing

    def write(self, what: str, remedy: str = "") -> Task:
        """Publishes it."""

        def do() -> str:
            self.sent = self._publish(self.outgoing)
            return self.sent.url

        may = _("The secrets may let hilft read and not write: make new ones with the right to write, and enter them.")
        return Task(what=what, do=do, remedy=remedy or may)

    def find(self) -> Task:
        """Looks for it as after a crash; the adapter's `lookup` is what hilft relies on then."""

        def do() -> str:
            awaited(lambda: self._lookup(self.outgoing), _("The network does not show it."))
            return ""

        what = _("It looks whether the network shows what it wrote.")
        return Task(what=what, do=do, remedy=_("Wait a minute and test again; some networks need a moment."))

    def remove(self) -> Task:
        """Deletes it, also when it was not found; one of which nobody knows whether it was made is looked for."""

        def do() -> str | None:
            if self.sent is None and self._outgoing is not None:
                self.sent = self._found()
            if self.sent is None:
                return None
            self._adapter.delete(self.sent.ref)
            return ""

        what = _("It deletes the test.")
        return Task(what=what, do=do, remedy=_("Delete the test on the network by hand."), tidies=True)

    def _found(self) -> Sent | None:
        try:
            return self._lookup(self.outgoing)
        except (RetryLater, Unknown):
            return None
