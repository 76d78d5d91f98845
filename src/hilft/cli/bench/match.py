"""How well the same question is recognised: on a file of questions with wordings, or the example workspace's own.

Protocol: every fifth question by sorted id is unknown (left out of the index); the first three wordings of the others
are indexed; the next ten at most of all questions ask. Retrieval and ranking are the product's own, in PostgreSQL.
"""

import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from hilft.cli.bench import Result
from hilft.cli.instance import Trouble
from hilft.cli.testing import database

INDEXED, ASKING, LEFT_OUT = 3, 10, 5


class Asked(NamedTuple):
    """One query: whether its question is in the index, its rank there (0 for none), and the confidence."""

    known: bool
    rank: int
    confidence: float


def measure(data: Path | None) -> Result:
    """Runs the protocol in a database of its own."""
    questions = _read(data) if data else _example()
    if len(questions) < 2 * LEFT_OUT:
        raise Trouble(f"The benchmark needs at least {2 * LEFT_OUT} questions; this file has {len(questions)}.")
    with database() as url:
        os.environ["HILFT_DATABASE_URL"] = url
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hilft.config.settings")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        return _measure(questions)


def _measure(questions: dict[str, list[str]]) -> Result:
    ids = sorted(questions)
    unknown = set(ids[LEFT_OUT - 1 :: LEFT_OUT])
    names = _index({name: questions[name][:INDEXED] for name in ids if name not in unknown})
    queries = [(name, text) for name in ids for text in questions[name][INDEXED : INDEXED + ASKING]]
    asked, seconds = _ask(queries, names)
    known = [a for a in asked if a.known]
    return {
        "questions": len(ids),
        "known": len(known),
        "unknown": len(asked) - len(known),
        "mrr_at_10": float(np.mean([1 / a.rank if 0 < a.rank <= 10 else 0.0 for a in known])),
        "hit_at_1": float(np.mean([a.rank == 1 for a in known])),
        "auroc": auroc([a.confidence for a in known], [a.confidence for a in asked if not a.known]),
        "coverage_at_p95": coverage(asked, precision=0.95),
        "posts_per_second": len(queries) / seconds,
    }


def _index(wordings: dict[str, list[str]]) -> dict[int, str]:
    from hilft.knowledge.enums import Audience, Confidence
    from hilft.knowledge.matching import embed_pending
    from hilft.knowledge.models import Answer, Question, Version, Wording

    names = {}
    for number, (name, texts) in enumerate(wordings.items()):
        question = Question.objects.create(slug=f"q{number}", title=name[:200], topic="bench")
        answer = Answer.objects.create(question=question, confidence=Confidence.CHECKED, audience=Audience.PUBLIC)
        answer.current = Version.objects.create(answer=answer, number=1)
        answer.save()
        Wording.objects.bulk_create(Wording(question=question, text=text[:600]) for text in dict.fromkeys(texts))
        names[question.pk] = name
    while embed_pending():
        pass
    return names


def _ask(queries: Sequence[tuple[str, str]], names: dict[int, str]) -> tuple[list[Asked], float]:
    from hilft.knowledge.matching import suggest

    found = []
    indexed = set(names.values())
    suggest(queries[0][1])
    began = time.perf_counter()
    for name, text in queries:
        suggestions = suggest(text, most=10)
        ranked = [names[r.question] for r in suggestions.ranked]
        found.append(Asked(name in indexed, ranked.index(name) + 1 if name in ranked else 0, suggestions.confidence))
    return found, time.perf_counter() - began


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Probability that a known query's confidence exceeds an unknown one's, ties half (Mann–Whitney U / nm)."""
    if not positive or not negative:
        return float("nan")
    values = np.concatenate([positive, negative])
    _unique, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    u = ranks[: len(positive)].sum() - len(positive) * (len(positive) + 1) / 2
    return float(u / (len(positive) * len(negative)))


def coverage(asked: Sequence[Asked], *, precision: float) -> float:
    """Share of known queries answered rightly at the lowest threshold whose precision over all queries holds.

    An unknown query above the threshold counts as a wrong answer.
    """
    known = sum(a.known for a in asked)
    right = best = 0
    for answered, a in enumerate(sorted(asked, key=lambda a: -a.confidence), start=1):
        right += a.known and a.rank == 1
        if right / answered >= precision:
            best = right
    return best / known if known else float("nan")


def _read(file: Path) -> dict[str, list[str]]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Trouble(f"{file} cannot be read as JSON: {error}") from error
    fits = isinstance(found, dict) and all(
        isinstance(texts, list) and all(isinstance(text, str) for text in texts) for texts in found.values()
    )
    if not fits:
        raise Trouble(f'{file} must hold one object of the form {{"question": ["wording", …]}}.')
    return dict(found)


def _example() -> dict[str, list[str]]:
    from hilft.example.content import questions

    return {question.slug: question.wordings for question in questions()}
