"""What waits in the outbox because a network asks for it or is out of order, and how it goes on afterwards."""

from datetime import datetime, timedelta

from django.db.models import Q

from hilft.base.clock import now
from hilft.base.queue import enqueue
from hilft.channels.contract import RetryLater
from hilft.channels.models import Account
from hilft.publishing.enums import DeliveryState
from hilft.publishing.models import Delivery
from hilft.publishing.queries import due_deliveries
from hilft.publishing.rules import ATTEMPTS, back_off

HANDFUL = 20


def wait(delivery: Delivery, error: RetryLater, waiting: DeliveryState) -> None:
    """A limit or an outage: the row waits in the state in which it was found."""
    if error.scope == "account":
        _hold(delivery.account, now() + error.after)
    if delivery.attempts >= 50 * ATTEMPTS:
        delivery.state = DeliveryState.PERSON
        return
    delivery.state = waiting
    delivery.due_at = now() + max(error.after, back_off(delivery.attempts) if delivery.attempts > 3 else timedelta())
    enqueue("publishing.deliver", at=delivery.due_at, delivery=delivery.pk)


def _hold(account: Account, until: datetime) -> None:
    """Has everything of an account wait; one reminder at the end of the longest wait stands for all of them."""
    shorter = Q(hold_until=None) | Q(hold_until__lt=until)
    if Account.objects.filter(shorter, pk=account.pk).update(hold_until=until):
        enqueue("publishing.resume", at=until, account=account.pk)


def resume(account: Account, *, after: int) -> None:
    """Lets what waited for an account go on, a handful at a time: the first of them may well make all wait again."""
    waiting = due_deliveries().filter(account=account, pk__gt=after).order_by("pk")
    pks = list(waiting.values_list("pk", flat=True)[:HANDFUL])
    for pk in pks:
        enqueue("publishing.deliver", delivery=pk)
    if len(pks) == HANDFUL:
        enqueue("publishing.resume", account=account.pk, after=pks[-1])
