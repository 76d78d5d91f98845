"""Jobs of the knowledge base."""

from hilft.base.queue import MATCHING, enqueue, job
from hilft.knowledge.matching import embed_pending

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
