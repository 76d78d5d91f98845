"""Looking after answers: their state, governance, owners, and whether they still hold."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.knowledge.enums import Audience, Confidence, Governance, Ground, Release
from hilft.knowledge.models import Answer, Check, Question
from hilft.knowledge.proposals import accept
from hilft.knowledge.releasing import review_day
from hilft.knowledge.rules import word_of
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.queries import require
from hilft.people.rules import right_of, validates


@transaction.atomic
def set_state(*, by: User, question: Question, confidence: str, audience: str) -> None:
    """Changes who may read an answer and how far it can be relied on.

    Calling it validated or showing it to everybody takes the right; taking it back never does.
    """
    require(by, "knowledge.write")
    answer = _locked(question)
    if audience == Audience.PUBLIC and answer.current_id is None:
        raise Refusal(_("Publish a version first: there is nothing to show yet."))
    opens = audience == Audience.PUBLIC and (
        answer.audience != Audience.PUBLIC or answer.confidence == Confidence.ARCHIVED != confidence
    )
    confirms = confidence == Confidence.CHECKED and answer.confidence != Confidence.CHECKED
    if answer.current is not None and opens and answer.current.released == Release.INSIDE:
        accept(by=by, version=answer.current)
        answer = _locked(question)
    elif opens or confirms:
        _may_vouch(by, answer)
        _second(by, answer)
    answer.confidence, answer.audience = confidence, audience
    answer.save(update_fields=["confidence", "audience"])
    record(by=by, verb="knowledge.set_state", subject=question, confidence=confidence, audience=audience)


@transaction.atomic
def set_governance(*, by: User, question: Question, governance: str, reason: str = "") -> None:
    """Says whether a change takes two people always, with the reason; text that stands stays until it is changed.

    Letting go of two people takes the publisher's right.
    """
    require(by, "knowledge.write")
    answer = _locked(question)
    chosen = Governance(governance)
    if chosen == Governance.TWO and not reason.strip():
        raise Refusal(_("Say why two people always have to look, for instance: regulated topic."))
    if chosen == Governance.FREE and answer.governance == Governance.TWO and not _publishes(by):
        raise Refusal(_("Only a publisher lets go of two people."))
    answer.governance = chosen
    answer.governance_reason = reason.strip()[:200] if chosen == Governance.TWO else ""
    if answer.review_on is not None and chosen == Governance.TWO:
        answer.review_on = min(answer.review_on, review_day(answer))
    answer.save(update_fields=["governance", "governance_reason", "review_on"])
    record(by=by, verb="knowledge.set_governance", subject=question, governance=chosen, reason=reason)


@transaction.atomic
def set_care(*, by: User, question: Question, owner: User | None, review_on: date | None) -> None:
    """Says who looks after an answer, and by when."""
    require(by, "knowledge.write")
    if owner is not None and right_of(owner) is None:
        raise Refusal(_("%(name)s does not work on answers.") % {"name": owner.name})
    answer = _locked(question)
    answer.owner, answer.review_on = owner, review_on
    answer.save(update_fields=["owner", "review_on"])
    record(by=by, verb="knowledge.set_care", subject=question, owner=owner and owner.pk, review_on=str(review_on))


@transaction.atomic
def still_right(*, by: User, question: Question) -> Answer:
    """Says that the answer still holds: its next review is a whole term away. Counts as a check."""
    require(by, "answer.propose")
    answer = _locked(question)
    if answer.current is None or answer.current.released == Release.INSIDE:
        raise Refusal(_("This question has no published answer."))
    if not (validates(by) and answer.confidence == Confidence.CHECKED and answer.governance == Governance.FREE):
        _may_vouch(by, answer)
    answer.checked_at, answer.review_on = now(), review_day(answer)
    answer.confidence = Confidence.CHECKED
    answer.save(update_fields=["checked_at", "review_on", "confidence"])
    Check.objects.create(version=answer.current, ground=Ground.DUE, by=by)
    record(by=by, verb="knowledge.still_right", subject=question, version=answer.current.number)
    tell("knowledge", question=question.pk)
    return answer


@transaction.atomic
def give_back(*, owner: User, by: User | None) -> None:
    """Somebody no longer works on answers: theirs belong to nobody and are due, so that they find a new owner."""
    answers = Answer.objects.select_for_update().filter(owner=owner)
    keys = list(answers.order_by("pk").values_list("pk", flat=True))
    Answer.objects.filter(pk__in=keys).update(owner=None, review_on=timezone.localdate(now()))
    record(by=by, verb="knowledge.give_back", subject=owner, answers=len(keys))


def _locked(question: Question) -> Answer:
    return Answer.objects.select_for_update(of=("self",)).select_related("current").get(question=question)


def _may_vouch(by: User, answer: Answer) -> None:
    """Refuses whoever cannot stand for this answer: replies made from a validated one leave unseen."""
    own = answer.current is not None and answer.current.author_id == by.pk
    if own and answer.governance == Governance.TWO:
        raise Refusal(_("You wrote this yourself: somebody else has to decide."))
    if word_of(right_of(by), own=own, governance=answer.governance) is None:
        raise Refusal(_("Your right does not reach that far: ask somebody who publishes."))


def _second(by: User, answer: Answer) -> None:
    """Where two people always look, whoever opens what one person had published is the second one."""
    current = answer.current
    if current is not None and answer.governance == Governance.TWO and current.released != Release.CHECKED:
        current.released, current.publisher = Release.CHECKED, by
        current.save(update_fields=["released", "publisher"])
        Check.objects.create(version=current, ground=Ground.SECOND, by=by)


def _publishes(by: User) -> bool:
    return word_of(right_of(by), own=True, governance=Governance.FREE) is not None
