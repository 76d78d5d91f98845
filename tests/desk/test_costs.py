"""Costs: per account, day and call, what an answered question costs, and budgets that operators set."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from hilft.channels.models import Account, Spending
from hilft.channels.spending import publish_budget, reading_budget, today
from hilft.desk.costs.plot import HEIGHT, bars
from hilft.publishing.costs import per_answer
from tests import factories
from tests.desk import made

pytestmark = pytest.mark.django_db


def spent(account: Account, price: str, usd: str, *, calls: int = 1, ago: int = 0) -> None:
    day = today() - timedelta(days=ago)
    Spending.objects.create(account=account, day=day, price=price, calls=calls, usd=Decimal(usd))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_screen_costs_the_same_however_many_accounts(desk, django_assert_num_queries, rows):
    for _ in range(rows):
        spent(factories.x_account(), "price.post", "0.015")
    client = desk(factories.staff("lead"))
    with django_assert_num_queries(14):
        page = client.get(reverse("desk:costs")).content.decode()
    assert page.count("#price.post") == rows


def test_money_by_account_day_and_call(desk):
    account = factories.x_account(budget_usd_a_day=2, publish_budget_usd_a_day=0.2)
    spent(account, "price.post_with_url", "0.2")
    spent(account, "price.read_own_mention", "1.5", calls=1500, ago=29)
    spent(account, "price.read_own_mention", "0.5", calls=500)
    spent(account, "price.read_dm", "99", ago=30)
    spent(account, "price.of_an_older_ledger", "0.001")
    page = desk(factories.staff("editor")).get(reverse("desk:costs")).content.decode()
    assert page.count('class="plot-bar"') == 2
    assert "$2.201" in page
    assert "2,000" in page
    assert "$99" not in page
    assert "price.of_an_older_ledger" in page
    assert "$1.50 of $2.00 left" in page
    assert "$0.00 of $0.20 left" in page
    assert "used up" in page


def test_what_an_answered_question_costs():
    agent, question = factories.staff("agent"), factories.question()
    placement = made.reply(agent, question)
    made.reply(agent, question)
    Account.objects.filter(pk=placement.account_id).update(kind="x")
    spent(placement.account, "price.read_own_mention", "0.3")
    (row,) = per_answer(today(), today())
    assert (row.kind, row.usd, row.answered, row.each) == ("x", Decimal("0.3"), 2, Decimal("0.150"))
    (before,) = per_answer(today() - timedelta(days=9), today())
    assert before == row
    assert per_answer(today() - timedelta(days=9), today() - timedelta(days=1)) == []


def test_money_without_an_answer_is_said_so(desk):
    spent(factories.x_account(), "price.read_dm", "0.01")
    page = desk(factories.staff("operator")).get(reverse("desk:costs")).content.decode()
    assert "$0.01 for 0 answered conversations" in page


def test_nothing_costs_money_yet(desk):
    factories.mastodon_account()
    assert "Nothing costs money yet" in desk(factories.staff("lead")).get(reverse("desk:costs")).content.decode()


@pytest.mark.parametrize(
    ("role", "costs", "account", "budget"),
    [
        ("agent", 403, 403, 403),
        ("approver", 403, 403, 403),
        ("editor", 200, 403, 403),
        ("lead", 200, 200, 403),
        ("operator", 200, 200, 303),
    ],
)
def test_who_sees_money_and_who_sets_budgets(desk, role, costs, account, budget):
    made_account = factories.x_account()
    client = desk(factories.staff(role))
    assert made.status(client, "desk:costs") == costs
    assert made.status(client, "desk:account", made_account.pk) == account
    url = reverse("desk:account-budget", args=[made_account.pk])
    assert client.post(url, {"reading": "1", "publishing": "2"}).status_code == budget


def test_budgets_are_set_on_the_account(desk):
    account = factories.x_account()
    client, url = desk(factories.staff("operator")), reverse("desk:account-budget", args=[account.pk])
    assert "$0.00 spent, no limit" in client.get(reverse("desk:account", args=[account.pk])).content.decode()
    page = made.said(client, url, reading="2.5", publishing="0.75")
    assert "$2.50 of $2.50 left" in page
    account.refresh_from_db()
    assert reading_budget(account) == (Decimal("2.5"), Decimal("2.5"))
    assert publish_budget(account) == (Decimal("0.75"), Decimal("0.75"))
    for wrong in ({"reading": "-1", "publishing": "1"}, {"reading": "much", "publishing": "1"}, {"reading": "1"}):
        assert client.post(url, wrong).status_code == 422
    account.refresh_from_db()
    assert reading_budget(account)[0] == Decimal("2.5")


def test_what_costs_nothing_has_no_budget(desk):
    account = factories.mastodon_account()
    client = desk(factories.staff("operator"))
    assert "Budgets of today" not in client.get(reverse("desk:account", args=[account.pk])).content.decode()
    url = reverse("desk:account-budget", args=[account.pk])
    assert client.post(url, {"reading": "1", "publishing": "1"}).status_code == 422


def test_people_see_on_every_page_that_reading_stopped(desk):
    account = factories.x_account()
    Account.objects.filter(pk=account.pk).update(over_budget_on=today())
    page = desk(factories.staff("operator")).get(reverse("desk:accounts")).content.decode()
    assert f"reading “{account.name}” is spent" in page
    assert "Raise the budget" in page
    Account.objects.filter(pk=account.pk).update(over_budget_on=today() - timedelta(days=1))
    assert "is spent" not in desk(factories.staff("lead")).get(reverse("desk:accounts")).content.decode()


def test_bars_are_as_high_as_the_money():
    days = {today() - timedelta(days=ago): Decimal(usd) for ago, usd in enumerate(("2", "1", "0", "0.0001"))}
    drawn = bars(days)
    assert [bar.height for bar in drawn] == [HEIGHT, HEIGHT // 2, 0, 10]
    assert [bar.y + bar.height for bar in drawn] == [HEIGHT] * 4
    assert bars({}) == []
