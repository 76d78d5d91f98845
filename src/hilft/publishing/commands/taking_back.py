"""A reply that waits or is about to leave goes back to its author: undone, stopped by news, or never decided."""

from django.db import transaction
from django.utils.translation import gettext as _

from hilft.approvals import commands as approvals
from hilft.approvals.queries import approval_of
from hilft.audit.commands import record
from hilft.inbox.models import Conversation
from hilft.inbox.queries import strands_of
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.queries import require
from hilft.publishing.commands.lapsed import tell_of
from hilft.publishing.enums import DeliveryState, DraftState, GroupState
from hilft.publishing.models import SUBJECT_DRAFT, SUBJECT_GROUP, Delivery, Draft, GroupReply
from hilft.publishing.rules import group_digest, subject_of


@transaction.atomic
def undo(*, by: User, delivery: Delivery) -> Draft:
    """Takes a released reply back while its undo time runs; the author has it back as a draft."""
    require(by, "draft.write")
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("draft").get(pk=delivery.pk)
    draft = delivery.draft
    waits = draft is not None and draft.by_hand and delivery.state == DeliveryState.PERSON
    if draft is None or not (waits or delivery.state == DeliveryState.QUEUED) or delivery.attempts:
        raise Refusal(_("Too late: the reply is on its way already."))
    approval = approval_of(*subject_of(draft))
    if by.pk not in {draft.author_id, approval.checker_id if approval else None}:
        raise Refusal(_("Only the author or the person who released it can take a reply back."))
    _take_back(delivery, draft, "")
    record(by=by, verb="publishing.undo", subject=draft)
    return draft


@transaction.atomic(savepoint=False)
def stop_for_news(conversation: Conversation) -> None:
    """The customer wrote or changed something: what waits or is about to leave goes back to its author."""
    notice = _("The customer wrote again. Please check your reply.")
    live = Draft.objects.filter(conversation__in=strands_of(conversation).values("pk"))
    for draft in live.select_for_update().filter(state__in=[DraftState.WAITING, DraftState.RELEASED]):
        if draft.state == DraftState.WAITING:
            back_to_editing(draft, notice)
            continue
        delivery = (
            Delivery.objects.select_for_update().filter(draft=draft, state=DeliveryState.QUEUED, attempts=0).first()
        )
        if delivery:
            _take_back(delivery, draft, notice)


def back_to_editing(draft: Draft, notice: str) -> Draft:
    """What waits for a second person goes back to its author, with a notice of why."""
    approvals.void(kind=SUBJECT_DRAFT, subject=draft.pk, reason=notice or "taken back")
    _edit_again(draft, notice)
    tell_of(draft)
    return draft


def _edit_again(draft: Draft, notice: str) -> None:
    """The author goes on writing; a reply that was one of many is one of its own from here on."""
    group = draft.group
    draft.state, draft.stopped, draft.group = DraftState.EDITING, notice[:300], None
    draft.save(update_fields=["state", "stopped", "group", "saved_at"])
    if group is not None and group.state == GroupState.WAITING:
        _ask_without(group)


def _ask_without(group: GroupReply) -> None:
    """One reply less to decide on: what was asked about is void, and the others are asked about anew."""
    left = list(group.drafts.filter(state=DraftState.WAITING).select_related("conversation"))
    if left:
        digest = group_digest(group, left)
        approvals.ask(by=group.author, kind=SUBJECT_GROUP, subject=group.pk, digest=digest, rule=group.rule)
    else:
        approvals.void(kind=SUBJECT_GROUP, subject=group.pk, reason="empty")
        GroupReply.objects.filter(pk=group.pk).update(state=GroupState.BACK)


def _take_back(delivery: Delivery, draft: Draft, notice: str) -> None:
    delivery.state, delivery.draft = DeliveryState.CANCELLED, None
    delivery.save(update_fields=["state", "draft"])
    _edit_again(draft, notice)
    tell_of(draft)
