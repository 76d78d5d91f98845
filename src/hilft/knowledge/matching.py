"""The same question? Nearest wordings by meaning, ranked into questions, with an honest "none fits"."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection, transaction
from pgvector import HalfVector
from pgvector.django import CosineDistance

from hilft.knowledge.enums import Likeness
from hilft.knowledge.models import Question, Wording
from hilft.knowledge.rules import Hit, Ranked, confidence, likeness, rank
from hilft.reading.embedding import Encoder, encoder

FETCH = 60
"""Wordings fetched first; the questions they belong to are then ranked by all of their wordings."""


class Suggestions(NamedTuple):
    """What a text may ask: ranked questions, how sure the first one is, and that as a word."""

    ranked: list[Ranked]
    confidence: float
    likeness: Likeness


def suggest(text: str, *, most: int = 5, public_only: bool = False, using: Encoder | None = None) -> Suggestions:
    """Up to `most` hosted questions that the text may ask; likeness NONE means that nothing fits."""
    vector = (using or encoder()).encode([text])[0]
    hits = nearest(vector.tolist(), public_only=public_only)
    ranked = rank(hits)
    sure = confidence(ranked)
    return Suggestions(ranked[:most], sure, likeness(sure))


def graded(found: Suggestions) -> list[tuple[Ranked, Likeness]]:
    """Each question with its own word: the first one's confidence, less twice what a later one falls behind."""
    if not found.ranked:
        return []
    best = found.ranked[0].score
    later = [(ranked, likeness(found.confidence - 2 * (best - ranked.score))) for ranked in found.ranked[1:]]
    return [(found.ranked[0], found.likeness), *later]


def nearest(vector: Sequence[float], *, public_only: bool = False) -> list[Hit]:
    """The current wordings, nearest first, of the hosted questions that own the nearest wordings of all."""
    questions = Question.objects.public() if public_only else Question.objects.hosted()
    near = (
        Wording.objects.current()
        .filter(question__in=questions, embedding__isnull=False)
        .annotate(distance=CosineDistance("embedding", HalfVector(list(vector))))
        .order_by("distance")
    )
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL hnsw.iterative_scan = relaxed_order")
            cursor.execute("SET LOCAL hnsw.ef_search = 100")
        found = set(near.values_list("question_id", flat=True)[:FETCH])
    rows = near.filter(question__in=found).order_by().values_list("question_id", "pk", "distance")
    return [Hit(question, wording, 1.0 - distance) for question, wording, distance in rows]


def embed_pending(*, most: int = 500, using: Encoder | None = None) -> int:
    """Embeds wordings that have no vector of the present encoder; returns how many it did."""
    encoder_ = using or encoder()
    pending = list(Wording.objects.current().exclude(encoder=encoder_.name).order_by("pk").only("pk", "text")[:most])
    for start in range(0, len(pending), 50):
        part = pending[start : start + 50]
        for wording, vector in zip(part, encoder_.encode([w.text for w in part]), strict=True):
            wording.embedding, wording.encoder = HalfVector(vector.tolist()), encoder_.name
        Wording.objects.bulk_update(part, ["embedding", "encoder"])
    return len(pending)
