"""One answer, many conversations: everybody who waits on a question is answered in one reviewed step."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from hilft.approvals import commands as approvals
from hilft.approvals.models import Approval
from hilft.approvals.queries import approval_of, drawn, ruling_for
from hilft.approvals.rules import Ruling
from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.base.queue import enqueue
from hilft.channels.models import Account
from hilft.inbox.models import Conversation
from hilft.inbox.queries import last_seen, latest_inbound
from hilft.knowledge.models import Question
from hilft.people.certificates import require_certificate
from hilft.people.enums import Gate
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.queries import require
from hilft.publishing import budgets
from hilft.publishing.commands import drafts
from hilft.publishing.commands.deliveries import queue_reply
from hilft.publishing.enums import DeliveryState, DraftState, GroupState
from hilft.publishing.facts import facts_of
from hilft.publishing.models import SUBJECT_GROUP, Delivery, Draft, GroupReply
from hilft.publishing.places import allowed
from hilft.publishing.queries import LIVE_DRAFT
from hilft.publishing.rules import group_digest

Write = Callable[[GroupReply, Conversation], Decimal]
NOTHING_KNOWN: Final[dict[str, object]] = dict.fromkeys(("unchanged", "answer_checked", "personal_data"), False) | {
    "purpose": "reply",
    "public": True,
}
"""What rules are asked of a text that no draft holds."""

MOST: Final = 200
"""How many conversations one step answers; a person has to be able to look through them."""


@transaction.atomic
def answer(*, by: User, question: Question, conversations: Sequence[int], anyway: bool = False) -> GroupReply:
    """Answers these conversations with the question's current answer, each rendered for its place.

    One that cannot be answered this way is left out with its reason and waits on. Refuses when none can be, and with
    OverBudget what the day's budgets do not cover, unless it is wanted `anyway`.
    """
    require(by, "draft.write")
    if question.answer.current is None:
        raise Refusal(_("This question has no published answer."))
    if len(conversations) > MOST:
        raise Refusal(_("Answer at most %(most)s conversations in one step.") % {"most": MOST})
    group = GroupReply.objects.create(question=question, version=question.answer.current, author=by)
    price: dict[Account, Decimal] = {}
    waiting = Conversation.objects.waiting().filter(pk__in=conversations, question=question)
    for conversation in waiting.select_related("account", "handle").select_for_update(of=("self",)).order_by("pk"):
        cost = attempt(group, conversation, _write)
        price[conversation.account] = price.get(conversation.account, Decimal(0)) + cost
    if not group.drafts.exists():
        reason = group.left_out[0]["reason"] if group.left_out else _("Nobody of them waits on this question any more.")
        raise Refusal(reason)
    return submit(by=by, group=group, price=price, anyway=anyway)


def attempt(group: GroupReply, conversation: Conversation, write: Write) -> Decimal:
    """Writes to one of many, or notes why it is left out; returns the price in US dollars."""
    try:
        with transaction.atomic():
            return write(group, conversation)
    except Refusal as refusal:
        group.left_out.append(
            {"conversation": conversation.pk, "name": conversation.handle.shown, "reason": str(refusal)}
        )
    return Decimal(0)


def submit(*, by: User, group: GroupReply, price: Mapping[Account, Decimal], anyway: bool) -> GroupReply:
    """What was written leaves at once where the rule lets all of it pass, else it waits for one decision."""
    written = list(group.drafts.select_related("conversation", "source__version__answer").order_by("pk"))
    if not anyway:
        budgets.hold(price)
    given = [_given(one, by) for one in written] or [(ruling_for(NOTHING_KNOWN, by), (group.pk, None))]
    held = sorted(one.rule for one, lot in given if drawn(one.held_share, by.pk, *lot))
    group.rule = held[0] if held else min(one.rule for one, _lot in given)
    group.save(update_fields=["left_out", "rule"])
    record(by=by, verb="publishing.group_reply", subject=group, drafts=len(written), rule=group.rule, anyway=anyway)
    if held:
        group.drafts.update(state=DraftState.WAITING, rule=group.rule)
        approvals.ask(by=by, kind=SUBJECT_GROUP, subject=group.pk, digest=digest_of(group), rule=group.rule)
    else:
        group.drafts.update(rule=group.rule)
        _release(group, undo=by.undo_seconds)
    _tell(group)
    return group


@transaction.atomic
def approve(*, by: User, group: GroupReply, digest: str) -> GroupReply:
    """A second person releases exactly these replies; they leave one by one, as fast as each network lets them."""
    group, approval = _waiting(group)
    if digest_of(group) != digest:
        raise approvals.Changed(_("The replies have changed since. Look at them again."))
    require_certificate(by, Gate.APPROVE, *_kinds(group))
    approvals.approve(by=by, approval=approval, digest=digest, action="draft.approve")
    _release(group, undo=by.undo_seconds)
    _tell(group)
    return group


@transaction.atomic
def reject(*, by: User, group: GroupReply, digest: str, reason: str) -> GroupReply:
    """A second person sends all of them back, with a reason; everybody waits on."""
    group, approval = _waiting(group)
    require_certificate(by, Gate.APPROVE, *_kinds(group))
    approvals.reject(by=by, approval=approval, digest=digest, action="draft.approve", reason=reason)
    return _take_back(group, reason.strip())


@transaction.atomic
def withdraw(*, by: User, group: GroupReply) -> GroupReply:
    """The author takes back what nobody has decided yet; everybody waits on."""
    require(by, "draft.write")
    group, _approval = _waiting(group)
    if group.author_id != by.pk:
        raise Refusal(_("This belongs to somebody else."))
    approvals.void(kind=SUBJECT_GROUP, subject=group.pk, reason="taken back")
    record(by=by, verb="publishing.withdraw_group", subject=group)
    return _take_back(group, "")


@transaction.atomic
def undo(*, by: User, group: GroupReply) -> GroupReply:
    """Takes back what has not begun to leave, within the undo time; those it was for wait on."""
    require(by, "draft.write")
    group = GroupReply.objects.select_for_update(of=("self",)).select_related("author").get(pk=group.pk)
    approval = approval_of(SUBJECT_GROUP, group.pk)
    if by.pk not in {group.author_id, approval.checker_id if approval else None}:
        raise Refusal(_("Only the author or the person who released it can take a reply back."))
    still_here = Delivery.objects.select_for_update().filter(
        draft__group=group, state=DeliveryState.QUEUED, attempts=0, due_at__gt=now()
    )
    pks = list(still_here.values_list("draft", flat=True))
    if not pks:
        raise Refusal(_("Too late: the replies are on their way already."))
    Delivery.objects.filter(draft__in=pks).update(state=DeliveryState.CANCELLED, draft=None)
    Draft.objects.filter(pk__in=pks).update(state=DraftState.DISCARDED)
    if not group.drafts.exclude(state=DraftState.DISCARDED).exists():
        group.state = GroupState.BACK
        group.save(update_fields=["state"])
    record(by=by, verb="publishing.undo_group", subject=group, replies=len(pks))
    _tell(group)
    return group


@transaction.atomic
def send_back_expired(approval: Approval) -> None:
    """Nobody decided in time: everybody waits on, and the list can be answered again."""
    found = GroupReply.objects.select_for_update(of=("self",)).filter(pk=approval.subject_id, state=GroupState.WAITING)
    for group in found:
        _take_back(group, _("Nobody decided in time. Please submit it again."))


def digest_of(group: GroupReply) -> str:
    """What an approval of these replies is bound to: every one that still waits, with its text and place."""
    return group_digest(group, list(group.drafts.filter(state=DraftState.WAITING).select_related("conversation")))


def _write(group: GroupReply, conversation: Conversation) -> Decimal:
    """The reply to one conversation, checked as any other; returns its price in US dollars. Raises Refusal."""
    if conversation.drafts.filter(state__in=LIVE_DRAFT).exclude(text="").exists():
        raise Refusal(_("Somebody is writing a reply there."))
    draft = drafts.begin(by=group.author, conversation=conversation)
    assert group.question is not None
    draft = drafts.insert(by=group.author, draft=draft, question=group.question)
    return join(group, draft)


def join(group: GroupReply, draft: Draft) -> Decimal:
    """Makes a written draft one of many, checked as any other; returns its price in US dollars. Raises Refusal."""
    conversation = draft.conversation
    draft.group, draft.seen = group, last_seen(conversation)
    draft.reply_to = latest_inbound(conversation) or draft.reply_to
    drafts.check(draft, anyway=True)
    draft.save()
    if draft.reply_to is None or not draft.reply_to.external_id:
        return Decimal(0)
    return allowed(draft.reply_to, public=draft.public, text=draft.text).price or Decimal(0)


def _given(draft: Draft, by: User) -> tuple[Ruling, tuple[int, int | None]]:
    """What the rules say of one of them, and its lot; without a certificate it is held whatever they say."""
    facts = facts_of(draft)
    given = ruling_for(facts, by)
    return given._replace(held_share=1.0) if facts["uncertified"] else given, (draft.conversation_id, draft.reply_to_id)


def _release(group: GroupReply, *, undo: int) -> None:
    due_at = now() + timedelta(seconds=undo)
    group.state = GroupState.RELEASED
    group.save(update_fields=["state"])
    for draft in group.drafts.select_related("conversation").order_by("pk"):
        draft.state = DraftState.RELEASED
        draft.save(update_fields=["state", "saved_at"])
        queue_reply(draft=draft, due_at=due_at)
    if group.cause_id:
        enqueue("publishing.tell_followers", at=due_at, group=group.pk)


def _take_back(group: GroupReply, reason: str) -> GroupReply:
    group.drafts.filter(state=DraftState.WAITING).update(state=DraftState.DISCARDED)
    group.state, group.reason = GroupState.BACK, reason[:300]
    group.save(update_fields=["state", "reason"])
    _tell(group)
    return group


def _waiting(group: GroupReply) -> tuple[GroupReply, Approval]:
    group = GroupReply.objects.select_for_update(of=("self",)).select_related("author").get(pk=group.pk)
    approval = approval_of(SUBJECT_GROUP, group.pk)
    if group.state != GroupState.WAITING or approval is None:
        raise approvals.Changed(_("This has been decided already, or taken back."))
    return group, approval


def _kinds(group: GroupReply) -> set[str]:
    return set(group.drafts.filter(state=DraftState.WAITING).values_list("conversation__account__kind", flat=True))


def _tell(group: GroupReply) -> None:
    tell("approvals", group=group.pk)
    tell("placements", group=group.pk)
    for conversation in group.drafts.values_list("conversation", flat=True):
        tell(f"conversation-{conversation}")
