"""What an adapter raises on purpose, by what is certain: done never, not yet, or nobody knows."""

from datetime import timedelta
from typing import Literal


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
