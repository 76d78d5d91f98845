"""What screens ask about questions and answers."""

from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone, translation

from hilft.base.clock import now
from hilft.knowledge.causes.queries import named_by
from hilft.knowledge.enums import Confidence, FindingKind, MoveKind, Release
from hilft.knowledge.matching import suggest
from hilft.knowledge.models import Answer, Check, Finding, Move, Question, Text, Version, VersionQuerySet, Vote, Wording
from hilft.people.models import User
from hilft.people.queries import require

YES, NO = (Count("pk", filter=Q(helped=helped)) for helped in (True, False))
"""Over votes: how many said that it helped, and that it did not."""
RELATED = 0.5
"""Similarity from which a question is worth showing to somebody who searched for something else."""


def questions_for_editors(*, search: str = "", topic: str = "", state: str = "") -> QuerySet[Question]:
    """Every question with its answer and number of wordings (`ways`), most asked first.

    Wordings are counted for what is shown only; each way to be found is looked up by itself, with an index of its own.
    """
    found = Question.objects.select_related("answer__current").filter(merged_into=None)
    if topic:
        found = found.filter(topic=topic)
    archived = Confidence.ARCHIVED
    found = found.filter(answer__confidence=state) if state else found.exclude(answer__confidence=archived)
    if search:
        words = SearchQuery(search, config="hilft_de", search_type="websearch")
        by_words = Question.objects.filter(search_de=words)
        by_title = Question.objects.filter(Q(title__icontains=search) | Q(title_en__icontains=search))
        by_wording = Wording.objects.current().filter(text__icontains=search).values("question")
        found = found.filter(Q(pk__in=by_words) | Q(pk__in=by_title) | Q(pk__in=by_wording))
    mine = Wording.objects.current().filter(question=OuterRef("pk")).order_by().values("question")
    ways = Coalesce(Subquery(mine.annotate(n=Count("pk")).values("n")), 0)
    return found.annotate(ways=ways).order_by("-asked", "title", "pk")


def topics() -> list[str]:
    """The topics in use, by name."""
    return list(Question.objects.order_by("topic").values_list("topic", flat=True).distinct())


def access_question(user: User, pk: int) -> Question:
    """One question with its answer, for staff."""
    require(user, "knowledge.see")
    found = Question.objects.select_related("answer__current", "answer__owner")
    return found.annotate(causes=named_by(OuterRef("pk"))).get(pk=pk)


def wordings_of(question: Question) -> QuerySet[Wording]:
    """A question's current wordings, newest first."""
    return question.wordings.current().select_related("added_by").order_by("-added_at", "-pk")


def removed_wordings(question: Question, *, most: int = 10) -> list[Wording]:
    """What was taken out of matching last, to be taken back in."""
    return list(question.wordings.exclude(removed_at=None).order_by("-removed_at", "-pk")[:most])


def access_wording(user: User, question: int, pk: int) -> Wording:
    """One wording of a question, for those who may add and remove them."""
    require(user, "wording.add")
    return Wording.objects.select_related("question").get(pk=pk, question=question)


def version_in_progress(question: Question) -> Version | None:
    """The version that is being written, with its texts; None when nobody is at it."""
    return versions_of(question).in_progress().first()


def versions_of(question: Question) -> VersionQuerySet:
    """All versions of a question's answer, newest first, with texts."""
    return (
        Version.objects.filter(answer__question=question)
        .select_related("author", "publisher", "answer")
        .prefetch_related(Prefetch("texts", Text.objects.order_by("language", "-address")))
        .order_by("-number")
    )


def access_offer(user: User, pk: int) -> Version:
    """A text that somebody offered or released for the team, with all texts of it and of what holds now."""
    require(user, "answer.propose")
    texts = Prefetch("texts", Text.objects.order_by("language", "-address"))
    now_holding = Prefetch("answer__current__texts", Text.objects.order_by("language", "-address"))
    found = Version.objects.select_related("author", "closed_by", "answer__question", "answer__current", "base")
    offered = found.filter(Q(offered_at__isnull=False) | Q(released=Release.INSIDE))
    return offered.prefetch_related(texts, now_holding).get(pk=pk)


def offered_for(answer: Answer | OuterRef) -> VersionQuerySet:
    """Texts offered for an answer that still can be decided on, the newest first."""
    return (
        Version.objects.waiting()
        .filter(Q(base=F("answer__current")) | Q(base=None, answer__current=None), answer=answer)
        .order_by("-offered_at", "-pk")
    )


def offers(pks: list[int]) -> dict[int, Version]:
    """Offered texts by their key."""
    if not pks:
        return {}
    return Version.objects.select_related("author", "answer").prefetch_related("texts").in_bulk(pks)


def proposed() -> QuerySet[Question]:
    """Questions with a text that waits for a second person, the longest waiting first."""
    waiting = Version.objects.waiting().filter(answer__question=OuterRef("pk")).order_by("offered_at", "pk")
    inside = Version.objects.filter(released=Release.INSIDE, answer__current=F("pk"), answer__question=OuterRef("pk"))
    offered = Q(pk__in=Version.objects.waiting().values("answer__question"))
    released = Version.objects.filter(released=Release.INSIDE, answer__current=F("pk")).values("answer__question")
    return (
        Question.objects.filter(offered | Q(pk__in=released), merged_into=None)
        .annotate(
            offer=Coalesce(Subquery(waiting.values("pk")[:1]), Subquery(inside.values("pk")[:1])),
            offer_by=Coalesce(
                Subquery(waiting.values("author__name")[:1]), Subquery(inside.values("author__name")[:1])
            ),
            offer_since=Coalesce(
                Subquery(waiting.values("offered_at")[:1]), Subquery(inside.values("published_at")[:1])
            ),
        )
        .select_related("answer__current")
        .order_by("offer_since", "pk")
    )


def due() -> QuerySet[Question]:
    """Hosted questions whose answer somebody has to look at again, the longest due first."""
    return (
        Question.objects.hosted()
        .filter(answer__review_on__lte=timezone.localdate(now()))
        .exclude(answer__current__released=Release.INSIDE)
        .select_related("answer__current", "answer__owner")
        .order_by("answer__review_on", "pk")
    )


def checks_of(question: Question, *, most: int = 10) -> list[Check]:
    """Who said of this question's answers that they hold, newest first."""
    found = Check.objects.filter(version__answer__question=question).select_related("by", "version")
    return list(found.order_by("-at", "-pk")[:most])


def findings(kind: FindingKind) -> QuerySet[Finding]:
    """Pairs of questions that get in each other's way, the most asked first."""
    texts = Prefetch("answer__current__texts", Text.objects.order_by("language", "-address"))
    questions = Question.objects.select_related("answer__current").prefetch_related(texts)
    hosted = Q()
    for side in ("question", "other"):
        hosted &= Q(**{f"{side}__merged_into": None, f"{side}__answer__current__isnull": False})
        hosted &= ~Q(**{f"{side}__answer__confidence": Confidence.ARCHIVED})
    return (
        Finding.objects.filter(hosted, kind=kind)
        .select_related("wording", "other_wording")
        .prefetch_related(Prefetch("question", questions), Prefetch("other", questions))
        .order_by("-question__asked", "pk")
    )


def questions_of(rows: list[dict[str, Any]]) -> list[Question]:
    """The questions of rows that were grouped by `question`, in their order, each with its row's figures."""
    found = Question.objects.select_related("answer__current").in_bulk([row["question"] for row in rows])
    for row in rows:
        vars(found[row["question"]]).update({name: n for name, n in row.items() if name != "question"})
    return [found[row["question"]] for row in rows]


def votes_by_version(versions: list[int]) -> dict[int, dict[str, int]]:
    """How many readers said `yes` and `no` of each version; those without votes are left out."""
    rows = Vote.objects.filter(version__in=versions).order_by("version").values_list("version").annotate(yes=YES, no=NO)
    return {version: {"yes": yes, "no": no} for version, yes, no in rows}


def unhelpful_versions() -> QuerySet[Vote, Any]:
    """Versions of which at least three readers said that they did not help, and more than said that they did.

    Looked for among those with three such votes, which an index of these votes alone gives.
    """
    against = Vote.objects.filter(helped=False).order_by().values("version").annotate(n=Count("pk")).filter(n__gte=3)
    rows = Vote.objects.filter(version__in=against.values("version")).order_by().values("version")
    return rows.annotate(yes=YES, no=NO).filter(no__gt=F("yes")).values("version")


def votes_of(question: Question) -> tuple[int, int]:
    """How many readers said that it helped, and that it did not: of all versions, also of what was merged into it."""
    those = Question.objects.filter(Q(pk=question.pk) | Q(merged_into=question))
    row = Vote.objects.filter(version__answer__question__in=those).aggregate(yes=YES, no=NO)
    return row["yes"], row["no"]


def moves_of(question: Question, *, most: int = 10) -> list[Move]:
    """What was merged into a question, split off from it or made it, as far as it holds, newest first."""
    splits = Q(source=question, kind=MoveKind.SPLIT)
    found = Move.objects.filter(Q(target=question) | splits, undone_at=None)
    return list(found.select_related("source", "target", "by").order_by("-pk")[:most])


def public_questions(*, topic: str = "") -> QuerySet[Question]:
    """What the portal lists: public questions, most asked first."""
    found = Question.objects.public().select_related("answer__current")
    if topic:
        found = found.filter(Q(topic=topic) | Q(topic_en=topic))
    return found.order_by("-asked", "title", "pk")


def search_public(words: str, *, most: int = 20) -> list[Question]:
    """Public questions by words and by meaning: full text first, then what means the same."""
    english = (translation.get_language() or "de").startswith("en")
    config, field = ("hilft_en", "search_en") if english else ("hilft_de", "search_de")
    query = SearchQuery(words, config=config, search_type="websearch")
    by_words = list(
        Question.objects.public()
        .select_related("answer__current")
        .filter(**{field: query})
        .annotate(rank=SearchRank(F(field), query))
        .order_by("-rank", "pk")[:most]
    )
    known = {question.pk for question in by_words}
    near = [
        r.question
        for r in suggest(words, public_only=True).ranked
        if r.question not in known and r.similarity > RELATED
    ]
    by_meaning = Question.objects.public().select_related("answer__current").in_bulk(near)
    return (by_words + [by_meaning[pk] for pk in near if pk in by_meaning])[:most]
