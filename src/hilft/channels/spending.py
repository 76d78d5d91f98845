"""What accounts cost, in US dollars by UTC day, and what is left of their daily budgets."""

from collections.abc import Sequence
from datetime import UTC, date
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Final, NamedTuple

from django.db.models import Q, QuerySet, Sum

from hilft.base.clock import now
from hilft.channels import ledger
from hilft.channels.contract import READING
from hilft.channels.models import Account, Spending

BUDGETS: Final = {"reading": "budget_usd_a_day", "publishing": "publish_budget_usd_a_day"}
"""The settings of an account that hold its budgets."""

IS_READING: Final = reduce(or_, (Q(price__startswith=start) for start in READING))


class Budget(NamedTuple):
    """US dollars a day and what is left of them, None for both where there is no limit; and what was spent today."""

    budget: Decimal | None
    left: Decimal | None
    spent: Decimal


def today() -> date:
    """The day that networks count money by."""
    return now().astimezone(UTC).date()


def is_priced(kind: str) -> bool:
    """Whether a network charges for anything."""
    return any(name.startswith("price.") for name in ledger.facts(kind))


def spent_today(account: Account, *, reading: bool | None = None) -> Decimal:
    """What an account has cost since midnight UTC: in all, for reading, or (False) for publishing."""
    spendings = account.spendings.filter(day=today())
    if reading is not None:
        spendings = spendings.filter(IS_READING if reading else ~IS_READING)
    found: Decimal = spendings.aggregate(usd=Sum("usd"))["usd"] or Decimal(0)
    return found


def reading_budget(account: Account) -> tuple[Decimal | None, Decimal | None]:
    """What an account may spend on reading today, and what is left; None for both where there is no limit."""
    found = budgets([account])[account.pk]["reading"]
    return found.budget, found.left


def publish_budget(account: Account) -> tuple[Decimal | None, Decimal | None]:
    """What an account may spend on publishing today, and what is left; None for both where there is no limit."""
    found = budgets([account])[account.pk]["publishing"]
    return found.budget, found.left


def budgets(accounts: Sequence[Account]) -> dict[int, dict[str, Budget]]:
    """Both budgets of several accounts, by account and by the names of BUDGETS, in one query."""
    rows = Spending.objects.filter(account__in=accounts, day=today()).values_list("account").order_by("account")
    none = Decimal(0)
    spent = {
        account: {"reading": reading or none, "publishing": publishing or none}
        for account, reading, publishing in rows.annotate(
            reading=Sum("usd", filter=IS_READING), publishing=Sum("usd", filter=~IS_READING)
        )
    }
    return {
        account.pk: {what: _budget(account, what, spent.get(account.pk, {}).get(what, none)) for what in BUDGETS}
        for account in accounts
    }


def _budget(account: Account, what: str, spent: Decimal) -> Budget:
    budget = Decimal(str(account.settings.get(BUDGETS[what]) or 0))
    return Budget(budget, max(Decimal(0), budget - spent), spent) if budget else Budget(None, None, spent)


def spendings(first: date, last: date) -> QuerySet[Spending]:
    """Everything that was spent from one day to another, both included, by day, account and call."""
    return (
        Spending.objects.filter(day__range=(first, last))
        .select_related("account")
        .order_by("day", "account__name", "account", "price")
    )
