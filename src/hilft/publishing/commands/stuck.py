"""What people do with deliveries that only they can bring to an end, and what waits for an account to come back."""

from django.db import transaction
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.base.queue import enqueue
from hilft.channels.models import Account
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.queries import require
from hilft.publishing.enums import DeliveryState, DraftState
from hilft.publishing.models import Delivery, Draft


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
