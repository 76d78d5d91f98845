"""What networks allow: one table, every fact with its source, and operators who know better."""

import pytest
from django.urls import reverse

from hilft.audit.models import Entry
from hilft.channels import ledger
from hilft.channels.commands import change_fact
from hilft.channels.models import Override
from hilft.channels.registry import KINDS, config_of
from tests import factories
from tests.desk import made

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _overrides_are_seen_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "KNOWN_FOR", 0.0)
    monkeypatch.setattr(ledger, "_until", 0.0)


@pytest.mark.parametrize("role", made.ROLES)
def test_everybody_at_the_desk_may_read_it(desk, role):
    client = desk(factories.staff(role))
    assert made.status(client, "desk:networks") == 200
    for kind in KINDS:
        assert made.status(client, "desk:network", kind) == 200
    assert made.status(client, "desk:network", "fax") == 404


@pytest.mark.parametrize("role", sorted(set(made.ROLES) - {"operator"}))
def test_only_operators_are_offered_and_allowed_to_change(desk, role):
    client = desk(factories.staff(role))
    assert "aenderung" not in client.get(reverse("desk:network", args=["x"])).content.decode()
    for name in ("desk:fact-change", "desk:fact-restore"):
        assert client.post(reverse(name, args=["x", "limit.text"]), {"value": "1", "source": "x"}).status_code == 403
    assert not Override.objects.exists()


@pytest.mark.parametrize("changes", [1, 3])
def test_the_table_costs_the_same_however_much_was_changed(desk, django_assert_num_queries, monkeypatch, changes):
    operator = factories.staff("operator")
    for name in list(ledger.facts("x"))[:changes]:
        change_fact(by=operator, kind="x", name=name, value=7, source="A call")
    client = desk(operator)
    client.get(reverse("desk:networks"))
    monkeypatch.setattr(ledger, "_until", float("inf"))
    with django_assert_num_queries(10):
        page = client.get(reverse("desk:networks")).content.decode()
    assert page.count('scope="row"') == len(KINDS)
    with django_assert_num_queries(10):
        page = client.get(reverse("desk:network", args=["x"])).content.decode()
    assert page.count("changed here") == changes


def test_the_table_says_what_adapters_and_ledgers_say(desk):
    page = desk(factories.staff("agent")).get(reverse("desk:networks")).content.decode()
    assert "280 weighted characters" in page
    assert "0.015 USD a call" in page
    assert "24 hours" in page
    assert "7 days" in page
    assert "visible correction reply" in page
    assert f"{reverse('desk:network', args=['x'])}#right.reply_needs_mention" in page


def test_an_operator_changes_a_fact_and_takes_it_back(desk):
    account, operator = factories.mastodon_account(), factories.staff("operator", name="Olga Betrieb")
    client = desk(operator)
    page = made.said(client, reverse("desk:fact-change", args=["mastodon", "limit.text"]), value="1000", source="Call")
    assert "Changed by Olga Betrieb" in page
    assert "1,000 characters" in page
    assert reverse("desk:fact-restore", args=["mastodon", "limit.text"]) in page
    assert config_of(account).facts["limit.text"] == 1000
    page = made.said(client, reverse("desk:fact-restore", args=["mastodon", "limit.text"]))
    assert "What ships with hilft holds again." in page
    assert config_of(account).facts["limit.text"] == 500
    assert list(Entry.objects.filter(verb__contains="fact").order_by("pk").values_list("verb", flat=True)) == [
        "channels.change_fact",
        "channels.restore_fact",
    ]


@pytest.mark.parametrize(
    ("name", "value", "source", "reason"),
    [
        ("limit.text", "many", "A call", "Enter a whole number."),
        ("limit.text", "-1", "A call", "Limits, times and prices are not negative."),
        ("limit.text", "0", "A call", "Only a price may be nothing"),
        ("limit.text", "300", "  ", "This field is required."),
        ("price.post", "cheap", "A call", "Enter a number."),
        ("right.edit_replies", "perhaps", "A call", "Select a valid choice."),
    ],
)
def test_nonsense_is_refused_beside_what_was_typed(desk, name, value, source, reason):
    url = reverse("desk:fact-change", args=["x", name])
    answer = desk(factories.staff("operator")).post(url, {"value": value, "source": source})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert reason in page
    assert "<details open>" in page
    assert not Override.objects.exists()


def test_a_price_may_become_nothing_and_a_right_may_turn(desk):
    client = desk(factories.staff("operator"))
    made.said(client, reverse("desk:fact-change", args=["x", "price.post"]), value="0", source="A contract")
    made.said(client, reverse("desk:fact-change", args=["x", "right.edit_replies"]), value="yes", source="A letter")
    values = ledger.values("x")
    assert (values["price.post"], values["right.edit_replies"]) == (0.0, True)


def test_a_fact_that_is_none_is_not_found(desk):
    client = desk(factories.staff("operator"))
    for name in ("desk:fact-change", "desk:fact-restore"):
        assert client.post(reverse(name, args=["x", "limit.joy"]), {}).status_code == 404
