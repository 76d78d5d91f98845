"""Jobs of the knowledge base."""

from datetime import UTC, datetime

from hilft.base.queue import MATCHING, enqueue, job, periodic
from hilft.knowledge.findings import compare, forget_before
from hilft.knowledge.followers import tell_answer
from hilft.knowledge.matching import embed_pending
from hilft.knowledge.models import Version

PORTION = 200
MANY = 20
"""So many new wordings change the picture: what was recognised before is looked at again, too."""


@job("knowledge.embed", queue=MATCHING, lock="knowledge.embed")
def embed() -> None:
    """Gives new wordings their vectors, in portions; conversations that wait unrecognised are matched again."""
    done = embed_pending(most=PORTION)
    if done:
        enqueue("inbox.rematch", everything=done >= MANY)
    if done == PORTION:
        enqueue("knowledge.embed")


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
