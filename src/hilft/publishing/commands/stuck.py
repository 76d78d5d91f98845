"""What people do with deliveries that only they can bring to an end, and what waits for an account to come back."""

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.base.queue import enqueue
from hilft.channels.contract import ChannelError, Ref, Sent
from hilft.channels.models import Account
from hilft.channels.registry import adapter_of
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.queries import require
from hilft.publishing.commands.deliveries import succeed
from hilft.publishing.enums import Action, DeliveryState, DraftState
from hilft.publishing.models import Delivery, Draft
from hilft.publishing.outgoing import outgoing_of


@transaction.atomic
def try_again(*, by: User, delivery: Delivery) -> None:
    """A person looked: the reply is not there and may be sent again, with the same key."""
    require(by, "draft.write")
    delivery = _stuck(delivery)
    delivery.state, delivery.due_at, delivery.error, delivery.attempts = DeliveryState.QUEUED, now(), "", 0
    delivery.save(update_fields=["state", "due_at", "error", "attempts"])
    enqueue("publishing.deliver", delivery=delivery.pk)
    record(by=by, verb="publishing.try_again", subject=delivery)
    tell(f"conversation-{delivery.conversation_id}")


def confirm(*, by: User, delivery: Delivery, url: str = "") -> None:
    """A person saw the reply at the network, or posted it there: it becomes a placement like any other.

    The network is asked which post it is; where it cannot tell, `url` says where it stands, and whoever corrects it
    later has to do that by hand, too.
    """
    require(by, "draft.write")
    url = url.strip()
    if url:
        try:
            URLValidator(["http", "https"])(url)
        except ValidationError as error:
            raise Refusal(_("This is no address. Copy the reply's link from the network.")) from error
    sent = _found(delivery) or _stands_at(delivery, url)
    with transaction.atomic():
        _stuck(delivery)
        succeed(delivery, sent)
        record(by=by, verb="publishing.confirm", subject=delivery, url=sent.url)


def _found(delivery: Delivery) -> Sent | None:
    if delivery.action == Action.EDIT:
        return None
    delivery.begun_at = delivery.begun_at or delivery.created_at
    try:
        return adapter_of(delivery.account).lookup(outgoing_of(delivery))
    except ChannelError:
        return None


def _stands_at(delivery: Delivery, url: str) -> Sent:
    target = delivery.target
    edited = target is not None and delivery.action == Action.EDIT
    identity = target.external_id if target and edited else f"by-hand:{delivery.idempotency.hex}"
    version = target.external_version or None if target and edited else None
    ref = Ref(delivery.account.kind, str(delivery.account_id), identity, version)
    return Sent(ref=ref, at=now(), url=url or (target.url if target and edited else ""))


@transaction.atomic
def settle(*, by: User, delivery: Delivery, remark: str) -> None:
    """A person took care of it elsewhere: hilft stops trying."""
    require(by, "draft.write")
    if not remark.strip():
        raise Refusal(_("Say in a few words how this was settled."))
    delivery = _stuck(delivery)
    delivery.state, delivery.error = DeliveryState.CANCELLED, remark.strip()
    delivery.save(update_fields=["state", "error"])
    if delivery.draft_id:
        Draft.objects.filter(pk=delivery.draft_id).update(state=DraftState.DISCARDED)
    record(by=by, verb="publishing.settle", subject=delivery, remark=remark)
    tell(f"conversation-{delivery.conversation_id}")


@transaction.atomic
def resume_account(account: Account) -> None:
    """After a reconnect: what waited in the outbox goes on."""
    Account.objects.filter(pk=account.pk).update(hold_until=None)
    enqueue("publishing.resume", account=account.pk)


def _stuck(delivery: Delivery) -> Delivery:
    found = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    if found.state != DeliveryState.PERSON:
        raise Refusal(_("This delivery needs nobody any more."))
    return found
