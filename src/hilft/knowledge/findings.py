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
from hilft.knowledge.models import Finding, Question, Wording
from hilft.knowledge.rules import text_key

SAME: Final = 0.89
"""Similarity, as the matcher's projection has it, from which wordings ask the same: of held-back pairs of the developer
data that do not, 3 in 10,000 reach it."""

NEAR: Final = 0.82
"""The same for answers that contradict each other: their texts are evidence as well."""


def compare(*, after: int = 0, most: int = 500) -> int | None:
    """Looks at the next wordings for their nearest one of another question; the last key, None when all were seen."""
    part = list(_wordings().filter(pk__gt=after).order_by("pk")[:most])
    for wording in part:
        _compare(wording)
    return part[-1].pk if len(part) == most else None


def forget_before(moment: datetime) -> None:
    """What a whole round did not find again holds no longer."""
    Finding.objects.filter(found_at__lt=moment).delete()


@transaction.atomic
def _compare(wording: Wording) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL hnsw.iterative_scan = relaxed_order")
    others = _wordings().exclude(question=wording.question_id).filter(language=wording.language)
    nearest = others.annotate(distance=CosineDistance("embedding", wording.embedding)).order_by("distance").first()
    if nearest is None or 1 - nearest.distance < NEAR:
        return
    similarity = round(1 - nearest.distance, 4)
    if similarity >= SAME:
        _keep(FindingKind.TWO, wording, nearest, {"similarity": similarity})
    one, other = (_said(found.question) for found in (wording, nearest))
    against = contradictions(one, other)
    if against:
        evidence = {"similarity": similarity, "against": [list(found) for found in against]}
        _keep(FindingKind.CONTRADICTION, wording, nearest, evidence)


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


def _wordings() -> QuerySet[Wording]:
    hosted = Question.objects.hosted()
    found = Wording.objects.current().filter(question__in=hosted, embedding__isnull=False)
    return found.select_related("question__answer__current")


def _said(question: Question) -> str:
    """What the present answer says in German, else in whatever there is."""
    version = question.answer.current
    texts = {(t.language, t.address): t.body for t in version.texts.all()} if version else {}
    return texts[text_key(texts, language=Language.DE, form="sie")] if texts else ""
