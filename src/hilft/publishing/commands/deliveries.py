"""The outbox: each delivery takes effect at most once, and a crash at any step loses and doubles nothing.

1. A row says what is to happen and carries an idempotency key (`queued`).
2. The row says that an attempt has begun (`sending`), committed before anything leaves.
3. The network is asked. 4. The outcome is written in one transaction with placement and message.

Whoever finds a row in `sending` looks at the network before sending again, and as long as looking fails the row stays
`sending`. A lock that ends with its database session keeps two workers from attempting the same row at once.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from hilft.approvals.enums import Decision
from hilft.approvals.queries import approval_of
from hilft.audit.commands import record
from hilft.base.alone import alone
from hilft.base.clock import now
from hilft.base.enums import Address, Language
from hilft.base.live import tell
from hilft.base.queue import enqueue
from hilft.channels.commands import lose, note_calls
from hilft.channels.contract import AuthLost, Channel, ChannelError, Outgoing, Refused, RetryLater, Sent, Unknown
from hilft.channels.enums import AccountState
from hilft.channels.registry import adapter_of
from hilft.inbox.intake import moved_to_private, record_sent
from hilft.knowledge.commands import count_use
from hilft.knowledge.proposals import reused
from hilft.publishing.commands import lapsed
from hilft.publishing.commands.waiting import wait
from hilft.publishing.crashes import crash_point
from hilft.publishing.enums import Action, DeliveryState, DraftState
from hilft.publishing.models import SUBJECT_CORRECTION, Delivery, Draft, Placement
from hilft.publishing.outgoing import outgoing_of, ref_of
from hilft.publishing.rules import ATTEMPTS, back_off, subject_of
from hilft.publishing.signals import delivered

log = logging.getLogger(__name__)
LOCK_SPACE = 7401
SOON = timedelta(seconds=2)


class _Unsettled(Exception):
    """An earlier attempt may have arrived, and `error` keeps us from seeing whether it did."""

    def __init__(self, error: ChannelError) -> None:
        super().__init__(str(error))
        self.error = error


class _Broken(Unknown):
    """An adapter raised what it should not: our mistake, which says nothing about the network."""


def queue_reply(*, draft: Draft, due_at: datetime) -> Delivery:
    """Puts a released draft into the outbox, where it can be taken back until `due_at`.

    What a person posts by hand waits for them there; hilft asks the network nothing.
    """
    waits_for_person = {"state": DeliveryState.PERSON, "error": _("To be posted by hand.")} if draft.by_hand else {}
    delivery = Delivery.objects.create(
        draft=draft,
        conversation_id=draft.conversation_id,
        account_id=draft.conversation.account_id,
        reply_to=draft.reply_to,
        text=draft.text,
        public=draft.public,
        due_at=due_at,
        **waits_for_person,
    )
    if not draft.by_hand:
        enqueue("publishing.deliver", at=due_at, delivery=delivery.pk)
    return delivery


def deliver(pk: int) -> None:
    """Brings one delivery a step further, if it is due and nobody else is at it."""
    with alone(LOCK_SPACE, pk) as mine:
        if not mine:
            return
        found = _begin(pk)
        if found is None:
            return
        delivery, looked_for = found
        crash_point("begun")
        try:
            try:
                sent = _attempt(delivery, looked_for=looked_for)
            finally:
                note_calls(delivery.account, adapter_of(delivery.account))
        except _Unsettled as unsettled:
            _failed(delivery, unsettled.error, settled=False)
            return
        except ChannelError as error:
            _failed(delivery, error)
            return
        except Exception as error:
            log.exception("Delivery %s", pk)
            _failed(delivery, _Broken(f"{type(error).__name__}: {error}"), settled=False)
            return
        crash_point("published")
        succeed(delivery, sent)
        crash_point("recorded")


@transaction.atomic
def _begin(pk: int) -> tuple[Delivery, bool] | None:
    delivery = (
        Delivery.objects.select_for_update(of=("self",))
        .select_related("account", "conversation__handle", "conversation__account", "reply_to", "target", "draft")
        .filter(pk=pk, state__in=[DeliveryState.QUEUED, DeliveryState.SENDING])
        .first()
    )
    if delivery is None:
        return None
    at = now()
    account = delivery.account
    if account.state != AccountState.ACTIVE:
        return None
    if account.hold_until and account.hold_until > at:
        return None
    if delivery.due_at > at + timedelta(milliseconds=200):
        enqueue("publishing.deliver", at=delivery.due_at, delivery=pk)
        return None
    looked_for = delivery.state == DeliveryState.SENDING
    if not looked_for and lapsed.hold(delivery=delivery):
        return None
    delivery.state = DeliveryState.SENDING
    delivery.attempts += 1
    delivery.begun_at = delivery.begun_at or at
    if not looked_for:
        delivery.left_at = at
    delivery.save(update_fields=["state", "attempts", "begun_at", "left_at"])
    return delivery, looked_for


def _attempt(delivery: Delivery, *, looked_for: bool) -> Sent:
    adapter = adapter_of(delivery.account)
    outgoing = outgoing_of(delivery)
    if delivery.action == Action.EDIT:
        if delivery.target is None:
            raise Refused(_("The reply to be edited is unknown."))
        return adapter.edit(
            ref_of(delivery.account, delivery.target.external_id, delivery.target.external_version), outgoing
        )
    if looked_for:
        sent = _look(adapter, outgoing)
        if sent is not None:
            return sent
        _leaves(delivery)
    crash_point("looked")
    try:
        return adapter.publish(outgoing)
    except Unknown:
        _leaves(delivery)
        sent = _look(adapter, outgoing_of(delivery))
        if sent is None:
            said = _("The network did not answer, and the reply is not there.")
            raise _Unsettled(RetryLater(said, SOON, "target")) from None
        return sent


def _leaves(delivery: Delivery) -> None:
    """Remembers until when the network may be at work on an attempt: from here on its absence says nothing new."""
    delivery.left_at = now()
    delivery.save(update_fields=["left_at"])


def _look(adapter: Channel, outgoing: Outgoing) -> Sent | None:
    """Whether an earlier attempt arrived; where nobody can tell, only a repeatable network is asked again."""
    try:
        return adapter.lookup(outgoing)
    except Unknown:
        if adapter.idempotent:
            return None
        raise
    except (RetryLater, AuthLost) as error:
        raise _Unsettled(error) from error


@transaction.atomic
def succeed(delivery: Delivery, sent: Sent) -> None:
    """The reply stands at the network: placement, message and news in one transaction; again, it changes nothing."""
    delivery = (
        Delivery.objects.select_for_update(of=("self",))
        .select_related("conversation", "draft__source", "target")
        .get(pk=delivery.pk)
    )
    if delivery.state == DeliveryState.DELIVERED:
        return
    delivery.state, delivery.delivered_at, delivery.error = DeliveryState.DELIVERED, now(), ""
    delivery.save(update_fields=["state", "delivered_at", "error"])
    if delivery.action == Action.PUBLISH:
        _place(delivery, sent)
    record(by=None, verb="publishing.delivered", subject=delivery, url=sent.url)
    delivered.send(Delivery, delivery=delivery, sent=sent)
    tell(f"conversation-{delivery.conversation_id}")
    tell("placements", conversation=delivery.conversation_id)


def _place(delivery: Delivery, sent: Sent) -> Placement:
    draft = delivery.draft
    item = getattr(delivery, "correction_item", None)
    source = item.source if item else draft.source if draft else None
    author = draft.author if draft else item.correction.planned_by if item else None
    if author is None:
        raise RuntimeError("A delivery comes from a draft or from a correction that somebody planned.")
    home = delivery.conversation
    if home.public and not delivery.public:
        home = moved_to_private(home, thread=sent.thread)
    message = record_sent(
        conversation=home, ref=sent.ref, text=delivery.text, at=sent.at, url=sent.url, author=author.pk
    )
    subject = subject_of(draft) if draft else (SUBJECT_CORRECTION, item.correction_id) if item else None
    approval = approval_of(*subject) if subject else None
    if approval is not None and approval.decision != Decision.APPROVED:
        approval = None
    placement, created = Placement.objects.get_or_create(
        account_id=delivery.account_id,
        external_id=sent.ref.id,
        defaults={
            "delivery": delivery,
            "conversation": home,
            "message": message,
            "external_version": sent.ref.version or "",
            "url": sent.url,
            "text": delivery.text,
            "source": source,
            "question": item.placement.question if item else source.version.answer.question.holder if source else None,
            "unchanged": item is not None or bool(draft and draft.unchanged),
            "public": delivery.public,
            "language": source.language if source else Language.DE,
            "address": source.address if source else Address.NONE,
            "author": approval.maker if approval and approval.edited else author,
            "approver_id": approval.checker_id if approval else None,
            "rule": draft.rule if draft else "correction",
            "published_at": sent.at,
        },
    )
    if draft:
        Draft.objects.filter(pk=draft.pk).update(state=DraftState.SENT)
    if created and source and item is None:
        count_use(source.version.answer.question)
        reused(by=author, version=source.version)
    return placement


@transaction.atomic
def _failed(attempted: Delivery, error: ChannelError, *, settled: bool = True) -> None:
    """Writes down what went wrong; unless it is `settled` that nothing arrived, the network is looked at first."""
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("account").get(pk=attempted.pk)
    delivery.error = str(error)[:2000]
    waiting = DeliveryState.QUEUED if settled else DeliveryState.SENDING
    if isinstance(error, AuthLost):
        delivery.state = waiting
        if not lose(attempted.account, str(error)):
            enqueue("publishing.deliver", at=now() + SOON, delivery=delivery.pk)
    elif isinstance(error, RetryLater):
        wait(delivery, error, waiting)
    elif isinstance(error, Unknown) and delivery.attempts < ATTEMPTS and _repeatable(delivery, error):
        delivery.due_at = now() + back_off(delivery.attempts)
        enqueue("publishing.deliver", at=delivery.due_at, delivery=delivery.pk)
    else:
        delivery.state = DeliveryState.PERSON
    delivery.save(update_fields=["state", "due_at", "error", "attempts"])
    record(by=None, verb="publishing.failed", subject=delivery, error=delivery.error, state=delivery.state)
    tell(f"conversation-{delivery.conversation_id}")
    tell("inbox", conversation=delivery.conversation_id)


def _repeatable(delivery: Delivery, error: Unknown) -> bool:
    """Whether trying again cannot do it twice: edits, posts where the network knows the key, and after a mistake of
    ours, because then the network is looked at first."""
    return delivery.action == Action.EDIT or isinstance(error, _Broken) or adapter_of(delivery.account).idempotent
