"""Changing a connected account: prefilled without secrets, tried out, saved with its history, refused with a reason."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from hilft.audit.models import Entry
from hilft.channels.models import Account
from hilft.channels.registry import config_of
from tests import factories
from tests.channels.rss import feeds
from tests.channels.rss.server import Server
from tests.channels.rss.server import serving as serving_feed
from tests.desk.conftest import Desk
from tests.desk.test_connecting import connect
from tests.desk.test_connecting_webhooks import SECRETS, filled
from tests.peers.process import free_port
from tests.practice.meta import conftest as meta_peer
from tests.practice.x.conftest import KEYS, X, network

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def x(tmp_path_factory: pytest.TempPathFactory) -> Iterator[X]:
    with network(tmp_path_factory.mktemp("x")) as running:
        yield running


@pytest.fixture
def feed() -> Iterator[Server]:
    with serving_feed() as server:
        server.content = feeds.rss(feeds.QUESTION, feeds.SECOND)
        yield server


def connected(client: Client, kind: str, **data: object) -> Account:
    assert connect(client, kind, **data) == ""
    return Account.objects.get()


def page_of(client: Client, account: Account) -> str:
    return client.get(reverse("desk:account-settings", args=[account.pk])).content.decode()


def changed(client: Client, account: Account, **data: object) -> str:
    """What the page says after the form was sent; empty when it was saved."""
    given = {"name": account.name, **{name: value for name, value in account.settings.items() if value is not False}}
    answer = client.post(reverse("desk:account-settings", args=[account.pk]), given | data)
    account.refresh_from_db()
    return "" if answer.status_code == 303 else answer.content.decode()


def test_the_form_is_filled_in_and_shows_no_secret(desk: Desk, x: X):
    client = desk(factories.staff("operator"))
    page = page_of(client, connected(client, "x", **filled("x", x.url), terms="nordnetz"))
    assert 'value="2.5"' in page
    assert ">\nnordnetz</textarea>" in page
    assert [name for name in SECRETS if getattr(KEYS, name) in page or f'name="{name}"' in page] == []


def test_settings_change_and_secrets_and_history_stay(desk: Desk, x: X):
    client = desk(factories.staff("operator"))
    account = connected(client, "x", **filled("x", x.url))
    Account.objects.update(settings=account.settings | {"user_id": "7"}, cursor="so far")
    account.refresh_from_db()
    assert changed(client, account, name="X, Service", poll_seconds="90", terms="nordnetz\nglasfaser") == ""
    assert (account.pk, account.name, account.cursor, account.handle) == (
        account.pk,
        "X, Service",
        "so far",
        "@nordnetz",
    )
    assert account.settings == {
        "budget_usd_a_day": 2.5,
        "terms": "nordnetz\nglasfaser",
        "poll_seconds": 90,
        "stream": False,
        "messages": True,
        "base_url": x.url,
        "user_id": "7",
    }
    assert config_of(account).secrets == {name: getattr(KEYS, name) for name in SECRETS}
    entry = Entry.objects.get(verb="channels.change")
    assert entry.data == {
        "name": ["Neu", "X, Service"],
        "settings": {"poll_seconds": [60, 90], "terms": [None, "nordnetz\nglasfaser"]},
    }


def test_a_box_can_be_emptied_again(desk: Desk, x: X):
    client = desk(factories.staff("operator"))
    account = connected(client, "x", **filled("x", x.url), terms="nordnetz")
    given = {"name": "Neu", "budget_usd_a_day": "2.5", "poll_seconds": "60", "base_url": x.url}
    assert client.post(reverse("desk:account-settings", args=[account.pk]), given).status_code == 303
    account.refresh_from_db()
    assert (account.settings["messages"], "terms" in account.settings) == (False, False)


def test_a_name_changes_while_the_network_is_away(desk: Desk, feed: Server):
    client = desk(factories.staff("operator"))
    account = connected(client, "rss", url=feed.url, poll_seconds="600")
    feed.content = b""
    assert changed(client, account, name="Forum") == ""
    assert account.name == "Forum"
    page = changed(client, account, name="Forum", poll_seconds="700")
    assert "It does not work yet." in page
    assert account.settings["poll_seconds"] == 600


def test_what_says_which_account_it_is_stays(desk: Desk, feed: Server):
    client = desk(factories.staff("operator"))
    account = connected(client, "rss", url=feed.url, poll_seconds="600")
    assert changed(client, account, url="http://127.0.0.1:9/other", poll_seconds="900") == ""
    assert account.settings == {"url": feed.url, "poll_seconds": 900}


def test_a_page_of_facebook(desk: Desk, tmp_path: Path):
    client = desk(factories.staff("operator"))
    with meta_peer.running(tmp_path) as meta:
        account = connected(client, "facebook", **filled("facebook", str(meta.http.base_url).rstrip("/")))
        secrets = config_of(account).secrets
        assert changed(client, account, human_agent="", poll_seconds="300") == ""
    assert (account.settings["human_agent"], account.settings["poll_seconds"]) == (False, 300)
    assert config_of(account).secrets == secrets


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"poll_seconds": "5"}, "Ensure this value is greater than or equal to 10."),
        ({"name": ""}, "This field is required."),
        ({"terms": "n" * 1025}, "A listening term has at most 1024 characters."),
        ({"base_url": f"http://127.0.0.1:{free_port()}"}, "It does not work yet."),
    ],
)
def test_what_is_refused_is_said_and_nothing_saved(desk: Desk, x: X, wrong: dict[str, str], said: str):
    client = desk(factories.staff("operator"))
    account = connected(client, "x", **filled("x", x.url))
    before = (account.name, account.settings)
    assert said in changed(client, account, **wrong)
    assert (account.name, account.settings) == before
    assert not Entry.objects.filter(verb="channels.change").exists()


def test_settings_that_lead_to_another_account(desk: Desk, x: X):
    client = desk(factories.staff("operator"))
    account = connected(client, "x", **filled("x", x.url))
    Account.objects.update(handle="@somebody_else")
    assert "These settings lead to another account, @nordnetz." in changed(client, account, poll_seconds="90")


def test_only_who_manages_accounts_and_only_what_was_connected(desk: Desk, x: X):
    account = connected(desk(factories.staff("operator")), "x", **filled("x", x.url))
    address = reverse("desk:account-settings", args=[account.pk])
    assert desk(factories.staff("agent")).get(address).status_code == 403
    portal = reverse("desk:account-settings", args=[factories.portal_account().pk])
    assert desk(factories.staff("operator")).get(portal).status_code == 404
