"""Accounts with their credentials and health, and raw events; the portal's own posts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from hilft.base.clock import now
from hilft.channels.enums import AccountState, EventState
from hilft.channels.portal.models import PortalPost

__all__ = ["Account", "Event", "Gap", "Override", "PortalPost", "Spending"]


class AccountQuerySet(models.QuerySet["Account"]):
    def in_use(self) -> Self:
        return self.filter(state=AccountState.ACTIVE)

    def shown(self) -> Self:
        return self.exclude(state=AccountState.REMOVED)


class Account(models.Model):
    """Our presence on a channel.

    `silent_since` is when it was first noticed that nothing is heard any more, `alarmed_at` when people were told;
    `expires_at` is when its sign-in ends by itself, as the network said when it was last asked (`checked_at`);
    `stream_since` is since when a stream is open, `hooked_at` when a webhook last told something, and `over_budget_on`
    the last day (UTC) whose money for reading was used up.
    """

    kind = models.CharField(_("channel"), max_length=20)
    name = models.CharField(_("name"), max_length=100)
    handle = models.CharField(_("handle"), max_length=300)
    network = models.CharField(max_length=200, blank=True)
    settings = models.JSONField(default=dict)
    secrets = models.BinaryField(default=bytes)
    state = models.CharField(max_length=10, choices=AccountState, default=AccountState.ACTIVE)
    cursor = models.TextField(default="", blank=True)
    last_event_at = models.DateTimeField(null=True)
    last_heard_at = models.DateTimeField(null=True)
    stream_since = models.DateTimeField(null=True)
    hooked_at = models.DateTimeField(null=True)
    error = models.TextField(default="", blank=True)
    error_at = models.DateTimeField(null=True)
    hold_until = models.DateTimeField(null=True)
    silent_since = models.DateTimeField(null=True)
    alarmed_at = models.DateTimeField(null=True)
    over_budget_on = models.DateField(null=True)
    expires_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[AccountQuerySet] = AccountQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "kind", "network", "handle", condition=~models.Q(state="removed"), name="account_once"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def deaf_since(self) -> datetime | None:
        """Since when nothing is heard from an account that should be; None while all is well or it is paused."""
        away = self.state == AccountState.LOST or (self.state == AccountState.ACTIVE and self.silent_since is not None)
        return (self.last_heard_at or self.created_at) if away else None

    @property
    def is_over_budget(self) -> bool:
        """Whether the money for reading of this UTC day is used up."""
        return self.over_budget_on is not None and self.over_budget_on == now().astimezone(UTC).date()


class Gap(models.Model):
    """A time in which an account was not heard, and how many messages written in it were found afterwards.

    `filled_at` is when the last of them came in; none may have been written.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="gaps")
    since = models.DateTimeField()
    until = models.DateTimeField()
    messages = models.PositiveIntegerField(default=0)
    filled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["account", "-until"], name="gap_recent")]


class Event(models.Model):
    """What a channel told us, stored raw before anything interprets it; `about` is the post it tells of."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="events")
    key = models.CharField(max_length=500)
    body = models.BinaryField()
    about = models.CharField(max_length=500, default="", blank=True)
    received_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=EventState, default=EventState.NEW)
    read_at = models.DateTimeField(null=True)
    error = models.TextField(default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("account", "key", name="event_once")]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(state="new"), name="event_new"),
            models.Index(fields=["account", "-id"], condition=models.Q(state="failed"), name="event_failed"),
            models.Index(fields=["account", "about"], condition=~models.Q(about=""), name="event_about"),
        ]


class Override(models.Model):
    """A fact of a network's ledger that the operator knows better than what ships with the adapter."""

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    value = models.JSONField()
    source = models.CharField(max_length=300)
    by = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint("kind", "name", name="override_once")]


class Spending(models.Model):
    """What an account's calls cost on one day (UTC) by call: the fact that prices it, and the sum in US dollars."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="spendings")
    day = models.DateField()
    price = models.CharField(max_length=60)
    calls = models.PositiveIntegerField(default=0)
    usd = models.DecimalField(max_digits=14, decimal_places=6, default=0)

    class Meta:
        constraints = [models.UniqueConstraint("account", "day", "price", name="spending_once")]
