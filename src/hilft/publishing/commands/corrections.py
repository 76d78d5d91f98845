"""When an answer changes: plan what happens to each reply out there, have it approved, carry it out."""

from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from hilft.approvals import commands as approvals
from hilft.approvals.models import Approval
from hilft.approvals.queries import approval_of
from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.base.newlines import plain
from hilft.base.queue import enqueue
from hilft.channels.contract import Sent
from hilft.channels.counting import fits
from hilft.channels.registry import adapter_of
from hilft.inbox.models import Message
from hilft.knowledge.models import Version
from hilft.people.certificates import require_certificate
from hilft.people.enums import Gate
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.queries import require
from hilft.publishing import budgets
from hilft.publishing.crashes import crash_point
from hilft.publishing.enums import Action, CorrectionState, DeliveryState, How, ItemState, PlacementState
from hilft.publishing.foresight import item_for, replies_made_before
from hilft.publishing.models import SUBJECT_CORRECTION, Correction, CorrectionItem, Delivery, Placement, PlacementChange
from hilft.publishing.placements import whom_to_call
from hilft.publishing.places import place_of
from hilft.publishing.queries import items_of
from hilft.publishing.rules import HOW, correction_digest


@transaction.atomic
def plan(*, version: Version, by: User | None) -> Correction | None:
    """Lists every reply made from an older version with what will happen to it; None when there is none."""
    found = replies_made_before(version)
    if not found:
        return None
    correction = Correction.objects.create(version=version, planned_by=by)
    if version.wording_only:
        correction.state, correction.reason, correction.finished_at = (
            CorrectionState.DROPPED,
            version.wording_only_reason,
            now(),
        )
        correction.save()
        return correction
    CorrectionItem.objects.filter(
        placement__in=found, correction__state__in=[CorrectionState.PLANNED, CorrectionState.WAITING]
    ).update(state=ItemState.LEFT_OUT, remark=_("Replaced by version %(number)s.") % {"number": version.number})
    CorrectionItem.objects.bulk_create(item_for(correction, placement) for placement in found)
    Placement.objects.filter(pk__in=[p.pk for p in found]).update(state=PlacementState.OUTDATED)
    settled = Placement.objects.filter(corrections__correction=correction, corrections__how=How.SAME)
    settled.update(state=PlacementState.CURRENT)
    if all(item.state == ItemState.DONE for item in correction.items.all()):
        correction.state, correction.finished_at = CorrectionState.DONE, now()
        correction.save()
    record(by=by, verb="publishing.plan_correction", subject=correction, placements=len(found))
    tell("corrections", correction=correction.pk)
    return correction


@transaction.atomic
def change_item(*, by: User, item: CorrectionItem, text: str, included: bool) -> CorrectionItem:
    """Changes what one reply will say, or leaves it out; a waiting approval becomes void.

    Refuses a text that its place cannot hold; one that fits where ours did not is sent instead of handed over.
    """
    require(by, "correction.plan")
    correction = Correction.objects.select_for_update().get(pk=item.correction_id)
    if correction.state not in {CorrectionState.PLANNED, CorrectionState.WAITING}:
        raise Refusal(_("This correction is running already."))
    if item.state not in {ItemState.PLANNED, ItemState.LEFT_OUT}:
        raise Refusal(_("There is nothing to decide about this reply any more."))
    if correction.state == CorrectionState.WAITING:
        approvals.void(kind=SUBJECT_CORRECTION, subject=correction.pk, reason="changed")
        Correction.objects.filter(pk=correction.pk).update(state=CorrectionState.PLANNED)
    text = plain(text)
    if text and text != item.text:
        place = place_of(item.placement.conversation, public=item.placement.public)
        if not fits(place.prefix + text, place.limits):
            raise Refusal(_("The text is too long for this network. Shorten it, or insert the short answer."))
        item.text, item.how, item.remark = text, HOW[adapter_of(item.placement.account).correction], ""
    item.state = ItemState.PLANNED if included else ItemState.LEFT_OUT
    item.save(update_fields=["state", "text", "how", "remark"])
    record(by=by, verb="publishing.change_item", subject=item, included=included)
    tell("corrections", correction=correction.pk)
    return item


@transaction.atomic
def submit(*, by: User, correction: Correction, anyway: bool = False) -> Correction:
    """Asks for one approval for the whole batch."""
    require(by, "correction.plan")
    correction = Correction.objects.select_for_update().get(pk=correction.pk)
    if correction.state != CorrectionState.PLANNED:
        raise Refusal(_("This correction has been submitted already."))
    if not correction.items.filter(state=ItemState.PLANNED).exists():
        raise Refusal(_("Every reply is left out. Include one, or say why nothing needs correcting."))
    if not anyway:
        budgets.hold(budgets.of_corrections(items_of(correction)))
    correction.state, correction.planned_by, correction.reason = CorrectionState.WAITING, by, ""
    correction.save(update_fields=["state", "planned_by", "reason"])
    approvals.ask(
        by=by, kind=SUBJECT_CORRECTION, subject=correction.pk, digest=digest_of(correction), rule="second-person"
    )
    record(by=by, verb="publishing.submit_correction", subject=correction, anyway=anyway)
    tell("corrections", correction=correction.pk)
    return correction


@transaction.atomic
def approve(*, by: User, correction: Correction, digest: str) -> Correction:
    """A second person releases the batch; its replies are corrected one by one."""
    correction = Correction.objects.select_for_update().get(pk=correction.pk)
    approval = approval_of(SUBJECT_CORRECTION, correction.pk)
    if correction.state != CorrectionState.WAITING or approval is None or digest_of(correction) != digest:
        raise approvals.Changed(_("The batch has changed since. Look at it again."))
    require_certificate(by, Gate.APPROVE, *_kinds(correction))
    approvals.approve(by=by, approval=approval, digest=digest, action="correction.approve")
    correction.state = CorrectionState.RUNNING
    correction.save(update_fields=["state"])
    enqueue("publishing.correct", correction=correction.pk)
    tell("corrections", correction=correction.pk)
    transaction.on_commit(partial(crash_point, "approved"))
    return correction


@transaction.atomic
def reject(*, by: User, correction: Correction, digest: str, reason: str) -> Correction:
    """A second person sends the batch back to the editor."""
    correction = Correction.objects.select_for_update().get(pk=correction.pk)
    approval = approval_of(SUBJECT_CORRECTION, correction.pk)
    if correction.state != CorrectionState.WAITING or approval is None:
        raise approvals.Changed(_("This has been decided already, or taken back."))
    require_certificate(by, Gate.APPROVE, *_kinds(correction))
    approvals.reject(by=by, approval=approval, digest=digest, action="correction.approve", reason=reason)
    correction.state, correction.reason = CorrectionState.PLANNED, reason.strip()[:300]
    correction.save(update_fields=["state", "reason"])
    tell("corrections", correction=correction.pk)
    return correction


@transaction.atomic
def send_back_expired(approval: Approval) -> None:
    """Nobody decided in time: the batch can be submitted again."""
    waiting = Correction.objects.select_for_update().filter(pk=approval.subject_id, state=CorrectionState.WAITING)
    for correction in waiting:
        correction.state = CorrectionState.PLANNED
        correction.reason = _("Nobody decided in time. Please submit it again.")
        correction.save(update_fields=["state", "reason"])
        tell("corrections", correction=correction.pk)


@transaction.atomic
def drop(*, by: User, correction: Correction, reason: str) -> Correction:
    """Leaves every reply as it is, with a reason."""
    require(by, "correction.plan")
    if not reason.strip():
        raise Refusal(_("Say in a few words why no reply needs correcting."))
    correction = Correction.objects.select_for_update().get(pk=correction.pk)
    if correction.state not in {CorrectionState.PLANNED, CorrectionState.WAITING}:
        raise Refusal(_("This correction is running already."))
    approvals.void(kind=SUBJECT_CORRECTION, subject=correction.pk, reason="dropped")
    correction.state, correction.reason, correction.finished_at = CorrectionState.DROPPED, reason.strip()[:300], now()
    correction.save()
    correction.items.exclude(state=ItemState.DONE).update(state=ItemState.LEFT_OUT)
    Placement.objects.filter(corrections__correction=correction, state=PlacementState.OUTDATED).update(
        state=PlacementState.KEPT
    )
    record(by=by, verb="publishing.drop_correction", subject=correction, reason=reason)
    tell("corrections", correction=correction.pk)
    return correction


def carry_out(pk: int) -> None:
    """Puts the batch's open items into the outbox, one transaction each; running it again adds nothing twice."""
    for item_pk in (
        CorrectionItem.objects.filter(correction=pk, correction__state=CorrectionState.RUNNING, state=ItemState.PLANNED)
        .order_by("pk")
        .values_list("pk", flat=True)
    ):
        _start(item_pk)
        crash_point("item-queued")
    finish(pk)


def _kinds(correction: Correction) -> set[str]:
    return set(correction.items.values_list("placement__account__kind", flat=True))


@transaction.atomic
def _start(pk: int) -> None:
    item = (
        CorrectionItem.objects.select_for_update(of=("self",))
        .select_related("placement__conversation__handle", "correction")
        .get(pk=pk)
    )
    if item.state != ItemState.PLANNED:
        return
    if item.how == How.PERSON:
        _hand_over(item, " ".join(filter(None, [item.remark, whom_to_call(item.placement)])))
        return
    placement = item.placement
    edits = item.how == How.EDIT
    item.delivery = Delivery.objects.create(
        action=Action.EDIT if edits else Action.PUBLISH,
        conversation_id=placement.conversation_id,
        account_id=placement.account_id,
        target=placement,
        reply_to=Message.objects.get(pk=placement.delivery.reply_to_id)
        if edits and placement.delivery.reply_to_id
        else placement.message,
        text=item.text,
        public=placement.public,
        due_at=now(),
    )
    item.state = ItemState.SENDING
    item.save(update_fields=["state", "delivery"])
    enqueue("publishing.deliver", delivery=item.delivery.pk)


def _hand_over(item: CorrectionItem, remark: str) -> None:
    item.state, item.remark = ItemState.PERSON, remark[:300]
    item.save(update_fields=["state", "remark"])
    Placement.objects.filter(pk=item.placement_id).update(state=PlacementState.PERSON)


@transaction.atomic
def settle_item(*, by: User, item: CorrectionItem) -> None:
    """A person corrected this one by hand."""
    require(by, "draft.write")
    item = CorrectionItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if item.state != ItemState.PERSON:
        raise Refusal(_("This one needs nobody any more."))
    item.state = ItemState.DONE
    item.save(update_fields=["state"])
    Placement.objects.filter(pk=item.placement_id).update(state=PlacementState.CORRECTED)
    record(by=by, verb="publishing.settle_item", subject=item)
    finish(item.correction_id)


def took_effect(delivery: Delivery, sent: Sent) -> None:
    """A correction arrived: the placement now says what holds, and its history keeps what it said before."""
    item = (
        CorrectionItem.objects.select_for_update(of=("self",))
        .select_related("placement")
        .filter(delivery=delivery)
        .first()
    )
    if item is None or item.state == ItemState.DONE:
        return
    placement = item.placement
    PlacementChange.objects.create(
        placement=placement, delivery=delivery, before=placement.text, source_before=placement.source, at=now()
    )
    if delivery.action == Action.EDIT:
        placement.text, placement.source, placement.state = item.text, item.source, PlacementState.CURRENT
        placement.external_version = sent.ref.version or placement.external_version
        placement.unchanged = True
        Message.objects.filter(pk=placement.message_id).update(text=item.text, edited_at=now(), changed_at=now())
    else:
        placement.state = PlacementState.CORRECTED
        placement.replaced_by = getattr(delivery, "placement", None)
    placement.save()
    item.state = ItemState.DONE
    item.save(update_fields=["state"])
    tell("corrections", correction=item.correction_id)
    enqueue("publishing.finish", correction=item.correction_id)


@transaction.atomic
def finish(pk: int) -> None:
    """Closes a running batch when nothing of it is left to do; stuck deliveries become a person's."""
    correction = Correction.objects.select_for_update().filter(pk=pk, state=CorrectionState.RUNNING).first()
    if correction is None:
        return
    for item in correction.items.select_related("delivery").filter(
        state=ItemState.SENDING, delivery__state=DeliveryState.PERSON
    ):
        _hand_over(item, item.delivery.error if item.delivery else "")
    if not correction.items.filter(state__in=[ItemState.PLANNED, ItemState.SENDING, ItemState.PERSON]).exists():
        correction.state, correction.finished_at = CorrectionState.DONE, now()
        correction.save(update_fields=["state", "finished_at"])
    tell("corrections", correction=pk)


def digest_of(correction: Correction) -> str:
    """What an approval of this batch is bound to right now."""
    return correction_digest(correction, list(items_of(correction)))
