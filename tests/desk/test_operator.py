"""Accounts and their health, staff, preferences, and the end of the example."""

import pytest
from django.urls import reverse

from hilft.channels.contract import Health
from hilft.channels.models import Account, Event
from hilft.channels.registry import config_of
from hilft.desk.operator import accounts
from hilft.people.models import User
from tests import factories
from tests.desk import made

pytestmark = pytest.mark.django_db
MASTODON = {"name": "Hilfe", "base_url": "https://social.example", "access_token": "geheim"}


@pytest.fixture
def network(monkeypatch):
    """A network that says what a test wants to hear, and remembers what it was asked."""
    said = {"health": Health(ok=True, message="nordnetz"), "asked": []}

    def answer(kind, config):
        said["asked"].append((kind, dict(config.secrets)))
        return said["health"]

    monkeypatch.setattr(accounts, "try_out", answer)
    return said


@pytest.mark.parametrize("rows", [1, 3])
def test_the_accounts_cost_the_same_however_many(desk, django_assert_num_queries, rows):
    for _ in range(rows):
        account = factories.mastodon_account()
        Event.objects.create(account=account, key="1", body=b"{", state="failed", error="kaputt")
        Event.objects.create(account=account, key="2", body=b"{}")
    client = desk(factories.staff("operator"))
    with django_assert_num_queries(13):
        page = client.get(reverse("desk:accounts")).content.decode()
    assert page.count('id="account-') == rows
    assert page.count("kaputt") == rows


def test_nothing_is_saved_before_the_network_answered(desk, network):
    client, url = desk(factories.staff("operator")), reverse("desk:account-connect", args=["mastodon"])
    network["health"] = Health(ok=False, message="Unbekanntes Token")
    assert "Unbekanntes Token" in client.post(url, MASTODON | {"action": "connect"}).content.decode()
    network["health"] = Health(ok=True, message="nordnetz")
    assert "The network answered: nordnetz" in client.post(url, MASTODON | {"action": "check"}).content.decode()
    assert not Account.objects.exists()
    led = client.post(url, MASTODON | {"action": "connect"}).url
    assert led == reverse("desk:account-trial", args=[Account.objects.get(kind="mastodon").pk])
    account = Account.objects.get()
    assert (account.handle, account.network, account.settings) == (
        "nordnetz",
        "social.example",
        {"base_url": "https://social.example"},
    )
    assert config_of(account).secrets == {"access_token": "geheim"}
    assert b"geheim" not in bytes(account.secrets)


def test_a_mail_account_gets_a_key_of_its_own(desk, network):
    data = {
        "name": "Post",
        "address": "hilfe@nordnetz.example",
        "imap_host": "imap.nordnetz.example",
        "imap_port": "993",
        "imap_tls": "ssl",
        "imap_password": "geheim",
        "imap_sent": "Sent",
        "smtp_host": "smtp.nordnetz.example",
        "smtp_port": "587",
        "smtp_tls": "starttls",
    }
    client = desk(factories.staff("operator"))
    client.post(reverse("desk:account-connect", args=["email"]), data | {"action": "connect"})
    account = Account.objects.get()
    assert (account.handle, account.settings["inbound"]) == ("hilfe@nordnetz.example", "imap")
    assert len(config_of(account).secrets["token_key"]) == 32


def test_a_form_per_kind_and_no_other(desk):
    client = desk(factories.staff("operator"))
    for kind in ("mastodon", "bluesky", "email"):
        assert made.status(client, "desk:account-connect", kind) == 200
    assert made.status(client, "desk:account-connect", "telex") == 404


def test_pause_resume_and_remove(desk, network):
    account = factories.mastodon_account()
    client, url = desk(factories.staff("operator")), reverse("desk:account-state", args=[account.pk])
    for wanted in ("paused", "active", "removed"):
        client.post(url, {"state": wanted})
        account.refresh_from_db()
        assert account.state == wanted
    network["health"] = Health(ok=False, message="Abgemeldet.")
    assert "Enter new secrets instead." in made.said(client, url, state="active")
    assert "Choose one of the states." in made.said(client, url, state="lost")


def test_new_secrets_replace_the_old_ones_only_when_they_work(desk, network):
    account = factories.mastodon_account(token="alt")
    Account.objects.update(state="lost", error="Abgemeldet")
    client, url = desk(factories.staff("operator")), reverse("desk:account-reconnect", args=[account.pk])
    network["health"] = Health(ok=False, message="Nein.")
    assert "Nein." in client.post(url, {"access_token": "neu"}).content.decode()
    network["health"] = Health(ok=True)
    assert client.post(url, {"access_token": "neu"}).status_code == 303
    account.refresh_from_db()
    assert (account.state, config_of(account).secrets) == ("active", {"access_token": "neu"})


def test_an_event_is_read_again(desk):
    account = factories.mastodon_account()
    event = Event.objects.create(account=account, key="1", body=b"{", state="failed", error="kaputt")
    desk(factories.staff("operator")).post(reverse("desk:event-again", args=[event.pk]))
    event.refresh_from_db()
    assert (event.state, event.error) == ("new", "")


def test_somebody_new_gets_in_once_shown(desk):
    factories.portal_account()
    Account.objects.update(settings={"example": True})
    client = desk(factories.staff("operator"))
    data = {"name": "Neu Person", "email": "neu@nordnetz.example", "roles": ["agent"], "active": "on"}
    client.post(reverse("desk:staff-new"), data)
    assert "/desk/zugang/" in client.get(reverse("desk:staff")).content.decode()
    assert "/desk/zugang/" not in client.get(reverse("desk:staff")).content.decode()
    assert User.objects.get(email="neu@nordnetz.example").roles == ["agent"]
    assert "Somebody here has this address already." in client.post(reverse("desk:staff-new"), data).content.decode()


def test_elsewhere_the_password_is_set_by_mail(desk):
    client = desk(factories.staff("operator"))
    data = {"name": "Neu Person", "email": "neu@nordnetz.example", "roles": ["agent"], "active": "on"}
    client.post(reverse("desk:staff-new"), data)
    assert reverse("account_reset_password") in client.get(reverse("desk:staff")).content.decode()


def test_the_last_operator_stays(desk):
    operator = factories.staff("operator")
    url = reverse("desk:staff-edit", args=[operator.pk])
    data = {"name": operator.name, "email": operator.email, "roles": ["agent"], "active": "on"}
    assert "This is the last operator." in desk(operator).post(url, data).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_staff_costs_the_same_however_many(desk, django_assert_num_queries, rows):
    operator = factories.staff("operator")
    for _ in range(rows - 1):
        factories.staff("agent")
    client = desk(operator)
    with django_assert_num_queries(11):
        page = client.get(reverse("desk:staff")).content.decode()
    assert page.count('class="row-link"') == rows


def test_preferences_by_form_and_by_script(desk):
    agent = factories.staff("agent")
    client, url = desk(agent), reverse("desk:preferences")
    answer = client.post(url, {"undo_seconds": "5", "theme": "dark", "keys": "off"})
    agent.refresh_from_db()
    assert (agent.undo_seconds, answer.cookies["theme"].value, answer.cookies["keys"].value) == (5, "dark", "off")
    answer = client.post(url, {"theme": "light"})
    assert (answer.status_code, answer.cookies["theme"].value) == (204, "light")
    assert client.post(url, {"undo_seconds": "600"}).status_code == 200
    assert "theme" not in client.post(url, {"theme": "<b>", "undo_seconds": "5"}).cookies


@pytest.mark.parametrize(
    ("role", "health", "manages"),
    [("agent", 403, 403), ("approver", 403, 403), ("editor", 403, 403), ("lead", 200, 403), ("operator", 200, 200)],
)
def test_who_sees_health_and_who_manages(desk, role, health, manages):
    account = factories.mastodon_account()
    client = desk(factories.staff(role))
    assert made.status(client, "desk:accounts") == health
    assert made.status(client, "desk:account-connect", "mastodon") == manages
    assert made.status(client, "desk:account-reconnect", account.pk) == manages
    assert made.status(client, "desk:staff") == manages
    assert made.status(client, "desk:preferences") == 200
    answer = client.post(reverse("desk:account-state", args=[account.pk]), {"state": "paused"})
    assert answer.status_code == (303 if manages == 200 else 403)
