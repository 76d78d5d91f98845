"""Stands for an adapter that is no longer part of hilft: what came through it stays readable, nothing leaves."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import ClassVar

from django.utils.translation import gettext as _

from hilft.channels.contract import (
    NO_STANDING,
    Action,
    Allowed,
    Can,
    Config,
    Correct,
    Event,
    Health,
    Limits,
    Outgoing,
    Person,
    Raw,
    Ref,
    Refused,
    Sent,
    Standing,
    Unknown,
    Unreadable,
)


class Removed:
    """An account whose kind of channel no adapter serves any more."""

    kind: ClassVar[str] = ""
    correction: ClassVar[Correct] = Correct.PERSON
    idempotent: ClassVar[bool] = False

    def __init__(self, config: Config) -> None:
        del config

    def can(self) -> Can:
        return Can(0)

    def limits(self, *, public: bool) -> Limits:
        return Limits(100_000, "codepoint")

    def prefix(self, to: Person | None, *, public: bool) -> str:
        return ""

    def allowed(self, action: Action, target: Ref, standing: Standing = NO_STANDING) -> Allowed:
        return Allowed(ok=False, reason=_reason())

    def poll(self, cursor: str) -> tuple[list[Raw], str]:
        return [], cursor

    def listen(self, cursor: str, stop: threading.Event) -> Iterator[tuple[list[Raw], str]]:
        yield from ()

    def refresh(self, refs: Sequence[Ref]) -> list[Raw]:
        return []

    def parse(self, body: bytes) -> list[Event]:
        raise Unreadable(_reason())

    def publish(self, outgoing: Outgoing) -> Sent:
        raise Refused(_reason())

    def edit(self, ref: Ref, outgoing: Outgoing) -> Sent:
        raise Refused(_reason())

    def delete(self, ref: Ref) -> None:
        raise Refused(_reason())

    def lookup(self, outgoing: Outgoing) -> Sent | None:
        raise Unknown(_reason())

    def check(self) -> Health:
        return Health(ok=False, message=_reason())

    def close(self) -> None:
        return None


def _reason() -> str:
    return _("hilft no longer speaks to this channel. Answer with another tool, and note here what you said.")
