"""What the Graph API's errors mean for us: their codes decide, never the HTTP status.

Codes after <https://developers.facebook.com/docs/graph-api/guides/error-handling>,
<https://developers.facebook.com/docs/graph-api/overview/rate-limiting> and
<https://developers.facebook.com/documentation/business-messaging/messenger-platform/error-codes> (read 2026-11-24);
10900 to 10903 stand on no official page and were seen in the field.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import msgspec

from hilft.channels.contract import AuthLost, ChannelError, Refused, RetryLater
from hilft.channels.graph.usage import EVERYTHING

LIMITS: Final = {
    4: EVERYTHING,
    17: EVERYTHING,
    32: EVERYTHING,
    80_001: "pages",
    80_002: "instagram",
    80_006: "messenger",
}
"""Codes of limits, and the use case that each closes."""

ONE_CALL: Final = 613
"""A limit on one kind of call: the others still work."""

PAUSE: Final = timedelta(minutes=5)
"""How long to wait when a limit does not say when it ends."""

TOKEN: Final = frozenset({102, 104, 190})
UNCLEAR: Final = frozenset({1, 2})
RIGHTS: Final = frozenset({3, 10, *range(200, 300)})
WINDOW: Final = frozenset({(10, 2018278), (10, 2534022), (10901, 0)})
REPLIED: Final = 10900
MISSING: Final = frozenset({(100, 33), (100, 2018292)})


class Error(msgspec.Struct):
    """The envelope's inside; `error_subcode` 0 when there is none."""

    message: str = ""
    type: str = ""
    code: int = 0
    error_subcode: int = 0
    is_transient: bool = False


class Envelope(msgspec.Struct):
    """How the Graph API says no."""

    error: Error


class Answer(Refused):
    """A refusal by the Graph API, with its code."""

    def __init__(self, message: str, code: int, subcode: int) -> None:
        super().__init__(message)
        self.code = code
        self.subcode = subcode


class Gone(Answer):
    """The thing asked for does not exist, or not for us."""


class Closed(Answer):
    """The time for private messages is over."""


class Replied(Answer):
    """The one private reply was sent before."""


class Forbidden(Answer):
    """The token lacks a right."""


def meaning(error: Error, after: timedelta | None, name: str) -> ChannelError | None:
    """What to raise; None when the error leaves open whether the call was carried out."""
    if error.code in TOKEN or "appsecret_proof" in error.message:
        return AuthLost(f"{name} no longer accepts our token or app secret: {error.message}")
    if error.code in LIMITS or 80_000 <= error.code < 80_100:
        return RetryLater(f"{name} asks for a pause: {error.message}", after or PAUSE)
    if error.code == ONE_CALL:
        return RetryLater(f"{name} asks for a pause: {error.message}", after or PAUSE, scope="target")
    if error.is_transient or error.code in UNCLEAR:
        return None
    return _refusal(error, name)


def _refusal(error: Error, name: str) -> Answer:
    here = (error.code, error.error_subcode)
    if error.code == REPLIED:
        return Replied(f"{name} allows one private reply to a comment, and it was sent.", *here)
    if here in WINDOW:
        return Closed(f"{name} no longer lets us write to this person; it does when they write to us again.", *here)
    if here in MISSING:
        return Gone(f"{name} no longer has this post: {error.message}", *here)
    if error.code in RIGHTS:
        return Forbidden(f"{name} does not let us: {error.message}", *here)
    return Answer(f"{name} refuses ({error.code}): {error.message}", *here)
