"""Pairs of hosted questions that get in each other's way: asked in the same words, or answered differently."""

from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.db.models import QuerySet
from pgvector.django import CosineDistance

from hilft.base.clock import now
from hilft.base.enums import Language
from hilft.knowledge.contradictions import contradictions
from hilft.knowledge.enums import FindingKind
from hilft.knowledge.models import Finding, Matching, Question, Wording
from hilft.knowledge.readers import Reading
from hilft.knowledge.rules import text_key

SAME: Final = 0.89
"""Similarity, as the matcher's projection has it, from which wordings ask the same: of held-back pairs of the developer
data that do not, 3 in 10,000 reach it."""

NEAR: Final = 0.82
"""The same for answers that contradict each other: their texts are evidence as well."""


def compare(*, after: int = 0, most: int = 500) -> int | None:
    """Looks at the next wordings for their nearest one of another question; the last key, None when all were seen."""
    reader = Matching.current().reader
    if reader is None:
        return None
    part = list(_readings(reader.place).filter(wording__gt=after).order_by("wording")[:most])
    for reading in part:
        _compare(reading)
    return part[-1].wording_id if len(part) == most else None


def forget_before(moment: datetime) -> None:
    """What a whole round did not find again holds no longer."""
    Finding.objects.filter(found_at__lt=moment).delete()


@transaction.atomic
def _compare(reading: Reading) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL hnsw.iterative_scan = relaxed_order")
    mine = _wording(reading)
    others = _readings(reading.place).filter(wording__language=mine.language)
    others = others.exclude(wording__question=mine.question_id)
    nearest = others.annotate(distance=CosineDistance("embedding", reading.embedding)).order_by("distance").first()
    if nearest is None or 1 - nearest.distance < NEAR:
        return
    other = _wording(nearest)
    similarity = round(1 - nearest.distance, 4)
    if similarity >= SAME:
        _keep(FindingKind.TWO, mine, other, {"similarity": similarity})
    against = contradictions(*(_said(found.question) for found in (mine, other)))
    if against:
        evidence = {"similarity": similarity, "against": [list(found) for found in against]}
        _keep(FindingKind.CONTRADICTION, mine, other, evidence)


def _keep(kind: FindingKind, one: Wording, other: Wording, evidence: dict[str, object]) -> None:
    """Each pair once, whichever of the two was looked at."""
    if one.question_id > other.question_id:
        one, other = other, one
        if "against" in evidence:
            evidence["against"] = [found[::-1] for found in evidence["against"]]  # type: ignore[attr-defined]  # lists
    Finding.objects.update_or_create(
        kind=kind,
        question=one.question,
        other=other.question,
        defaults={"wording": one, "other_wording": other, "evidence": evidence, "found_at": now()},
    )


def _readings(place: int) -> QuerySet[Reading]:
    """What the reader at this half of the index made of the wordings that are searched."""
    hosted = Question.objects.hosted()
    found = Reading.objects.filter(place=place, wording__removed_at=None, wording__question__in=hosted)
    return found.select_related("wording__question__answer__current")


def _wording(reading: Reading) -> Wording:
    if reading.wording is None:
        raise ValueError("This is the reading of a miss.")
    return reading.wording


def _said(question: Question) -> str:
    """What the present answer says in German, else in whatever there is."""
    version = question.answer.current
    texts = {(t.language, t.address): t.body for t in version.texts.all()} if version else {}
    return texts[text_key(texts, language=Language.DE, form="sie")] if texts else ""
