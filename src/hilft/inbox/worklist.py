"""Which questions editors should look at, by what people asked and what agents said of the answers.

Both lists begin from grouped rows, one a question, so that questions with nothing against them cost nothing; a page's
questions are read afterwards (`knowledge.queries.questions_of`).
"""

from datetime import timedelta
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from hilft.base.clock import now
from hilft.inbox.enums import Verdict
from hilft.inbox.models import Conversation, Judgement
from hilft.knowledge.enums import Confidence
from hilft.knowledge.models import Question
from hilft.knowledge.queries import questions_of, unhelpful_versions, votes_by_version

LATELY: Final = timedelta(days=90)
ALIVE: Final = [state for state in Confidence.values if state != Confidence.ARCHIVED]


def asked_without_good_answer() -> QuerySet[Any, Any]:
    """Questions asked lately whose answer is missing, not validated, or did not help most readers; most asked first."""
    return (
        Conversation.objects.filter(_wants("question__"), last_message_at__gte=now() - LATELY, question__isnull=False)
        .values("question")
        .annotate(lately=Count("pk"))
        .order_by("-lately", "question")
    )


def wanting() -> QuerySet[Question]:
    """The same questions without figures and in no order: to count some of them without grouping all that was asked."""
    lately = Conversation.objects.filter(question=OuterRef("pk"), last_message_at__gte=now() - LATELY)
    return Question.objects.filter(_wants(""), Exists(lately)).order_by()


def _wants(path: str) -> Q:
    poor = Q(**{f"{path}answer__current__in": unhelpful_versions()})
    lacking = ~Q(**{f"{path}answer__confidence": Confidence.CHECKED}) | Q(**{f"{path}answer__current": None}) | poor
    return lacking & Q(**{f"{path}merged_into": None, f"{path}answer__confidence__in": ALIVE})


def asked_with_votes(rows: list[dict[str, Any]]) -> list[Question]:
    """Such questions with how often they were asked `lately`, and what readers said of their answers (`yes`, `no`)."""
    questions = questions_of(rows)
    votes = votes_by_version([question.answer.current_id or 0 for question in questions])
    for question in questions:
        vars(question).update(votes.get(question.answer.current_id or 0, {"yes": 0, "no": 0}))
    return questions


def flagged() -> QuerySet[Any, Any]:
    """Questions that agents called `wrong` or `outdated` since their answer was published, most often first."""
    return (
        Judgement.objects.filter(verdict__in=[Verdict.WRONG, Verdict.OUTDATED])
        .filter(question__merged_into=None, question__answer__confidence__in=ALIVE)
        .filter(at__gt=F("question__answer__current__published_at"))
        .values("question")
        .annotate(
            wrong=Count("pk", filter=Q(verdict=Verdict.WRONG)),
            outdated=Count("pk", filter=Q(verdict=Verdict.OUTDATED)),
            flags=Count("pk"),
        )
        .order_by("-flags", "question")
    )
