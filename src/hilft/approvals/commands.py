"""The only writers of approvals. Maker ≠ checker holds here and in the database."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from hilft.approvals.enums import Decision
from hilft.approvals.models import Approval
from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.people.errors import NotAllowed, Refusal
from hilft.people.models import User
from hilft.people.queries import require

VALID_FOR = timedelta(hours=2)


class Changed(Refusal):
    """What is to be approved is no longer what was asked about."""


@transaction.atomic
def ask(*, by: User, kind: str, subject: int, digest: str, rule: str) -> Approval:
    """Asks for a second person; an older request for the same subject becomes void."""
    void(kind=kind, subject=subject, reason="replaced")
    at = now()
    approval = Approval.objects.create(
        subject_kind=kind,
        subject_id=subject,
        digest=digest,
        maker=by,
        rule=rule,
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
