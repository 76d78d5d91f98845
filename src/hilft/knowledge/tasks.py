"""Jobs of the knowledge base."""

import time
from datetime import UTC, datetime

from hilft.base.queue import MATCHING, enqueue, job, periodic
from hilft.knowledge.findings import compare, forget_before
from hilft.knowledge.followers import tell_answer
from hilft.knowledge.matching import embed_pending
from hilft.knowledge.models import Version
from hilft.knowledge.rereading import advance, unfinished

PORTION = 200
MANY = 20
"""So many new wordings change the picture: what was recognised before is looked at again, too."""

LAST = -20
"""The priority of reading everything again: below all else that reads for meaning."""
SECONDS = 2.0


@job("knowledge.embed", queue=MATCHING, lock="knowledge.embed")
def embed() -> None:
    """Gives new wordings their vectors, in portions; conversations that wait unrecognised are matched again."""
    done = embed_pending(most=PORTION)
    if done:
        enqueue("inbox.rematch", everything=done >= MANY)
    if done == PORTION:
        enqueue("knowledge.embed")


@periodic("knowledge.look_for_reader", "* * * * *", queue=MATCHING)
def look_for_reader(timestamp: int) -> None:
    """Every minute: whether a release brought another reader, or a crash stopped it."""
    if unfinished():
        enqueue("knowledge.read_again", once=True)


@job("knowledge.read_again", queue=MATCHING, lock="knowledge.read_again", priority=LAST)
def read_again() -> None:
    """Lets another reader read for some seconds, then what waits comes first; until it has taken over."""
    until, more = time.monotonic() + SECONDS, True
    while more and time.monotonic() < until:
        more = advance()
    if more:
        enqueue("knowledge.read_again", once=True)


@job("knowledge.tell_followers")
def tell_followers(version: int, after: int = 0) -> None:
    """Tells those who follow a question of its new answer, in portions; a version that is gone needs nothing."""
    found = Version.objects.select_related("answer__question").filter(pk=version).first()
    if found:
        tell_answer(version=found, after=after)


@periodic("knowledge.compare_all", "40 3 * * *", queue=MATCHING)
def compare_all(timestamp: int) -> None:
    """Every night: which hosted questions get in each other's way."""
    enqueue("knowledge.compare", since=timestamp)


@job("knowledge.compare", queue=MATCHING, priority=-10)
def compare_portion(since: int, after: int = 0) -> None:
    """One portion of the wordings; the last one forgets what was not found again."""
    last = compare(after=after)
    if last:
        enqueue("knowledge.compare", since=since, after=last)
    else:
        forget_before(datetime.fromtimestamp(since, UTC))
