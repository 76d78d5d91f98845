"""What screens and commands ask about samples, results, disputes, plans and coaching; who may see which."""

from typing import Final

from django.db.models import Case, Count, Prefetch, Q, QuerySet, When

from hilft.base.clock import now
from hilft.inbox.enums import Direction
from hilft.inbox.models import Message
from hilft.inbox.queries import messages_of
from hilft.people.models import User
from hilft.people.queries import require
from hilft.quality.enums import Round, State
from hilft.quality.models import Coach, Dispute, Note, Plan, Review, Sample, Scorecard, Taken
from hilft.quality.rules import TAKEN_FOR

SEATS: Final = Case(When(twice=True, state=State.OPEN, then=2), default=1)
"""How many people may review a sample at the same time: two where nobody has and two shall."""


def samples() -> QuerySet[Sample]:
    """All samples with what their screens show."""
    return Sample.objects.select_related(
        "scorecard", "plan", "placement__delivery", "placement__account", "placement__conversation__handle"
    )


def for_reviewer(user: User) -> QuerySet[Sample]:
    """Samples in which this person had no hand."""
    require(user, "quality.review")
    return samples().exclude(hands__contains=[user.pk])


def to_review(user: User) -> QuerySet[Sample]:
    """What waits for a review that this person could write and nobody else is writing, the longest waiting first."""
    return _reviewable(user).annotate(others=_others(user)).filter(others__lt=SEATS)


def being_reviewed(user: User) -> QuerySet[Sample]:
    """What this person could review if not as many people as it takes were doing so; these are its `now`."""
    found = _reviewable(user).annotate(others=_others(user)).filter(others__gte=SEATS)
    return found.prefetch_related(Prefetch("takers", _holding(), to_attr="now"))


def taken_by(user: User) -> Taken | None:
    """The reply that this person is reviewing now."""
    return _holding().filter(reviewer=user).first()


def others_at(sample: Sample, user: User) -> list[Taken]:
    """Who else is reviewing this now, if nobody is wanted beside them; empty for a reply that this person may take."""
    others = list(_holding().filter(sample=sample).exclude(reviewer=user))
    counted = Sample.objects.filter(pk=sample.pk).annotate(others=_others(user))
    return others if others and counted.filter(others__gte=SEATS).exists() else []


def to_look_at_together(user: User) -> QuerySet[Sample]:
    """What this person and somebody else reviewed with results that lie apart."""
    found = for_reviewer(user).filter(state=State.TOGETHER, reviews__reviewer=user)
    return found.order_by("drawn_at", "pk")


def to_decide(user: User) -> QuerySet[Sample]:
    """Disputes about replies in which, and in whose reviews, this person had no hand, the oldest first."""
    mine = Review.objects.filter(reviewer=user).values("sample")
    found = for_reviewer(user).filter(dispute__isnull=False, dispute__decision=None).exclude(pk__in=mine)
    return found.select_related("dispute").order_by("dispute__at", "pk")


def access_sample(user: User, pk: int) -> Sample:
    """One sample, for those who may review it; for everybody else it does not exist."""
    return for_reviewer(user).select_related("dispute").get(pk=pk)


def reviews_shown(user: User, sample: Sample) -> list[Review]:
    """The reviews that a reviewer sees: their own, and others' only where both are in and one has to look at them.

    That is whoever reviewed it, and whoever could decide on the dispute about it.
    """
    written = list(sample.reviews.order_by("pk"))
    own = [review for review in written if review.reviewer_id == user.pk]
    dispute: Dispute | None = getattr(sample, "dispute", None)
    decides = not own and dispute is not None and dispute.decision_id is None
    if sample.state in {State.TOGETHER, State.DONE} and (own or decides):
        return written
    return own


def thread_of(sample: Sample) -> list[Message]:
    """What customer and house said to each other until the reply left; no notes, because these name colleagues."""
    before = messages_of(sample.placement.conversation).exclude(direction=Direction.NOTE)
    found = before.exclude(pk=sample.placement.message_id).filter(at__lte=sample.placement.published_at)
    return list(reversed(found.order_by("-at", "-pk")[:8]))


def results_of(user: User) -> QuerySet[Sample]:
    """What came of reviews of this person's own replies, the newest first."""
    found = samples().select_related("dispute__decision").filter(author=user, state=State.DONE)
    return found.order_by("-settled_at", "-pk")


def access_result(user: User, pk: int) -> Sample:
    """One result, for the author of the reply alone."""
    return results_of(user).get(pk=pk)


def may_dispute(sample: Sample) -> bool:
    """Whether the author can still object."""
    until = sample.dispute_until
    return until is not None and now() < until and not Dispute.objects.filter(sample=sample).exists()


def scorecards() -> list[Scorecard]:
    """The newest version of each scorecard, by title."""
    newest = Scorecard.objects.order_by("key", "-number").distinct("key")
    return sorted(newest, key=lambda card: (card.title, card.key))


def newest_card(key: str) -> Scorecard:
    """The version that what is drawn now is reviewed by; raises DoesNotExist."""
    return Scorecard.objects.filter(key=key).order_by("-number")[:1].get()


def every_plan() -> QuerySet[Plan]:
    """All plans, each with how many replies it drew (`drawn`) and how many of them wait (`waiting`)."""
    waits = ~Q(samples__state=State.DONE)
    counted = Plan.objects.annotate(drawn=Count("samples"), waiting=Count("samples", filter=waits))
    return counted.order_by("-active", "name", "pk")


def coach_of(user: User) -> User | None:
    """Who coaches this person now."""
    found = Coach.objects.filter(user=user).select_related("coach").first()
    return found.coach if found else None


def coached_by(user: User) -> QuerySet[Coach]:
    """Whom this person coaches now, by name."""
    return Coach.objects.filter(coach=user, user__is_active=True).select_related("user").order_by("user__name", "pk")


def notes_to(user: User) -> QuerySet[Note]:
    """Everything that coaches ever wrote to this person, for this person, the newest first."""
    return Note.objects.filter(user=user).select_related("coach").order_by("-pk")


def notes_by(coach: User, user: User) -> QuerySet[Note]:
    """What a coach wrote to somebody they coach now; a former coach and the next one see nothing of it."""
    current = Coach.objects.filter(user=user, coach=coach)
    found = Note.objects.filter(user=user, coach=coach).filter(user__in=current.values("user"))
    return found.select_related("user").order_by("-pk")


def scored_twice() -> QuerySet[Review]:
    """First and second reviews of everything that has both, by sample."""
    second = Review.objects.filter(round=Round.SECOND).values("sample")
    found = Review.objects.filter(sample__in=second, round__in=[Round.FIRST, Round.SECOND])
    return found.order_by("sample", "round")


def _reviewable(user: User) -> QuerySet[Sample]:
    mine = Review.objects.filter(reviewer=user).values("sample")
    found = for_reviewer(user).filter(state__in=[State.OPEN, State.SECOND]).exclude(pk__in=mine)
    return found.order_by("drawn_at", "pk")


def _others(user: User) -> Count:
    return Count("takers", filter=Q(takers__at__gt=now() - TAKEN_FOR) & ~Q(takers__reviewer=user))


def _holding() -> QuerySet[Taken]:
    return Taken.objects.filter(at__gt=now() - TAKEN_FOR).select_related("reviewer").order_by("since", "pk")
