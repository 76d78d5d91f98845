"""The contract that every channel adapter keeps; imports nothing else of hilft.

An adapter is synchronous, safe to use from several threads, and holds no database. It reads raw
events (`poll`, `listen`, `refresh`), interprets stored ones (`parse`, pure), and acts (`publish`, `edit`,
`delete`, `lookup`). Everything a network allows, and every limit, is asked of the adapter.
"""

from hilft.channels.contract.allowance import NO_STANDING, Action, Allowed, Can, Correct, Limits, Standing, Unit
from hilft.channels.contract.channel import (
    READING,
    Channel,
    Filling,
    Hiding,
    Hooked,
    Metered,
    Renewing,
    Streaming,
    Task,
    Trying,
)
from hilft.channels.contract.errors import (
    AuthLost,
    ChannelError,
    Forged,
    OverBudget,
    Refused,
    RetryLater,
    Unknown,
    Unreadable,
)
from hilft.channels.contract.messages import Answer, Call, Config, Event, Health, Kind, Outgoing, Person, Raw, Ref, Sent

__all__ = [
    "NO_STANDING",
    "READING",
    "Action",
    "Allowed",
    "Answer",
    "AuthLost",
    "Call",
    "Can",
    "Channel",
    "ChannelError",
    "Config",
    "Correct",
    "Event",
    "Filling",
    "Forged",
    "Health",
    "Hiding",
    "Hooked",
    "Kind",
    "Limits",
    "Metered",
    "Outgoing",
    "OverBudget",
    "Person",
    "Raw",
    "Ref",
    "Refused",
    "Renewing",
    "RetryLater",
    "Sent",
    "Standing",
    "Streaming",
    "Task",
    "Trying",
    "Unit",
    "Unknown",
    "Unreadable",
]
