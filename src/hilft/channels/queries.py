"""What screens and jobs ask about accounts and events."""

from collections.abc import Sequence
from typing import cast

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from hilft.base.prepared import prepared
from hilft.channels.contract import Ref, Task, Trying
from hilft.channels.enums import EventState
from hilft.channels.models import Account, Event, Gap
from hilft.channels.registry import adapter_of
from hilft.people.models import User
from hilft.people.queries import require


def accounts_with_health() -> QuerySet[Account]:
    """Every shown account with its numbers of unread and unreadable events, and how long the oldest waits."""
    return (
        Account.objects.shown()
        .annotate(
            unread=_number_of(EventState.NEW),
            failed=_number_of(EventState.FAILED),
            unread_since=Subquery(
                Event.objects.filter(account=OuterRef("pk"), state=EventState.NEW)
                .order_by("pk")
                .values("received_at")[:1]
            ),
        )
        .order_by("name", "pk")
    )


def _number_of(state: EventState) -> Coalesce:
    """Counts an account's events of one state by their own small index, not by all events."""
    events = Event.objects.filter(account=OuterRef("pk"), state=state).order_by().values("account")
    return Coalesce(Subquery(events.annotate(n=Count("pk")).values("n")), 0)


def failed_events() -> QuerySet[Event]:
    """Events that could not be read, newest first."""
    return Event.objects.filter(state=EventState.FAILED).select_related("account").order_by("-pk")


def account_with_health(user: User, pk: int) -> Account:
    """One account with the same numbers, for those who see the accounts' health."""
    require(user, "health.see")
    return accounts_with_health().get(pk=pk)


def gaps_of(account: Account) -> QuerySet[Gap]:
    """The times in which an account was not heard, the latest first."""
    return account.gaps.order_by("-until", "-pk")


def access_account(user: User, pk: int) -> Account:
    """One account, for those who manage accounts."""
    require(user, "account.manage")
    return Account.objects.get(pk=pk)


def access_event(user: User, pk: int) -> Event:
    """One raw event, for those who manage accounts."""
    require(user, "account.manage")
    return Event.objects.select_related("account").get(pk=pk)


def first_mail_account() -> Account | None:
    """The account that hilft's own mails (verification, notices) are sent from."""
    return Account.objects.in_use().filter(kind="email").order_by("pk").first()


def is_example() -> bool:
    """Whether this installation holds the example workspace."""
    return bool(_examples())


@prepared
def _examples() -> QuerySet[Account]:
    return Account.objects.filter(settings__example=True).only("pk").order_by("pk")[:1]


def tries_with(account: Account) -> str | None:
    """What a person may name for a live test of this account; None where there is none to be had."""
    found: str | None = getattr(adapter_of(account), "tries_with", None)
    return found


def trial_of(account: Account, to: str) -> Sequence[Task]:
    """The steps of a live test, none of them done yet; empty where there is nothing to test."""
    adapter = adapter_of(account)
    if tries_with(account) is None:
        return []
    return cast(Trying, adapter).trial(to, lambda ref: _was_heard(account, ref))


def _was_heard(account: Account, ref: Ref) -> bool:
    """Whether our listening brought a post or mail in, and it was read."""
    return Event.objects.filter(account=account, about=ref.id).exists()
