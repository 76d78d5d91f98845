"""The same question? Nearest wordings by meaning, ranked into questions, with an honest "none fits"."""

from collections.abc import Sequence
from functools import cache
from itertools import batched
from typing import NamedTuple

import numpy as np
from django.db import connection, models, transaction
from django.db.models import F, Min, Window
from django.db.models.functions import RowNumber
from pgvector import HalfVector
from pgvector.django import CosineDistance

from hilft.knowledge.calibration import Curve
from hilft.knowledge.enums import Likeness
from hilft.knowledge.evidence import Pool, Side
from hilft.knowledge.models import Embedded, Matching, Miss, Question, Wording
from hilft.knowledge.ranking import Candidates, Ranked, ranked, strikes
from hilft.knowledge.readers import Reader, Reading
from hilft.knowledge.rules import likeness
from hilft.knowledge.trained import Trained, loaded, packed, shipped, shipped_name
from hilft.reading.embedding import ENCODERS, PRESENT, Encoder, Vectors, encoder, unit

FETCH = 60
"""Wordings fetched first; the questions they belong to are then ranked by all of their wordings."""

RANKED = 30
"""So many of these questions at most: in a large stock nearly every wording is another question's."""

LOOKED_AT = 400
"""How far the index looks around: of a million wordings, the more of the nearest are found, the longer it takes."""

SPEAKING = 30
"""So many wordings of a question speak for it, the nearest ones."""

TOGETHER = 8
"""Texts encoded in one go: a match that comes in between waits a quarter of a second at most."""


class Matcher(NamedTuple):
    """What texts are read with: an encoder, and the parts that were trained on its vectors."""

    encoder: Encoder
    trained: Trained

    @property
    def names(self) -> tuple[str, str]:
        """By which its readings are known."""
        return self.encoder.name, self.trained.name


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
    settings = Matching.current()
    reader = _reader(using.names) if using else _answering(settings)
    matcher = using or (matcher_of(reader) if reader else None)
    if reader is None or matcher is None:
        return NOTHING
    asked = matcher.trained.side([text], matcher.encoder.encode([text]))
    found = _candidates(asked, matcher.trained, reader.place, public_only=public_only, without=without)
    if found is None:
        return NOTHING
    scores, chances = matcher.trained.judge(asked, found.pool)
    strike = strikes(found.questions, _misses(asked, found.questions, reader.place))
    curve = Curve(settings.slope, settings.offset)
    every, chance = ranked(found, scores[0], float(chances[0]), strike, curve)
    sure = every[0].score
    return Suggestions(every[:most], sure, likeness(sure, bar=settings.bar), chance, settings.bar)


def graded(found: Suggestions) -> list[tuple[Ranked, Likeness]]:
    """Each question with its own word."""
    return [(one, likeness(one.score, bar=found.bar)) for one in found.ranked]


def present() -> Matcher:
    """What this release reads with, loaded at first use."""
    return Matcher(encoder(), shipped())


def matcher_of(reader: Reader) -> Matcher | None:
    """What this reader reads with; None where its encoder is not part of this release."""
    return Matcher(encoder(reader.encoder), _parts(reader.trained)) if reader.encoder in ENCODERS else None


@transaction.atomic
def first_reader(matcher: Matcher) -> Reader:
    """The first reader of an installation answers at once, with whatever it has read."""
    Matching.objects.get_or_create(pk=1)
    settings = Matching.objects.select_for_update().get(pk=1)
    if settings.reader is None:
        encoding, trained = matcher.names
        parts = packed(matcher.trained)
        settings.reader = Reader.objects.create(encoder=encoding, trained=trained, parts=parts, place=0)
        settings.save(update_fields=["reader"])
    return settings.reader


def embed_pending(*, most: int = 500, using: Matcher | None = None) -> int:
    """Reads texts that are new for whoever answers; returns how many it did."""
    reader = Matching.current().reader or first_reader(using or present())
    matcher = using or matcher_of(reader)
    if matcher is None or matcher.names != reader.names:
        return 0
    done = 0
    for every in (Wording.objects.current(), Miss.objects.all()):
        part = list(every.filter(unread=True).order_by("pk")[: most - done])
        for some in batched(part, TOGETHER):
            vectors = matcher.encoder.encode([text.text for text in some])
            with transaction.atomic():
                if Matching.objects.select_for_update().get(pk=1).reader_id != reader.pk:
                    return done
                keep(some, vectors, matcher, reader)
                every.model.objects.filter(pk__in=[text.pk for text in some]).update(unread=False)
            done += len(some)
    return done


def keep(texts: Sequence[Embedded], vectors: Vectors, matcher: Matcher, reader: Reader) -> None:
    """Stores what a reader made of these texts; what it has read before stays as it is."""
    if not texts:
        return
    kind = "wording" if isinstance(texts[0], Wording) else "miss"
    rows = zip(texts, vectors, unit(vectors @ matcher.trained.projection), strict=True)
    Reading.objects.bulk_create(
        (
            Reading(place=reader.place, vector=HalfVector(vector), embedding=HalfVector(place), **{kind: text})
            for text, vector, place in rows
        ),
        ignore_conflicts=True,
    )


def _answering(settings: Matching) -> Reader | None:
    """The one whose readings are complete; where its encoder left with its release, the one that is to take over."""
    known = settings.reader is None or settings.reader.encoder in ENCODERS
    return settings.reader if known else _reader((PRESENT, shipped_name()))


def _reader(names: tuple[str, str]) -> Reader | None:
    encoding, trained = names
    return Reader.objects.defer("parts").filter(encoder=encoding, trained=trained).first()


@cache
def _parts(trained: str) -> Trained:
    if trained == shipped().name:
        return shipped()
    parts = Reader.objects.filter(trained=trained).values_list("parts", flat=True)
    return loaded(bytes(parts.get()), trained)


def _candidates(asked: Side, trained: Trained, at: int, *, public_only: bool, without: int) -> Candidates | None:
    hosted = Question.objects.public() if public_only else Question.objects.hosted()
    distance = CosineDistance("embedding", HalfVector(asked.views[0][0]))
    near = Reading.objects.filter(place=at, wording__removed_at=None).annotate(distance=distance)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL hnsw.iterative_scan = relaxed_order; SET LOCAL hnsw.ef_search = {LOOKED_AT}")
        mine = near.filter(wording__question__in=hosted.exclude(pk=without)).order_by("distance")
        found = list(dict.fromkeys(mine.values_list("wording__question_id", flat=True)[:FETCH]))[:RANKED]
    place = Window(RowNumber(), partition_by="wording__question_id", order_by=[F("distance"), F("wording_id")])
    speaking = near.filter(wording__question__in=found).annotate(nth=place, raw=Raw("vector")).filter(nth__lte=SPEAKING)
    fields = ("wording__question_id", "wording_id", "wording__text", "raw")
    rows = list(speaking.order_by("wording__question_id", "wording_id").values_list(*fields))
    if not rows:
        return None
    vectors = np.stack([vector_of(raw) for *_rest, raw in rows])
    questions, starts = np.unique([row[0] for row in rows], return_index=True)
    pool = Pool(trained.side([row[2] for row in rows], vectors), starts)
    return Candidates(questions.tolist(), [row[1] for row in rows], pool, pool.side.views[0] @ asked.views[0][0])


def _misses(asked: Side, questions: list[int], at: int) -> dict[int, float]:
    """How near the text is to what people said does not ask these questions."""
    nearest = Min(CosineDistance("embedding", HalfVector(asked.views[0][0])))
    rows = Reading.objects.filter(place=at, miss__question__in=questions).values_list("miss__question")
    return {question: 1.0 - far for question, far in rows.annotate(nearest=nearest).order_by("miss__question")}


class Raw(models.Func):
    """A vector as its bytes: a head of four, then half floats, big end first; far faster to read than its text."""

    function = "halfvec_send"
    output_field = models.BinaryField()


def vector_of(raw: bytes) -> Vectors:
    """Such bytes as a vector."""
    return np.frombuffer(raw, ">f2", offset=4).astype(np.float32)
