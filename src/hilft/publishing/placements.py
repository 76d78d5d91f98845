"""What screens and commands ask about placements: where they stand, what they came from, and what was not used."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from hilft.base.clock import now
from hilft.base.prepared import Given, prepared
from hilft.channels.phone.numbers import readable
from hilft.inbox.models import Conversation
from hilft.knowledge.enums import Confidence
from hilft.knowledge.models import Answer, Question
from hilft.knowledge.queries import questions_of
from hilft.people.models import Contact, User
from hilft.people.queries import keys_of_person, require
from hilft.publishing.models import Placement, PlacementChange


def placements(
    user: User, *, search: str = "", state: str = "", kind: str = "", question: int | None = None
) -> QuerySet[Placement]:
    """The ledger, newest first."""
    require(user, "placement.see")
    found = Placement.objects.select_related(
        "account", "author", "approver", "conversation__handle", "source__version__answer__question"
    )
    if search:
        found = found.filter(
            Q(text__icontains=search)
            | Q(url__icontains=search)
            | Q(conversation__handle__handle__icontains=search)
            | Q(conversation__handle__name__icontains=search)
            | Q(source__version__answer__question__title__icontains=search)
        )
    if state:
        found = found.filter(state=state)
    if kind:
        found = found.filter(account__kind=kind)
    if question is not None:
        found = found.filter(question=question)
    return found.order_by("-published_at", "-pk")


def access_placement(user: User, pk: int) -> Placement:
    """One placement with everything that led to it."""
    require(user, "placement.see")
    return Placement.objects.select_related(
        "account",
        "author",
        "approver",
        "delivery__draft",
        "message",
        "conversation__handle",
        "conversation__account",
        "source__version__answer__question",
        "source__version__author",
        "source__version__publisher",
        "replaced_by",
    ).get(pk=pk)


def changes_of(placement: Placement) -> QuerySet[PlacementChange]:
    """What a placement said before each correction, oldest first."""
    return placement.changes.select_related("source_before__version", "delivery").order_by("at", "pk")


def placements_by_state(question: Question) -> dict[str, int]:
    """How many replies made from a question's answer stand in each state; states without any are left out."""
    rows = Placement.objects.filter(question=question).order_by().values_list("state")
    return {str(state): n for state, n in rows.annotate(n=Count("pk"))}


def newest_placement(conversation: Conversation) -> Placement | None:
    """The latest reply that stands in this conversation, with whom and what it came from."""
    return next(iter(_newest_placement(conversation.pk)), None)


@prepared
def _newest_placement(conversation: Given) -> QuerySet[Placement]:
    related = ("source__version__answer__question", "source__version__author", "author", "approver")
    return Placement.objects.filter(conversation=conversation).select_related(*related).order_by("-pk")[:1]


def private_answers(conversation: Conversation) -> list[Placement]:
    """What was answered to this public conversation in private, and stands in another one, oldest first."""
    return _private_answers(conversation.pk)


@prepared
def _private_answers(conversation: Given) -> QuerySet[Placement]:
    found = Placement.objects.filter(delivery__conversation=conversation).exclude(conversation=conversation)
    return found.select_related("author").order_by("published_at", "pk")


def answered_to(contact: Contact) -> QuerySet[Placement]:
    """What this person was answered, on whatever channel, newest first."""
    everywhere = keys_of_person(contact)
    found = Placement.objects.filter(conversation__handle__contact__in=everywhere).select_related("account")
    return found.order_by("-published_at", "-pk")


def whom_to_call(placement: Placement) -> str:
    """For a reply that was spoken: who was told at which number; empty for one that stands on a network."""
    if not placement.url.startswith("tel:"):
        return ""
    name, number = placement.conversation.handle.shown, readable(placement.url.removeprefix("tel:"))
    return _("Call %(name)s: %(number)s.") % {"name": name, "number": number}


def unused() -> QuerySet[Any, Any]:
    """Hosted questions whose answer is older than a year and was not used since, the longest unused first."""
    year = now() - timedelta(days=365)
    used = Placement.objects.filter(question=OuterRef("question"), published_at__gte=year)
    return (
        Answer.objects.filter(current__published_at__lt=year, question__merged_into=None)
        .exclude(confidence=Confidence.ARCHIVED)
        .filter(~Exists(used))
        .order_by("current__published_at", "question")
        .values("question")
    )


def unused_with_last(rows: list[dict[str, Any]]) -> list[Question]:
    """Such questions with when they were `last_used`, if ever."""
    questions = questions_of(rows)
    used = Placement.objects.filter(question__in=questions).order_by("question").values_list("question")
    last = dict(used.annotate(last=Max("published_at")))
    for question in questions:
        vars(question)["last_used"] = last.get(question.pk)
    return questions
