"""Connecting X, Facebook and Instagram against the practice networks: what is saved, shown, registered and refused."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from hilft.channels.models import Account
from hilft.channels.registry import config_of
from hilft.practice.meta import people
from tests import factories
from tests.desk import made
from tests.desk.conftest import Desk
from tests.desk.test_connecting import connect
from tests.peers.process import free_port
from tests.practice.meta.conftest import Meta
from tests.practice.meta.conftest import running as running_meta
from tests.practice.x.conftest import KEYS, X, network, receiving

pytestmark = pytest.mark.django_db
SECRETS = ("consumer_key", "consumer_secret", "access_token", "access_token_secret", "client_secret")
KINDS = ("x", "facebook", "instagram")


@pytest.fixture(scope="module")
def x_network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[X]:
    with network(tmp_path_factory.mktemp("x")) as running:
        yield running


@pytest.fixture
def x(x_network: X) -> Iterator[X]:
    yield x_network
    x_network.faults()


@pytest.fixture(scope="module")
def meta(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Meta]:
    with running_meta(Path(tmp_path_factory.mktemp("meta"))) as running:
        yield running


def filled(kind: str, url: str) -> dict[str, object]:
    """The form as somebody fills it in who has the right keys."""
    if kind == "x":
        keys = {name: getattr(KEYS, name) for name in SECRETS}
        return keys | {"budget_usd_a_day": "2.5", "poll_seconds": "60", "messages": "on", "base_url": url}
    ids = {"page_id": people.PAGE_ID, "app_id": people.APP_ID, "base_url": url, "posts": "20", "poll_seconds": "30"}
    ids |= {"instagram_id": people.INSTAGRAM_ID} if kind == "instagram" else {}
    return ids | {"page_token": people.page_token(), "app_secret": people.app_secret(), "human_agent": "on"}


def address(kind: str, x: X, meta: Meta) -> str:
    return x.url if kind == "x" else str(meta.http.base_url).rstrip("/")


def page_of(client: Client, account: Account) -> str:
    return client.get(reverse("desk:account-webhook", args=[account.pk])).content.decode()


def registered(client: Client, account: Account) -> str:
    """What the page says after its button was pressed; empty when it led on."""
    answer = client.post(reverse("desk:account-webhook", args=[account.pk]))
    return "" if answer.status_code == 303 else answer.content.decode()


def at(settings: Any, url: str) -> None:
    """This installation's public address."""
    settings.HILFT = dataclasses.replace(settings.HILFT, public_url=url)


def test_x_is_checked_and_connected(desk: Desk, x: X):
    client, data = desk(factories.staff("operator")), filled("x", x.url)
    assert "The network answered: @nordnetz" in connect(client, "x", "check", **data)
    assert not Account.objects.exists()
    assert connect(client, "x", terms="nordnetz\n\nglasfaser lang:de", **data) == ""
    account = Account.objects.get()
    assert (account.kind, account.handle, account.network) == ("x", "@nordnetz", "")
    assert account.settings == {
        "budget_usd_a_day": 2.5,
        "terms": "nordnetz\n\nglasfaser lang:de",
        "poll_seconds": 60,
        "stream": False,
        "messages": True,
        "base_url": x.url,
    }
    assert config_of(account).secrets == {name: getattr(KEYS, name) for name in SECRETS}


@pytest.mark.parametrize(
    ("kind", "handle", "known_as"),
    [("facebook", people.PAGE_NAME, people.PAGE_ID), ("instagram", f"@{people.USERNAME}", "")],
)
def test_an_account_of_meta_is_checked_and_connected(desk: Desk, meta: Meta, kind: str, handle: str, known_as: str):
    client, data = desk(factories.staff("operator")), filled(kind, str(meta.http.base_url).rstrip("/"))
    assert f"The network answered: {handle}" in connect(client, kind, "check", **data)
    assert not Account.objects.exists()
    assert connect(client, kind, verify_token="unser-langes-wort", **data) == ""
    account = Account.objects.get()
    assert (account.kind, account.handle, account.network) == (kind, handle, known_as)
    owner = {"instagram_id": people.INSTAGRAM_ID} if kind == "instagram" else {}
    assert account.settings == owner | {
        "page_id": people.PAGE_ID,
        "app_id": people.APP_ID,
        "human_agent": True,
        "posts": 20,
        "poll_seconds": 30,
        "base_url": data["base_url"],
    }
    assert config_of(account).secrets == {
        "page_token": people.page_token(),
        "app_secret": people.app_secret(),
        "verify_token": "unser-langes-wort",
    }


@pytest.mark.parametrize("kind", ["facebook", "instagram"])
def test_a_verify_token_is_made_and_shown_with_the_address(desk: Desk, meta: Meta, kind: str):
    client = desk(factories.staff("operator"))
    data = filled(kind, str(meta.http.base_url))
    answer = client.post(reverse("desk:account-connect", args=[kind]), {"name": "Neu", "action": "connect"} | data)
    account = Account.objects.get()
    assert answer.headers["location"] == reverse("desk:account-webhook", args=[account.pk])
    token = config_of(account).secrets["verify_token"]
    assert len(token) == 32
    page = page_of(client, account)
    assert f"<code>{token}</code>" in page
    assert f"/hooks/{kind}/</code>" in page
    assert "Register the webhook" not in page
    assert made.status(client, "desk:account-webhook", account.pk) == 200
    assert client.post(reverse("desk:account-webhook", args=[account.pk])).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"access_token_secret": "guessed"}, "X no longer accepts our keys"),
        ({"consumer_key": "guessed"}, "X no longer accepts our keys"),
        ({"budget_usd_a_day": "-1"}, "greater than or equal to 0"),
        ({"budget_usd_a_day": "nan"}, "Enter a number."),
        ({"consumer_secret": ""}, "This field is required."),
        ({"poll_seconds": "1"}, "greater than or equal to 10"),
        ({"base_url": "ftp://x.example"}, "Enter a valid URL."),
        ({"base_url": f"http://127.0.0.1:{free_port()}"}, "X cannot be reached"),
    ],
)
def test_what_x_refuses_is_said(desk: Desk, x: X, wrong: dict[str, str], said: str):
    page = connect(desk(factories.staff("operator")), "x", **(filled("x", x.url) | wrong))
    assert said in page
    assert "It works." not in page
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("token_revoked", "X no longer accepts our keys"),
        ("rate_limit", "X asks for a pause"),
        ("server_error", "X answers 5"),
    ],
)
def test_trouble_of_x_is_said(desk: Desk, x: X, fault: str, said: str):
    x.faults(**{fault: {}})
    page = connect(desk(factories.staff("operator")), "x", **filled("x", x.url))
    assert "It does not work yet." in page
    assert said in page
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    ("kind", "wrong", "said"),
    [
        ("facebook", {"page_token": "EAAwrong"}, "It does not work yet."),
        ("facebook", {"app_secret": "guessed"}, "Facebook no longer accepts our token or app secret"),
        ("facebook", {"app_secret": "guessed", "app_id": ""}, "Facebook no longer accepts our token or app secret"),
        ("facebook", {"page_id": "108"}, "The network does not know these ids"),
        ("facebook", {"page_id": "NordNetz"}, "An id there is a number."),
        ("facebook", {"page_token": ""}, "This field is required."),
        ("facebook", {"app_secret": ""}, "This field is required."),
        ("facebook", {"posts": "0"}, "greater than or equal to 1"),
        ("facebook", {"base_url": f"http://127.0.0.1:{free_port()}"}, "Facebook does not answer"),
        ("instagram", {"page_id": "108"}, "The network does not know these ids"),
        ("instagram", {"instagram_id": "178"}, f"linked to the Instagram account {people.INSTAGRAM_ID}, not to this"),
        ("instagram", {"instagram_id": ""}, "This field is required."),
    ],
)
def test_what_meta_refuses_is_said(desk: Desk, meta: Meta, kind: str, wrong: dict[str, str], said: str):
    data = filled(kind, str(meta.http.base_url)) | wrong
    page = connect(desk(factories.staff("operator")), kind, **data)
    assert said in page
    assert "It works." not in page
    assert not Account.objects.exists()


@pytest.mark.parametrize(("kind", "right"), [("facebook", "pages_messaging"), ("instagram", "instagram_basic")])
def test_a_right_that_is_missing_is_named(desk: Desk, meta: Meta, kind: str, right: str):
    data = filled(kind, str(meta.http.base_url)) | {"page_token": meta.weaker(right).token}
    page = connect(desk(factories.staff("operator")), kind, **data)
    assert f"The token lacks rights: {right}." in page
    assert not Account.objects.exists()


def test_when_a_token_ends_is_said(desk: Desk, meta: Meta):
    short = meta.practice("POST", "tokens", expires_in=86_400)["access_token"]
    data = filled("facebook", str(meta.http.base_url)) | {"page_token": short}
    page = connect(desk(factories.staff("operator")), "facebook", "check", **data)
    assert "It works." in page
    assert "Sign-in ends" in page


def test_what_can_stay_is_folded_until_it_is_wrong(desk: Desk, x: X):
    client = desk(factories.staff("operator"))
    assert (
        "<details><summary>Advanced</summary>"
        in client.get(reverse("desk:account-connect", args=["x"])).content.decode()
    )
    page = connect(client, "x", **(filled("x", x.url) | {"poll_seconds": "1"}))
    assert "<details open><summary>Advanced</summary>" in page


def test_new_secrets_are_tried_with_what_the_network_allows(desk: Desk, x: X):
    client = desk(factories.staff("operator"))
    connect(client, "x", **filled("x", x.url))
    account = Account.objects.get()
    path = reverse("desk:account-reconnect", args=[account.pk])
    assert "X no longer accepts our keys" in client.post(path, {"consumer_key": "guessed"}).content.decode()
    assert client.post(path, {"client_secret": "another"}).status_code == 303
    account.refresh_from_db()
    assert config_of(account).secrets == {name: getattr(KEYS, name) for name in SECRETS} | {"client_secret": "another"}


def test_x_is_told_of_our_address(desk: Desk, x: X, settings: Any):
    client = desk(factories.staff("operator"))
    connect(client, "x", **filled("x", x.url))
    account = Account.objects.get()
    with receiving() as webhook:
        public = f"http://{urlsplit(webhook.url).netloc}"
        at(settings, public)
        assert f"<code>{public}/hooks/x/</code>" in page_of(client, account)
        webhook.secret = "guessed"
        assert "It does not work yet." in registered(client, account)
        assert x.app("GET", "/2/webhooks").json()["data"] == []
        webhook.secret = KEYS.client_secret
        assert registered(client, account) == ""
        assert [hook["url"] for hook in x.app("GET", "/2/webhooks").json()["data"]] == [f"{public}/hooks/x/"]


def test_x_is_told_to_use_the_stream(desk: Desk, x: X):
    client = desk(factories.staff("operator"))
    connect(client, "x", stream="on", **filled("x", x.url))
    account = Account.objects.get()
    assert "Subscribe to the stream" in page_of(client, account)
    assert registered(client, account) == ""
    subscriptions = x.app("GET", "/2/activity/subscriptions").json()["data"]
    assert {one.get("webhook_id", "") for one in subscriptions} == {""}
    assert len(subscriptions) == 6


@pytest.mark.parametrize(
    ("url", "warned"), [("https://hilft.example", False), ("http://hilft.example", True), ("https://a.example:8", True)]
)
def test_an_address_that_no_network_reaches_is_said(desk: Desk, x: X, settings: Any, url: str, warned: bool):
    client = desk(factories.staff("operator"))
    connect(client, "x", **filled("x", x.url))
    at(settings, url)
    assert ("Networks reach only addresses with https" in page_of(client, Account.objects.get())) == warned


def test_only_these_networks_have_a_page_for_webhooks(desk: Desk):
    client = desk(factories.staff("operator"))
    assert made.status(client, "desk:account-webhook", factories.mastodon_account().pk) == 404


@pytest.mark.parametrize("kind", KINDS)
def test_only_operators_connect_and_see_the_token(desk: Desk, x: X, meta: Meta, kind: str):
    connect(desk(factories.staff("operator")), kind, **filled(kind, address(kind, x, meta)))
    account = Account.objects.get()
    for role, expected in (("lead", 403), ("agent", 403), ("operator", 200)):
        client = desk(factories.staff(role))
        assert made.status(client, "desk:account-connect", kind) == expected
        assert made.status(client, "desk:account-webhook", account.pk) == expected
