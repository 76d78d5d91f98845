"""Money: budgets hold over processes and restarts, and nobody is surprised by the silence that follows."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from hilft.audit.models import Entry
from hilft.base import clock
from hilft.channels import commands, inside, spending, watch
from hilft.channels.commands import counted, note_calls, set_budgets
from hilft.channels.contract import OverBudget
from hilft.channels.ledger import packaged
from hilft.channels.listener import Listener
from hilft.channels.models import Account, Spending
from hilft.channels.registry import adapter_of
from hilft.channels.spending import publish_budget, reading_budget, spendings, spent_today
from hilft.people.errors import NotAllowed, Refusal
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Account:
    return factories.x_account(budget_usd_a_day=0.05, publish_budget_usd_a_day=0.5)


def meter(account: Account):
    """The meter of a process of its own: adapters are made once per process."""
    from hilft.channels import registry

    registry._adapters.clear()
    adapter = adapter_of(account)
    return adapter, adapter._meter


def mails() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args->>'subject' FROM procrastinate_jobs WHERE task_name = 'channels.mail' ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_a_budget_holds_over_processes_and_restarts(account: Account):
    one, its_meter = meter(account)
    note_calls(account, one)
    its_meter.read("price.read_post", map(str, range(6)))
    note_calls(account, one)
    other, other_meter = meter(account)
    assert other_meter.affordable("price.read_post", 1, 100) == 10
    note_calls(account, other)
    assert other_meter.affordable("price.read_post", 1, 100) == 4
    other_meter.read("price.read_post", map(str, range(10, 14)))
    note_calls(account, other)
    note_calls(account, one)
    with pytest.raises(OverBudget):
        its_meter.enough()
    assert reading_budget(account) == (Decimal("0.05"), Decimal(0))


def test_what_was_handed_over_is_not_counted_twice(account: Account):
    one, its_meter = meter(account)
    its_meter.read("price.read_post", ["1", "2"])
    note_calls(account, one)
    assert its_meter.today == Decimal("0.01")
    its_meter.reminded(spending.today(), Decimal("0.005"))
    assert its_meter.today == Decimal("0.01")
    its_meter.reminded(spending.today() - timedelta(days=1), Decimal(9))
    assert its_meter.today == Decimal("0.01")


def test_publishing_has_a_budget_of_its_own_and_never_stops_reading(account: Account):
    one, its_meter = meter(account)
    its_meter.did("price.post_with_url", 2)
    note_calls(account, one)
    assert its_meter.today == 0
    assert spent_today(account) == Decimal("0.4")
    assert publish_budget(account) == (Decimal("0.5"), Decimal("0.1"))
    its_meter.did("price.post_with_url")
    note_calls(account, one)
    assert publish_budget(account)[1] == 0
    assert reading_budget(account)[1] == Decimal("0.05")


def test_without_a_budget_there_is_no_limit():
    assert publish_budget(factories.mastodon_account()) == (None, None)


def test_money_counts_by_the_day_of_the_network(account: Account, monkeypatch: pytest.MonkeyPatch):
    Spending.objects.create(account=account, day="2026-11-24", price="price.post", calls=1, usd=Decimal("0.015"))
    for hour, found in ((datetime(2026, 11, 24, 23, 59, tzinfo=UTC), "0.015"), (datetime(2026, 11, 25, tzinfo=UTC), 0)):
        monkeypatch.setattr(spending, "now", lambda hour=hour: hour)
        assert spent_today(account) == Decimal(found)


def test_what_is_spent_is_kept_when_the_network_refuses(account: Account):
    adapter, its_meter = meter(account)

    def look() -> None:
        with counted(account, adapter):
            its_meter.read("price.read_post", map(str, range(10)))
            its_meter.enough()

    with pytest.raises(OverBudget):
        look()
    kept = spendings(spending.today(), spending.today())
    assert [(row.price, row.calls) for row in kept] == [("price.read_post", 10)]


def test_an_operator_sets_budgets(account: Account):
    set_budgets(by=factories.staff("operator"), account=account, reading=Decimal("1.5"), publishing=Decimal(0))
    account.refresh_from_db()
    assert reading_budget(account)[0] == Decimal("1.5")
    assert publish_budget(account)[0] is None
    assert Entry.objects.get(verb="channels.set_budgets").data["budget_usd_a_day"] == 1.5
    with pytest.raises(Refusal):
        set_budgets(by=factories.staff("operator"), account=account, reading=Decimal(-1), publishing=Decimal(0))
    with pytest.raises(NotAllowed):
        set_budgets(by=factories.staff("lead"), account=account, reading=Decimal(1), publishing=Decimal(0))


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    for role in ("operator", "lead", "agent"):
        factories.staff(role)
    monkeypatch.setattr(inside, "first_mail_account", lambda: True)


@pytest.mark.usefixtures("told")
def test_people_are_told_once_a_day_when_reading_stops(account: Account, monkeypatch: pytest.MonkeyPatch):
    adapter, its_meter = meter(account)
    its_meter.read("price.read_post", map(str, range(10)))
    note_calls(account, adapter)
    listener = Listener(account)
    monkeypatch.setattr(connection, "close", lambda: None)
    monkeypatch.setattr(listener.stop, "wait", lambda _seconds: listener.stop.set())
    listener.run()
    listener.stop.clear()
    listener.run()
    account.refresh_from_db()
    assert account.is_over_budget
    assert "daily budget of 0.05 US dollars" in account.error
    assert len(mails()) == 2
    assert Entry.objects.filter(verb="channels.over_budget").count() == 1


@pytest.mark.usefixtures("told")
def test_silence_for_want_of_money_raises_no_second_alarm(account: Account, monkeypatch: pytest.MonkeyPatch):
    watch.over_budget(account)
    midnight = datetime.combine(spending.today() + timedelta(days=1), datetime.min.time(), UTC)
    for minutes in range(-600, 2, 20):
        for module in (watch, clock, spending, commands):
            monkeypatch.setattr(module, "now", lambda minutes=minutes: midnight + timedelta(minutes=minutes))
        watch.watch()
    account.refresh_from_db()
    assert (account.silent_since, account.alarmed_at, len(mails())) == (None, None, 2)
    for minutes in (3, 5):
        monkeypatch.setattr(watch, "now", lambda minutes=minutes: midnight + timedelta(minutes=minutes))
        watch.watch()
    account.refresh_from_db()
    assert account.alarmed_at is not None


def test_what_a_webhook_tells_is_paid_and_kept(account: Account):
    from hilft.channels.contract import Raw
    from hilft.channels.hooks import Told, store_together

    adapter, its_meter = meter(account)
    its_meter.did("price.event_post")
    assert store_together([Told([(account, [Raw(key="post:1", body=b"{}")])])]) == 1
    assert spent_today(account, reading=True) == Decimal(str(packaged("x")["price.event_post"]))
    assert adapter_of(account) is adapter
