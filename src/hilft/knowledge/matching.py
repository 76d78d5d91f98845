"""The same question? Nearest wordings by meaning, ranked into questions, with an honest "none fits"."""

from typing import Any, NamedTuple

import numpy as np
from django.db import connection, models, transaction
from django.db.models import F, Min, Window
from django.db.models.functions import RowNumber
from pgvector import HalfVector
from pgvector.django import CosineDistance

from hilft.knowledge.calibration import Curve
from hilft.knowledge.enums import Likeness
from hilft.knowledge.evidence import Pool, Side
from hilft.knowledge.models import Matching, Miss, Question, Wording
from hilft.knowledge.ranking import Candidates, Ranked, ranked, strikes
from hilft.knowledge.rules import likeness
from hilft.knowledge.trained import Trained, shipped
from hilft.reading.embedding import Encoder, encoder

FETCH = 60
"""Wordings fetched first; the questions they belong to are then ranked by all of their wordings."""

SPEAKING = 30
"""So many wordings of a question speak for it, the nearest ones."""


class Matcher(NamedTuple):
    """What texts are read with: an encoder, and the parts that were trained on its vectors."""

    encoder: Encoder
    trained: Trained


class Suggestions(NamedTuple):
    """What a text may ask: ranked questions, how likely the first one is right, and that as a word.

    `chance` is the likelihood before this installation's own verdicts had their say.
    """

    ranked: list[Ranked]
    confidence: float
    likeness: Likeness
    chance: float
    bar: float


NOTHING = Suggestions([], 0.0, Likeness.NONE, 0.0, 1.0)


def suggest(
    text: str, *, most: int = 5, public_only: bool = False, using: Matcher | None = None, without: int = 0
) -> Suggestions:
    """Up to `most` hosted questions that the text may ask; likeness NONE means that nothing fits.

    `without` is a question that is left out.
    """
    matcher = using or present()
    vector = matcher.encoder.encode([text])
    asked = matcher.trained.side([text], vector)
    found = _candidates(asked, matcher.trained, public_only=public_only, without=without)
    if found is None:
        return NOTHING
    settings = Matching.current()
    scores, chances = matcher.trained.judge(asked, found.pool)
    strike = strikes(found.questions, _misses(asked, found.questions))
    curve = Curve(settings.slope, settings.offset)
    every, chance = ranked(found, scores[0], float(chances[0]), strike, curve)
    sure = every[0].score
    return Suggestions(every[:most], sure, likeness(sure, bar=settings.bar), chance, settings.bar)


def graded(found: Suggestions) -> list[tuple[Ranked, Likeness]]:
    """Each question with its own word."""
    return [(one, likeness(one.score, bar=found.bar)) for one in found.ranked]


def present() -> Matcher:
    """This process's matcher, loaded at first use."""
    return Matcher(encoder(), shipped())


def embed_pending(*, most: int = 500, using: Matcher | None = None) -> int:
    """Gives texts the vectors of the present encoder and projection; returns how many it did.

    Texts that the encoder has read before are only projected anew.
    """
    matcher = using or present()
    done = 0
    for kind in (Wording, Miss):
        done += _embed(kind.objects.all(), matcher, most - done)
    return done


def _embed(every: models.QuerySet[Any], matcher: Matcher, most: int) -> int:
    encoding, projection = matcher.encoder.name, matcher.trained.name
    current = every.filter(removed_at=None) if every.model is Wording else every
    pending = list(current.exclude(encoder=encoding, projected=projection).order_by("pk")[:most])
    for start in range(0, len(pending), 50):
        part = pending[start : start + 50]
        fresh = [text for text in part if text.encoder != encoding]
        for text, vector in zip(fresh, matcher.encoder.encode([text.text for text in fresh]), strict=True):
            text.vector, text.encoder = vector.tolist(), encoding
        vectors = np.array([text.vector for text in part], np.float32)
        for text, vector in zip(part, vectors @ matcher.trained.projection, strict=True):
            text.embedding, text.projected = (vector / np.linalg.norm(vector)).tolist(), projection
        read = ["vector", "encoder"] if fresh else []
        every.model.objects.bulk_update(part, [*read, "embedding", "projected"])
    return len(pending)


def _candidates(asked: Side, trained: Trained, *, public_only: bool, without: int) -> Candidates | None:
    hosted = Question.objects.public() if public_only else Question.objects.hosted()
    near = (
        Wording.objects.current()
        .filter(question__in=hosted.exclude(pk=without), embedding__isnull=False, projected=trained.name)
        .annotate(distance=CosineDistance("embedding", HalfVector(asked.views[0][0].tolist())))
    )
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL hnsw.iterative_scan = relaxed_order")
            cursor.execute("SET LOCAL hnsw.ef_search = 100")
        found = set(near.order_by("distance").values_list("question_id", flat=True)[:FETCH])
    if not found:
        return None
    place = Window(RowNumber(), partition_by="question_id", order_by=[F("distance"), F("pk")])
    speaking = near.filter(question__in=found).annotate(place=place, raw=Raw("vector")).filter(place__lte=SPEAKING)
    rows = list(speaking.order_by("question_id", "pk").values_list("question_id", "pk", "text", "raw"))
    vectors = np.stack([np.frombuffer(raw, ">f2", offset=4) for *_rest, raw in rows]).astype(np.float32)
    questions, starts = np.unique([row[0] for row in rows], return_index=True)
    pool = Pool(trained.side([row[2] for row in rows], vectors), starts)
    return Candidates(questions.tolist(), [row[1] for row in rows], pool, pool.side.views[0] @ asked.views[0][0])


def _misses(asked: Side, questions: list[int]) -> dict[int, float]:
    """How near the text is to what people said does not ask these questions."""
    nearest = Min(CosineDistance("embedding", HalfVector(asked.views[0][0].tolist())))
    rows = Miss.objects.filter(question__in=questions, embedding__isnull=False).values_list("question")
    return {question: 1.0 - distance for question, distance in rows.annotate(nearest=nearest).order_by("question")}


class Raw(models.Func):
    """A vector as its bytes: a head of four, then half floats, big end first; far faster to read than its text."""

    function = "halfvec_send"
    output_field = models.BinaryField()
