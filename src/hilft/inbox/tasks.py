"""Jobs of the inbox."""

from hilft.base.live import forget
from hilft.base.queue import enqueue, job, periodic
from hilft.inbox.intake import read_new_events
from hilft.inbox.matches import match as match_message
from hilft.inbox.matches import unconfirmed
from hilft.inbox.models import Message
from hilft.inbox.refresh import refresh_open, wake_snoozed

BATCH = 100
LATER = -10
"""The priority of what may wait while new posts come in and replies go out."""


@job("inbox.read")
def read() -> None:
    """Reads what has come in; a full batch asks for another go."""
    if read_new_events(most=BATCH) == BATCH:
        enqueue("inbox.read")


@job("inbox.match", priority=LATER)
def match(message: int) -> None:
    """Finds what a message asks; a message that is gone needs nothing."""
    found = Message.objects.filter(pk=message).first()
    if found:
        match_message(found)


@job("inbox.rematch", lock="inbox.rematch", priority=2 * LATER)
def rematch(everything: bool = False) -> None:
    """New wordings joined the index: asks again about open conversations that nothing fitted, or about all."""
    for message in unconfirmed(recognised=everything):
        match_message(message)


@periodic("inbox.sweep", "* * * * *")
def sweep(timestamp: int) -> None:
    """Every minute: what no reminder reached, what wakes up, what customers changed, what pages forgot."""
    read()
    wake_snoozed()
    refresh_open()
    forget()
