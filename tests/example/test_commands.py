"""The example workspace begins with two phone notes, and its end leaves the telephone."""

from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from hilft.audit.models import Entry
from hilft.channels import ledger
from hilft.channels.models import Account
from hilft.channels.phone.commands import ensure_account
from hilft.example.accounts import Peers, connect_all
from hilft.example.commands import delete, seed
from hilft.inbox.intake import read_new_events
from hilft.inbox.models import Conversation
from hilft.people.models import User
from hilft.practice.customers import ANSWER, MAIL, PRIVATE
from hilft.practice.meta import people
from hilft.practice.places import Facebook, Instagram, Mastodon, X

pytestmark = pytest.mark.django_db
NOWHERE = Peers(*["http://127.0.0.1:9"] * 4, smtp_port=9, receiver_port=9)
ELSEWHERE = Peers(*["http://127.0.0.1:8"] * 4, smtp_port=8, receiver_port=8)


@pytest.fixture(autouse=True)
def _without_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HILFT_DATA", raising=False)


def test_two_callers_wait_from_the_start():
    ensure_account()
    seed(NOWHERE)
    assert Account.objects.filter(kind="phone").count() == 1
    assert read_new_events() == 2
    waiting = Conversation.objects.waiting().order_by("pk").values_list("handle__name", "form", "public", "language")
    assert list(waiting) == [("Helga Thomsen", "sie", False, "de"), ("Jannik Lorenz", "du", False, "de")]


def test_the_end_of_the_example_leaves_one_phone_account():
    seed(NOWHERE)
    operator = User.objects.filter(roles__contains=["operator"]).order_by("pk")[0]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    delete(by=operator)
    assert not User.objects.exists()
    assert not Conversation.objects.exists()
    assert list(Account.objects.values_list("kind", "state")) == [("phone", "active")]


def test_a_record_says_that_one_before_it_went_with_the_example():
    seed(NOWHERE)
    operator = User.objects.filter(roles__contains=["operator"]).order_by("pk")[0]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    entries = Entry.objects.count()
    delete(by=operator)
    first = Entry.objects.order_by("pk")[0]
    said = first.data
    assert (first.verb, said["after"], said["lost"]) == ("audit.resume", 0, entries)
    assert said["reason"] == f"{operator.name} deleted the example workspace, and the record of it."


def settings(kind: str) -> dict[str, Any]:
    found: dict[str, Any] = Account.objects.get(kind=kind).settings
    return found


def test_accounts_on_every_network_are_connected_through_the_command():
    seed(NOWHERE)
    accounts = Account.objects.exclude(kind="phone").order_by("kind")
    assert list(accounts.values_list("kind", "handle", "network", "state")) == [
        ("email", "kontakt@nordnetz.example", "", "active"),
        ("facebook", "NordNetz", people.PAGE_ID, "active"),
        ("instagram", "@nordnetz", "", "active"),
        ("mastodon", "nordnetz", "practice", "active"),
        ("portal", "NordNetz-Team", "", "active"),
        ("x", "@nordnetz", "", "active"),
    ]
    assert Entry.objects.filter(verb="channels.connect").count() == 6 + 1  # the telephone
    addresses = {kind: settings(kind)["base_url"] for kind in ("x", "facebook", "instagram", "mastodon")}
    assert set(addresses.values()) == {"http://127.0.0.1:9"}


def test_a_later_start_moves_the_accounts_and_keeps_what_people_changed():
    seed(NOWHERE)
    Account.objects.filter(kind="facebook").update(settings=settings("facebook") | {"poll_seconds": 45})
    Account.objects.filter(kind="instagram").update(state="removed")
    Account.objects.filter(kind="x").delete()
    connect_all(ELSEWHERE)
    where = [settings(kind)["base_url"] for kind in ("mastodon", "x", "facebook", "instagram")]
    assert where == ["http://127.0.0.1:8"] * 4
    assert (settings("email")["smtp_port"], settings("email")["receiver_port"]) == (8, 8)
    assert settings("facebook")["poll_seconds"] == 45
    assert list(Account.objects.filter(kind="instagram").values_list("state", flat=True)) == ["removed"]
    assert Account.objects.get(kind="x").state == "active"


def test_each_start_has_the_networks_introduced_and_says_where_we_were_before():
    seed(NOWHERE)
    connect_all(NOWHERE)
    connect_all(ELSEWHERE)
    jobs = ProcrastinateJob.objects.filter(task_name="example.introduce").order_by("id")
    assert [(job.args["hooks"], job.args["earlier"]) for job in jobs] == [
        ("http://127.0.0.1:9", ""),
        ("http://127.0.0.1:9", ""),
        ("http://127.0.0.1:8", "http://127.0.0.1:9"),
    ]


def test_a_day_of_customers_stays_within_the_budget_and_limits_of_x():
    """Somebody writes every 20 s, half of them again after our reply; each is told twice, listed and read again."""
    seed(NOWHERE)
    facts, own = ledger.values("x"), settings("x")
    places = (Mastodon, X, Facebook, Instagram)
    talk = 86_400 / 20 * X.share / (sum(place.share for place in places) + MAIL) * (1 + ANSWER)
    each = 2 * facts["price.event_post"] + facts["price.read_own_mention"] + facts["price.read_post"]
    private = facts["price.event_dm"] + facts["price.read_dm"]
    assert talk * ((1 - PRIVATE) * each + PRIVATE * private) < own["budget_usd_a_day"]
    assert talk * PRIVATE / 96 < facts["limit.dms"]
    assert facts["window.rate"] / own["poll_seconds"] < facts["limit.dm_reads"]
