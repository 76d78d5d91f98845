"""Keeps the channel contract with the telephone: nothing leaves, a person speaks, and hilft keeps what was said."""

import threading
from collections.abc import Iterator, Sequence
from typing import ClassVar

from django.utils.translation import gettext as _

from hilft.base.clock import now
from hilft.channels.contract import (
    NO_STANDING,
    Action,
    Allowed,
    Can,
    Config,
    Correct,
    Event,
    Health,
    Kind,
    Limits,
    Outgoing,
    Person,
    Raw,
    Ref,
    Refused,
    Sent,
    Standing,
)
from hilft.channels.phone.notes import KIND, read
from hilft.channels.phone.numbers import readable
from hilft.channels.phone.queries import note_of


class Adapter:
    """The telephone as a channel: `publish` records a call that a person makes."""

    kind: ClassVar[str] = KIND
    correction: ClassVar[Correct] = Correct.PERSON
    idempotent: ClassVar[bool] = True

    def __init__(self, config: Config) -> None:
        self.config = config

    def can(self) -> Can:
        return Can.PRIVATE

    def limits(self, *, public: bool) -> Limits:
        return Limits(int(self.config.facts["limit.text"]), "codepoint")

    def prefix(self, to: Person | None, *, public: bool) -> str:
        return ""

    def allowed(self, action: Action, target: Ref, standing: Standing = NO_STANDING) -> Allowed:
        if action == "private":
            return Allowed(ok=True)
        if action == "reply":
            return Allowed(ok=False, reason=_("A phone note is never public."), instead=("private",))
        return Allowed(ok=False, reason=_("What was said on the phone stays said; call again."), instead=("private",))

    def poll(self, cursor: str) -> tuple[list[Raw], str]:
        return [], cursor

    def listen(self, cursor: str, stop: threading.Event) -> Iterator[tuple[list[Raw], str]]:
        yield from ()

    def refresh(self, refs: Sequence[Ref]) -> list[Raw]:
        return []

    def parse(self, body: bytes) -> list[Event]:
        note = read(body)
        return [
            Event(
                kind=Kind.CREATED,
                ref=self._ref(note.id),
                at=note.at,
                public=False,
                author=Person(id=note.number, handle=readable(note.number), name=note.name, url=f"tel:{note.number}"),
                thread=note.id,
                text=note.text,
                language=note.language,
                form=note.form,
            )
        ]

    def publish(self, outgoing: Outgoing) -> Sent:
        """Where the customer was told: the number they wished to be called at, under a reference of ours."""
        if outgoing.public:
            raise Refused(_("A phone note is never public."))
        note = note_of(self.config.account, outgoing.parent.id) if outgoing.parent else None
        number = note.reach if note else outgoing.to.id if outgoing.to else ""
        if not number:
            raise Refused(_("There is no number to call."))
        return Sent(ref=self._ref(outgoing.idempotency), at=outgoing.begun_at or now(), url=f"tel:{number}")

    def edit(self, ref: Ref, outgoing: Outgoing) -> Sent:
        raise Refused(_("What was said on the phone stays said; call again."))

    def delete(self, ref: Ref) -> None:
        raise Refused(_("What was said on the phone stays said; call again."))

    def lookup(self, outgoing: Outgoing) -> Sent | None:
        """Always there: recording a call is nothing but saying under which reference."""
        return self.publish(outgoing)

    def check(self) -> Health:
        return Health(ok=True)

    def close(self) -> None:
        """Holds nothing."""

    def _ref(self, identity: str) -> Ref:
        return Ref(channel=self.kind, account=self.config.account, id=identity)
