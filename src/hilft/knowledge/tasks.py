"""Jobs of the knowledge base."""

from hilft.base.queue import MATCHING, enqueue, job
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
