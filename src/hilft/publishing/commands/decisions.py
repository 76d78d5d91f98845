"""The second person's part: release exactly what was shown, edit, ask, send back; and what happens when nobody does."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from hilft.approvals import commands as approvals
from hilft.approvals.calls import tell_of_glass
from hilft.approvals.models import Approval, BrokenGlass, Remark
from hilft.approvals.queries import approval_of
from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.people.certificates import require_certificate
from hilft.people.enums import Gate
from hilft.people.errors import NotAllowed, Refusal
from hilft.people.models import User
from hilft.people.queries import require
from hilft.publishing.commands.deliveries import queue_reply
from hilft.publishing.commands.drafts import check
from hilft.publishing.commands.lapsed import tell_of
from hilft.publishing.commands.taking_back import back_to_editing
from hilft.publishing.enums import DraftState
from hilft.publishing.models import SUBJECT_DRAFT, Delivery, Draft
from hilft.publishing.rules import draft_digest


@transaction.atomic
def approve(*, by: User, draft: Draft, digest: str) -> Delivery:
    """A second person releases exactly this text; it leaves after their undo time.

    Where a second person edited the text, its author is one, too.
    """
    draft, approval = _waiting(draft)
    if draft_digest(draft) != digest:
        raise approvals.Changed(_("The text has changed since. Look at it again."))
    action = _certified_for(by, draft, approval)
    approvals.approve(by=by, approval=approval, digest=digest, action=action)
    return _release(by, draft)


@transaction.atomic
def reject(*, by: User, draft: Draft, digest: str, reason: str) -> Draft:
    """A second person sends the draft back with a reason."""
    draft, approval = _waiting(draft)
    action = _certified_for(by, draft, approval)
    approvals.reject(by=by, approval=approval, digest=digest, action=action, reason=reason)
    draft.state, draft.stopped = DraftState.EDITING, reason.strip()[:300]
    draft.save(update_fields=["state", "stopped", "saved_at"])
    tell_of(draft)
    return draft


@transaction.atomic
def edit(*, by: User, draft: Draft, digest: str, text: str) -> Draft:
    """A second person changes a waiting text; its author becomes the one who has to agree, and sees what changed."""
    require(by, "draft.approve")
    draft, approval = _waiting(draft)
    if by.pk == draft.author_id:
        raise NotAllowed(_("You wrote this yourself: take it back to change it."))
    require_certificate(by, Gate.APPROVE, draft.conversation.account.kind)
    if draft_digest(draft) != digest:
        raise approvals.Changed(_("The text has changed since. Look at it again."))
    if text.strip() == draft.text.strip():
        raise Refusal(_("Nothing was changed. Release the text, or send it back."))
    draft.before_edit, draft.text = draft.before_edit or draft.text, text.strip()
    check(draft, anyway=True)
    draft.save(update_fields=["before_edit", "text", "saved_at"])
    approvals.ask(
        by=by, kind=SUBJECT_DRAFT, subject=draft.pk, digest=draft_digest(draft), rule=approval.rule, edited=True
    )
    record(by=by, verb="publishing.edit", subject=draft)
    tell_of(draft)
    return draft


@transaction.atomic
def remark(*, by: User, draft: Draft, text: str) -> Remark:
    """A second person asks the author something, or the author replies, while the text waits on."""
    draft, _approval = _waiting(draft)
    if by.pk != draft.author_id:
        require(by, "draft.approve")
    made = approvals.remark(by=by, kind=SUBJECT_DRAFT, subject=draft.pk, text=text)
    tell_of(draft)
    return made


@transaction.atomic
def break_glass(*, by: User, draft: Draft, digest: str, reason: str, told: User) -> tuple[Delivery, BrokenGlass]:
    """A team lead releases a waiting text without a second person, who is told at once and reviews it within a day."""
    draft, _approval = _waiting(draft)
    if draft_digest(draft) != digest:
        raise approvals.Changed(_("The text has changed since. Look at it again."))
    glass = approvals.break_glass(by=by, kind=SUBJECT_DRAFT, subject=draft.pk, digest=digest, reason=reason, told=told)
    tell_of_glass(glass)
    return _release(by, draft), glass


@transaction.atomic
def send_back_expired(approval: Approval) -> None:
    """Nobody decided in time: the author has the draft back and is told."""
    draft = Draft.objects.select_for_update().filter(pk=approval.subject_id, state=DraftState.WAITING).first()
    if draft:
        back_to_editing(draft, _("Nobody decided in time. Please submit it again."))


def _certified_for(by: User, draft: Draft, approval: Approval) -> str:
    """The permission that this decision takes; raises Uncertified where the certificate for it is missing."""
    agrees = approval.edited and by.pk == draft.author_id
    require_certificate(by, Gate.DRAFT if agrees else Gate.APPROVE, draft.conversation.account.kind)
    return "draft.write" if agrees else "draft.approve"


def _waiting(draft: Draft) -> tuple[Draft, Approval]:
    draft = Draft.objects.select_for_update(of=("self",)).select_related("conversation__account").get(pk=draft.pk)
    approval = approval_of(SUBJECT_DRAFT, draft.pk)
    if draft.state != DraftState.WAITING or approval is None:
        raise approvals.Changed(_("This has been decided already, or taken back."))
    return draft, approval


def _release(by: User, draft: Draft) -> Delivery:
    draft.state = DraftState.RELEASED
    draft.save(update_fields=["state", "saved_at"])
    delivery = queue_reply(draft=draft, due_at=now() + timedelta(seconds=by.undo_seconds))
    tell_of(draft)
    return delivery
