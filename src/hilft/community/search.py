"""Finding questions: what the reader typed, by words and by meaning, with the found words marked."""

from typing import NamedTuple

from django.contrib.postgres.search import SearchHeadline, SearchQuery
from django.db.models import F, Q

from hilft.base.enums import Address, Language
from hilft.base.markdown import to_text
from hilft.knowledge.models import Question, Text
from hilft.knowledge.queries import search_public
from hilft.knowledge.rules import text_key

FOUND, LOST = "\ue000", "\ue001"
"""Stand around a found word until the text is escaped; letters of private use, which nobody types."""

EXCERPT = 260
LONGEST = 200


class Result(NamedTuple):
    """A question that was found, with what its answer says in short."""

    question: Question
    excerpt: str


def tidy(words: str) -> str:
    """What was asked for, on one line and no longer than anybody types."""
    plain = words.replace("\x00", "").replace(FOUND, "").replace(LOST, "")
    return " ".join(plain.split())[:LONGEST]


def search(words: str, *, language: Language, form: str, most: int = 20) -> list[Result]:
    """Public questions for these words, best first."""
    questions = search_public(words, most=most)
    excerpts = _excerpts(questions, words, language=language, form=form)
    return [Result(question, excerpts.get(question.pk, "")) for question in questions]


def _excerpts(questions: list[Question], words: str, *, language: Language, form: str) -> dict[int, str]:
    query = SearchQuery(words, config=f"hilft_{language}", search_type="websearch")
    headline = SearchHeadline(
        "short", query, config=f"hilft_{language}", start_sel=FOUND, stop_sel=LOST, highlight_all=True
    )
    texts = (
        Text.objects.filter(version__answer__question__in=questions)
        .filter(version=F("version__answer__current"))
        .filter(Q(language=Language.DE) | Q(language=language))
        .annotate(of=F("version__answer__question"), headline=headline)
    )
    by_question: dict[int, dict[tuple[str, str], str]] = {}
    for text in texts:
        said = text.headline if text.short else _beginning(to_text(text.body))
        by_question.setdefault(text.of, {})[text.language, text.address] = said
    return {pk: said[text_key(said, language=language, form=form)] for pk, said in by_question.items()}


def _beginning(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= EXCERPT else f"{plain[:EXCERPT].rsplit(' ', 1)[0]} …"


def default_form(value: str | None) -> str:
    """The form of address a reader wants: Sie unless they chose du."""
    return Address.DU if value == Address.DU else Address.SIE
