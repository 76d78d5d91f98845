"""What the question page shows: the answer as it reads for this reader, and what is known about it."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import Count, Prefetch, Q
from django.http import Http404

from hilft.base.enums import Language
from hilft.community.language import Moved
from hilft.inbox.models import Conversation
from hilft.knowledge.enums import Likeness, Release
from hilft.knowledge.matching import suggest
from hilft.knowledge.models import Question, Text, Version, Vote
from hilft.knowledge.queries import versions_of
from hilft.knowledge.rules import text_key

SIMILAR = 4
SIMILAR_KEPT = 3600
CLOSE = 0.7
"""From which likeness a question counts as similar: looser than in matching, since the reader chooses."""


class Place(NamedTuple):
    """A kind of channel, and how many people asked this there."""

    kind: str
    people: int


class Helped(NamedTuple):
    """What readers said about a version, and this reader's own word."""

    yes: int
    no: int
    own: bool | None


def public_question(slug: str) -> Question:
    """The question with its answer and texts; 404 for what the public may not read, Moved for one that was merged."""
    texts = Prefetch("answer__current__texts", Text.objects.order_by("pk"))
    found = Question.objects.public().select_related("answer__current").prefetch_related(texts).filter(slug=slug)
    question = found.first()
    if question is None:
        merged = Question.objects.filter(slug=slug, merged_into__isnull=False).values_list("merged_into__slug").first()
        raise Moved("question", merged[0]) if merged else Http404
    return question


def text_for(version: Version, *, language: str, form: str) -> Text:
    """The version's text that serves this reader."""
    texts = {(text.language, text.address): text for text in version.texts.all()}
    return texts[text_key(texts, language=language, form=form)]


def current(question: Question) -> Version:
    """The version that holds: a public question has one."""
    version = question.answer.current
    if version is None:
        raise Http404
    return version


def is_in_english(question: Question) -> bool:
    """Whether the whole page reads in English."""
    texts = current(question).texts.all()
    return bool(question.title_en) and any(text.language == Language.EN for text in texts)


def published(question: Question) -> list[Version]:
    """The versions that once held or hold, newest first."""
    return list(versions_of(question).exclude(released__in=[Release.NONE, Release.INSIDE]))


def places(question: Question) -> list[Place]:
    """Where people asked this, most first: conversations that a person or a likely match put to this question."""
    likely = Q(confirmed=True) | Q(likeness__in=[Likeness.SURE, Likeness.LIKELY])
    rows = (
        Conversation.objects.filter(likely, question=question)
        .values_list("account__kind")
        .annotate(people=Count("handle", distinct=True))
        .order_by("-people", "account__kind")
    )
    return [Place(kind, people) for kind, people in rows]


def helped(version: Version, voter: str) -> Helped:
    """Readers' words on this version, in one query."""
    own = Q(voter=voter) if voter else Q(pk=None)
    row = Vote.objects.filter(version=version).aggregate(
        yes=Count("pk", filter=Q(helped=True)),
        no=Count("pk", filter=Q(helped=False)),
        own_yes=Count("pk", filter=own & Q(helped=True)),
        own_no=Count("pk", filter=own & Q(helped=False)),
    )
    said = True if row["own_yes"] else False if row["own_no"] else None
    return Helped(row["yes"], row["no"], said)


def similar(question: Question) -> list[Question]:
    """Public questions of a similar meaning; which ones is worked out once an hour."""
    key = f"community:similar:{question.pk}:{question.updated_at.timestamp()}"
    pks = cache.get_or_set(key, lambda: _similar(question), SIMILAR_KEPT)
    return in_order(pks or [])


def similar_to(text: str, *, most: int = 5) -> list[Question]:
    """Public questions that a text may ask, best first; nothing far-fetched."""
    near = [
        ranked.question for ranked in suggest(text, most=most, public_only=True).ranked if ranked.similarity >= CLOSE
    ]
    return in_order(near)


def in_order(pks: Iterable[int]) -> list[Question]:
    """Public questions in the order of these keys."""
    pks = list(pks)
    found = Question.objects.public().in_bulk(pks)
    return [found[pk] for pk in pks if pk in found]


def changed_at(question: Question, version: Version) -> datetime:
    """When this page last said something else."""
    return max(question.updated_at, version.published_at or question.updated_at)


def _similar(question: Question) -> list[int]:
    found = suggest(question.title, most=SIMILAR, public_only=True, without=question.pk).ranked
    return [r.question for r in found if r.similarity >= CLOSE]
