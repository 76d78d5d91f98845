"""How well the same question is recognised: on a file of questions with wordings, or the example workspace's own.

Protocol: every fifth question by sorted id is unknown (left out of the index), unless the file has texts of its own
that ask nothing; the first three wordings of the others are indexed; the next ten at most of all questions ask. The
learning curve indexes 1, 3, 10 and 20 wordings; the same texts ask each time, ten at most from the twenty-first on.
Retrieval and ranking are the product's own, in PostgreSQL.

A file whose questions were trained on is cross-validated by question: each fifth of them is asked of parts that were
trained without it. Any other file is asked of the parts that ship.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hilft.cli.bench import Result
from hilft.cli.bench.figures import Asked, mrr, summary
from hilft.cli.instance import Trouble
from hilft.cli.testing import database
from hilft.cli.train.sets import Questions, fingerprints, hashed, permitted, read

if TYPE_CHECKING:
    from hilft.knowledge.matching import Matcher

INDEXED, ASKING, LEFT_OUT = 3, 10, 5
CURVE = (1, 3, 10, 20)
FOLDS = 5
RECOGNISED = 0.1
"""A file of which so large a share of questions was trained on is cross-validated."""
TIMED = 60


class Query(NamedTuple):
    """A text, the question it asks, and whether it stands in the protocol or in the learning curve."""

    question: str
    text: str
    learning: bool


Fold = tuple[Callable[[str], bool], "Matcher"]
"""Which questions a matcher may be asked, and the matcher."""


def measure(data: Path | None) -> Result:
    """Runs the protocol in a database of its own."""
    questions, stray = read(data) if data else (_example(), [])
    if len(questions) < 2 * LEFT_OUT:
        raise Trouble(f"The benchmark needs at least {2 * LEFT_OUT} questions; this file has {len(questions)}.")
    with database() as url:
        os.environ["HILFT_DATABASE_URL"] = url
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hilft.config.settings")
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        return _measure(questions, stray, data)


def _measure(questions: Questions, stray: list[str], data: Path | None) -> Result:
    ids = sorted(questions)
    unknown = set() if stray else set(ids[LEFT_OUT - 1 :: LEFT_OUT])
    queries = [Query(name, text, False) for name in ids for text in questions[name][INDEXED : INDEXED + ASKING]]
    queries += [Query("", text, False) for text in stray]
    last = CURVE[-1]
    queries += [
        Query(name, text, True) for name in ids if name not in unknown for text in questions[name][last : last + ASKING]
    ]
    folds, how = _folds(questions, data)
    names = _make({name for name in ids if name not in unknown})
    result: Result = {"questions": len(ids), "trained": how}
    curve: Result = {}
    for count in CURVE:
        _index({name: questions[name][:count] for name in names.values()}, names)
        asked = _ask([query for query in queries if query.learning or count == INDEXED], names, folds)
        if count == INDEXED:
            result |= summary([a for a, query in asked if not query.learning])
        curve[f"mrr_at_10_with_{count}"] = mrr([a for a, query in asked if query.learning])
    return result | {"posts_per_second": _speed([query.text for query in queries], folds[0][1])} | curve


def _folds(questions: Questions, data: Path | None) -> tuple[list[Fold], str]:
    """The shipped parts for everything; or, where these questions were trained on, parts that never saw them."""
    from hilft.cli.train.learning import learn
    from hilft.cli.train.vectors import Remembering
    from hilft.knowledge.matching import Matcher
    from hilft.knowledge.trained import MANIFEST, shipped
    from hilft.reading.embedding import encoder

    encoder_ = Remembering(encoder())
    seen = set(json.loads(MANIFEST.read_text(encoding="utf-8"))["questions"])
    known = sum(not seen.isdisjoint(fingerprints({name: texts})) for name, texts in questions.items())
    if known < RECOGNISED * len(questions):
        return [(lambda _name: True, Matcher(encoder_, shipped()))], "shipped weights, which saw none of this"
    folder = Path("../shared/data")
    sets = permitted(folder if folder.is_dir() or data is None else data.resolve().parent.parent)
    folds: list[Fold] = []
    for number in range(FOLDS):

        def asks(name: str, number: int = number) -> bool:
            return int(hashed(name), 16) % FOLDS == number

        texts = {text for name, wordings in questions.items() if asks(name) for text in wordings}
        others = [
            one._replace(
                questions={
                    name: wordings
                    for name, wordings in one.questions.items()
                    if not asks(name) and texts.isdisjoint(wordings)
                }
            )
            for one in sets
        ]
        learned = learn(others, encoder_, name=f"without part {number}", tell=lambda _line: None)
        folds.append((asks, Matcher(encoder_, learned)))
        sys.stderr.write(f"trained without part {number + 1} of {FOLDS}\n")
    return folds, f"{known} of these were trained on: cross-validated by question"


def _make(names: set[str]) -> dict[int, str]:
    from hilft.base.clock import now
    from hilft.knowledge.enums import Audience, Confidence, Release
    from hilft.knowledge.models import Answer, Question, Version

    made = {}
    for number, name in enumerate(sorted(names)):
        question = Question.objects.create(slug=f"q{number}", title=name[:200], topic="bench")
        answer = Answer.objects.create(question=question, confidence=Confidence.CHECKED, audience=Audience.PUBLIC)
        published = {"published_at": now(), "released": Release.ALONE}
        answer.current = Version.objects.create(answer=answer, number=1, **published)
        answer.save()
        made[question.pk] = name
    return made


def _index(wordings: Questions, names: dict[int, str]) -> None:
    from hilft.knowledge.models import Wording

    Wording.objects.bulk_create(
        (Wording(question_id=pk, text=text[:600]) for pk, name in names.items() for text in wordings[name]),
        ignore_conflicts=True,
    )


def _ask(queries: Sequence[Query], names: dict[int, str], folds: list[Fold]) -> list[tuple[Asked, Query]]:
    from hilft.knowledge.matching import embed_pending, suggest
    from hilft.knowledge.rereading import advance

    found = []
    for asks, matcher in folds:
        while embed_pending(using=matcher) or advance(using=matcher):
            pass
        mine = [query for query in queries if asks(query.question)]
        matcher.encoder.encode([query.text for query in mine])
        for query in mine:
            suggestions = suggest(query.text, most=10, using=matcher)
            ranked = [names[r.question] for r in suggestions.ranked]
            rank = ranked.index(query.question) + 1 if query.question in ranked else 0
            found.append((Asked(query.question in names.values(), rank, suggestions.confidence), query))
    return found


def _speed(texts: Sequence[str], matcher: "Matcher") -> float:
    """Posts a second on one core, with nothing remembered."""
    from hilft.knowledge.matching import suggest
    from hilft.reading.embedding import encoder

    bare = matcher._replace(encoder=encoder())
    some = list(texts)[:: max(1, len(texts) // TIMED)]
    suggest(some[0], using=bare)
    began = time.perf_counter()
    for text in some:
        suggest(text, using=bare)
    return len(some) / (time.perf_counter() - began)


def _example() -> Questions:
    from hilft.example.content import questions

    return {question.slug: question.wordings for question in questions()}
