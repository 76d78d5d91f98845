"""The only writers of approvals. Maker ≠ checker holds here and in the database."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from hilft.approvals.enums import Decision
from hilft.approvals.models import Approval, BrokenGlass, Remark
from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.people.errors import NotAllowed, Refusal
from hilft.people.models import User
from hilft.people.queries import require
from hilft.people.rules import may

VALID_FOR = timedelta(hours=2)
REVIEW_WITHIN = timedelta(hours=24)


class Changed(Refusal):
    """What is to be approved is no longer what was asked about."""


@transaction.atomic
def ask(*, by: User, kind: str, subject: int, digest: str, rule: str, edited: bool = False) -> Approval:
    """Asks for a second person; an older request for the same subject becomes void.

    `edited` says that `by` changed what somebody else had submitted.
    """
    void(kind=kind, subject=subject, reason="replaced")
    at = now()
    approval = Approval.objects.create(
        subject_kind=kind,
        subject_id=subject,
        digest=digest,
        maker=by,
        rule=rule,
        edited=edited,
        asked_at=at,
        expires_at=at + VALID_FOR,
    )
    record(by=by, verb="approvals.ask", subject=approval, rule=rule)
    tell("approvals", approval=approval.pk)
    return approval


@transaction.atomic
def approve(*, by: User, approval: Approval, digest: str, action: str) -> Approval:
    """Approves exactly the content behind `digest`; `action` names the permission it takes."""
    return _decide(by=by, approval=approval, digest=digest, action=action, decision=Decision.APPROVED, reason="")


@transaction.atomic
def reject(*, by: User, approval: Approval, digest: str, action: str, reason: str) -> Approval:
    """Rejects, with a reason that goes to the maker."""
    if not reason.strip():
        raise Refusal(_("A rejection needs a reason: say what should change."))
    return _decide(
        by=by, approval=approval, digest=digest, action=action, decision=Decision.REJECTED, reason=reason.strip()
    )


@transaction.atomic
def void(*, kind: str, subject: int, reason: str) -> int:
    """Ends a waiting request because its content or situation changed; returns how many there were."""
    waiting = Approval.objects.filter(subject_kind=kind, subject_id=subject, decision=Decision.WAITING)
    ended = list(waiting.select_for_update())
    if ended:
        waiting.update(decision=Decision.VOID, reason=reason, decided_at=now())
        tell("approvals", subject=subject)
    for approval in ended:
        record(by=None, verb="approvals.void", subject=approval, reason=reason)
    return len(ended)


@transaction.atomic
def remark(*, by: User, kind: str, subject: int, text: str) -> Remark:
    """Adds what somebody says about a waiting text; it decides nothing."""
    if not text.strip():
        raise Refusal(_("Write what you want to know."))
    made = Remark.objects.create(subject_kind=kind, subject_id=subject, author=by, text=text.strip())
    record(by=by, verb="approvals.remark", subject=made)
    tell("approvals", subject=subject)
    return made


@transaction.atomic
def break_glass(*, by: User, kind: str, subject: int, digest: str, reason: str, told: User) -> BrokenGlass:
    """Lets a text pass without a second person: with a reason, somebody else told at once, and a review to come."""
    require(by, "glass.break")
    if not reason.strip():
        raise Refusal(_("Say why nobody else could decide in time."))
    if told.pk == by.pk or not may(told, "glass.review"):
        raise Refusal(_("Name somebody else who may review this."))
    void(kind=kind, subject=subject, reason="glass broken")
    at = now()
    glass = BrokenGlass.objects.create(
        subject_kind=kind,
        subject_id=subject,
        digest=digest,
        by=by,
        told=told,
        reason=reason.strip(),
        at=at,
        review_due=at + REVIEW_WITHIN,
    )
    record(by=by, verb="approvals.break_glass", subject=glass, reason=reason.strip(), told=told.pk)
    tell("approvals", glass=glass.pk)
    return glass


@transaction.atomic
def review_glass(*, by: User, glass: BrokenGlass, justified: bool, remark: str) -> BrokenGlass:
    """Somebody else says afterwards whether it was justified."""
    require(by, "glass.review")
    glass = BrokenGlass.objects.select_for_update().get(pk=glass.pk)
    if glass.by_id == by.pk:
        raise NotAllowed(_("You broke this glass yourself: somebody else has to review it."))
    if glass.reviewer_id:
        raise Changed(_("This has been reviewed already."))
    if not justified and not remark.strip():
        raise Refusal(_("Say what should have been done instead."))
    glass.reviewer, glass.reviewed_at, glass.justified, glass.remark = by, now(), justified, remark.strip()
    glass.save()
    record(by=by, verb="approvals.review_glass", subject=glass, justified=justified)
    tell("approvals", glass=glass.pk)
    return glass


@transaction.atomic
def expire() -> list[Approval]:
    """Ends requests that nobody decided in time; returns them so that their makers can be told."""
    late = list(
        Approval.objects.select_for_update(skip_locked=True).filter(decision=Decision.WAITING, expires_at__lte=now())
    )
    Approval.objects.filter(pk__in=[a.pk for a in late]).update(decision=Decision.EXPIRED, decided_at=now())
    for approval in late:
        record(by=None, verb="approvals.expire", subject=approval)
    if late:
        tell("approvals", expired=len(late))
    return late


def _decide(*, by: User, approval: Approval, digest: str, action: str, decision: Decision, reason: str) -> Approval:
    require(by, action)
    approval = Approval.objects.select_for_update().get(pk=approval.pk)
    if approval.maker_id == by.pk:
        raise NotAllowed(_("You wrote this yourself: somebody else has to decide."))
    if approval.decision != Decision.WAITING:
        raise Changed(_("This has been decided already, or taken back."))
    if approval.digest != digest or approval.expires_at <= now():
        raise Changed(_("The text has changed since, or the request is too old. Look at it again."))
    approval.decision, approval.checker, approval.reason, approval.decided_at = decision, by, reason, now()
    approval.save()
    record(by=by, verb=f"approvals.{decision}", subject=approval, reason=reason)
    tell("approvals", approval=approval.pk)
    return approval
