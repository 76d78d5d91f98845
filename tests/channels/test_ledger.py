"""What networks allow, as data: every ledger reads, an operator's word counts more, and money is added up."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast

import pytest

from hilft.channels import ledger
from hilft.channels.commands import change_fact, note_spending, restore_fact
from hilft.channels.contract import Channel
from hilft.channels.models import Override, Spending
from hilft.channels.registry import KINDS, config_of
from hilft.people.errors import NotAllowed, Refusal
from tests import factories

SHIPPED = {
    "text.public": ledger.Fact(value=280, source="https://docs.example/", date=datetime.now(UTC).date(), status="ran"),
    "price.post": ledger.Fact(value=0.015, source="https://docs.example/", date=datetime.now(UTC).date(), status="ran"),
    "allowed.edit": ledger.Fact(
        value=False, source="https://docs.example/", date=datetime.now(UTC).date(), status="ran"
    ),
}


@pytest.fixture
def shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "facts", lambda _kind: SHIPPED)


@pytest.mark.parametrize("kind", KINDS)
def test_every_ledger_that_ships_can_be_read_and_names_its_sources(kind: str):
    for name, fact in ledger.facts(kind).items():
        assert fact.source, name
        assert fact.say, name


@pytest.mark.django_db
@pytest.mark.usefixtures("shipped")
def test_what_an_operator_knows_better_holds_until_it_is_taken_back(django_capture_on_commit_callbacks: Any):
    operator, account = factories.staff("operator"), factories.mastodon_account()
    with django_capture_on_commit_callbacks(execute=True):
        change_fact(by=operator, kind="mastodon", name="text.public", value=500, source="Phone call with the network")
    assert config_of(account).facts["text.public"] == 500
    with django_capture_on_commit_callbacks(execute=True):
        restore_fact(by=operator, kind="mastodon", name="text.public")
    assert config_of(account).facts["text.public"] == 280


@pytest.mark.django_db
@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize(
    ("name", "value", "source"),
    [
        ("text.public", True, "somewhere"),
        ("text.public", "many", "somewhere"),
        ("text.public", -1, "somewhere"),
        ("text.public", 500, "  "),
        ("allowed.edit", 1, "somewhere"),
        ("no.such.fact", 1, "somewhere"),
    ],
)
def test_a_fact_is_not_changed_into_nonsense(name: str, value: Any, source: str):
    with pytest.raises(Refusal):
        change_fact(by=factories.staff("operator"), kind="mastodon", name=name, value=value, source=source)
    assert not Override.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("shipped")
def test_only_operators_change_facts():
    with pytest.raises(NotAllowed):
        change_fact(by=factories.staff("lead"), kind="mastodon", name="text.public", value=500, source="somewhere")


class Priced:
    """An adapter's meter: asked once, it begins anew."""

    def __init__(self, **calls: int) -> None:
        self.calls = {name.replace("_", "."): count for name, count in calls.items()}

    def spent(self) -> dict[str, int]:
        calls, self.calls = self.calls, {}
        return calls


@pytest.mark.django_db
@pytest.mark.usefixtures("shipped")
def test_money_is_added_up_by_account_day_and_call():
    account, adapter = factories.mastodon_account(), Priced(price_post=2)
    note_spending(account, cast(Channel, adapter))
    note_spending(account, cast(Channel, adapter))
    adapter.calls = {"price.post": 1}
    note_spending(account, cast(Channel, adapter))
    assert [(row.price, row.calls, row.usd) for row in Spending.objects.all()] == [("price.post", 3, Decimal("0.045"))]
