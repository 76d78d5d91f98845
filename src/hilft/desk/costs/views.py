"""Costs: money per account, day and call over the last 30 days, and what an answered question costs."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hilft.channels import ledger
from hilft.channels.models import Account, Spending
from hilft.channels.spending import Budget, budgets, is_priced, spendings, today
from hilft.desk.costs.plot import HEIGHT, WIDTH, bars
from hilft.desk.frame import StaffRequest, staff
from hilft.publishing.costs import per_answer

DAYS: Final = 30


@staff("cost.see")
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """The last 30 days (UTC), today included."""
    last = today()
    first = last - timedelta(days=DAYS - 1)
    context = _money(first, last) | {
        "view": "costs",
        "first": first,
        "last": last,
        "per_answer": per_answer(first, last),
        "budgets": _budgets(),
        "width": WIDTH,
        "height": HEIGHT,
    }
    return render(request, "desk/costs/index.html", context)


def _money(first: date, last: date) -> dict[str, Any]:
    days = {first + timedelta(days=number): Decimal(0) for number in range((last - first).days + 1)}
    calls: dict[tuple[int, str], dict[str, Any]] = {}
    for row in spendings(first, last):
        days[row.day] += row.usd
        call = calls.setdefault((row.account_id, row.price), _call(row))
        call["calls"] += row.calls
        call["usd"] += row.usd
    dearest = max(days, key=lambda day: days[day])
    by_cost = sorted(calls.values(), key=lambda call: (call["account"].name, call["account"].pk, -call["usd"]))
    total = sum(days.values(), Decimal(0))
    return {"bars": bars(days), "calls": by_cost, "total": total, "dearest": dearest, "most": days[dearest]}


def _call(row: Spending) -> dict[str, Any]:
    fact = ledger.facts(row.account.kind).get(row.price)
    say = fact.say if fact else ""
    return {"account": row.account, "price": row.price, "say": say, "calls": 0, "usd": Decimal(0)}


def _budgets() -> list[tuple[Account, dict[str, Budget]]]:
    """Every account that costs money, with both of its budgets of today."""
    priced = [account for account in Account.objects.shown().order_by("name", "pk") if is_priced(account.kind)]
    found = budgets(priced)
    return [(account, found[account.pk]) for account in priced]
