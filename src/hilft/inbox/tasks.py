"""Jobs of the inbox."""

from procrastinate import RetryStrategy

from hilft.base.live import forget
from hilft.base.queue import MATCHING, enqueue, job, periodic
from hilft.channels.contract import RetryLater
from hilft.inbox import receipts
from hilft.inbox.commands import forget_presences
from hilft.inbox.groups import collect
from hilft.inbox.handling.bulk import go_on
from hilft.inbox.handling.followups import wake_due
from hilft.inbox.handling.models import Bulk
from hilft.inbox.intake import read_new_events
from hilft.inbox.matches import match as match_message
from hilft.inbox.matches import unconfirmed
from hilft.inbox.models import Message
from hilft.inbox.refresh import refresh_open, wake_snoozed
from hilft.inbox.routing import route, take_from_absent, take_from_silent
from hilft.inbox.verdicts import learnable
from hilft.knowledge.commands import calibrate

BATCH = 20
"""Events read in one transaction: few, because nobody sees the first before the last is read."""
LATER = -10
"""The priority of looking again at what waits unrecognised, below looking at what is new."""


@job("inbox.read")
def read() -> None:
    """Reads what has come in; a full batch asks for another go."""
    if read_new_events(most=BATCH) == BATCH:
        enqueue("inbox.read")


@job("inbox.match", queue=MATCHING)
def match(message: int) -> None:
    """Finds what a message asks; a message that is gone needs nothing."""
    found = Message.objects.filter(pk=message).first()
    if found:
        match_message(found)


@job(
    "inbox.receipt",
    queue=MATCHING,
    retry=RetryStrategy(max_attempts=8, exponential_wait=2, retry_exceptions=[RetryLater]),
)
def receipt(message: int) -> None:
    """Tells whoever wrote a mail that it is here; a message that is gone needs nothing."""
    found = Message.objects.select_related("conversation__account", "conversation__handle").filter(pk=message).first()
    if found and not found.deleted_at:
        receipts.send(receipts.write(found))


@job("inbox.rematch", queue=MATCHING, lock="inbox.rematch", priority=LATER)
def rematch(everything: bool = False) -> None:
    """New wordings joined the index: asks again about open conversations that nothing fitted, or about all."""
    for message in unconfirmed(recognised=everything):
        match_message(message)


@job("inbox.bulk")
def go_on_with_bulk(bulk: int) -> None:
    """Goes on with a step for many; what is left asks for another go."""
    found = Bulk.objects.filter(pk=bulk).first()
    if found and go_on(found):
        enqueue("inbox.bulk", bulk=bulk)


@periodic("inbox.presences", "10 * * * *")
def presences(timestamp: int) -> None:
    """Every hour: pages that were closed without a word."""
    forget_presences()


@periodic("inbox.calibrate", "17 3 * * *")
def recalibrate(timestamp: int) -> None:
    """Every night: likelihoods are bent to what this installation's people said of them."""
    calibrate(learnable())


@periodic("inbox.sweep", "* * * * *")
def sweep(timestamp: int) -> None:
    """Every minute: what no reminder reached, what wakes up, what customers changed, what pages forgot."""
    read()
    wake_snoozed()
    wake_due()
    take_from_absent()
    take_from_silent()
    route()
    refresh_open()
    forget()


@periodic("inbox.group", "*/15 * * * *", queue=MATCHING, lock="inbox.group", priority=LATER)
def group(timestamp: int) -> None:
    """Every quarter of an hour: which new questions keep coming."""
    collect()
