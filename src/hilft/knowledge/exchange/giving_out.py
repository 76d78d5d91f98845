"""Gives everything out as NDJSON: one question a line, with all wordings and all versions that were published."""

from collections.abc import Iterator
from typing import Any

import msgspec

from hilft.knowledge.models import Question, Version

FORM = 1
"""The form of a line; a later hilft that writes others still reads this one."""


def lines() -> Iterator[bytes]:
    """Every question, oldest first; read again with the format "json", they give the same questions."""
    questions = Question.objects.select_related("answer__current").prefetch_related(
        "wordings", "answer__versions__texts"
    )
    for question in questions.order_by("pk").iterator(chunk_size=200):
        yield msgspec.json.encode(_question(question)) + b"\n"


def _question(question: Question) -> dict[str, Any]:
    versions = sorted((v for v in question.answer.versions.all() if v.published_at), key=lambda v: v.number)
    current = next((_version(v) for v in versions if v.pk == question.answer.current_id), None)
    return {
        "hilft": FORM,
        "id": question.slug,
        "title": question.title,
        "title_en": question.title_en,
        "topic": question.topic,
        "topic_en": question.topic_en,
        "confidence": question.answer.confidence,
        "audience": question.answer.audience,
        "asked": question.asked,
        "wordings": [
            {"text": w.text, "language": w.language, "origin": w.origin}
            for w in sorted(question.wordings.all(), key=lambda w: w.pk)
            if w.removed_at is None
        ],
        "current": current,
        "versions": [_version(version) for version in versions],
    }


def _version(version: Version) -> dict[str, Any]:
    texts = sorted(version.texts.all(), key=lambda text: (text.language, text.address))
    return {
        "number": version.number,
        "published_at": version.published_at,
        "note": version.note,
        "texts": [{"language": t.language, "address": t.address, "body": t.body, "short": t.short} for t in texts],
    }
