"""Connecting Matrix and feeds: each is asked over HTTP before anything is saved, and every refusal is said."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from django.test import Client
from django.urls import reverse

from hilft.channels.models import Account
from hilft.channels.registry import config_of
from tests import factories
from tests.channels.rss import feeds
from tests.channels.rss.server import Server
from tests.channels.rss.server import serving as serving_feed
from tests.desk import made
from tests.desk.conftest import Desk
from tests.peers.bluesky.recording import serving
from tests.peers.process import free_port

pytestmark = pytest.mark.django_db
WHOAMI = "/_matrix/client/v3/account/whoami"
TOKEN = "syt_geheim"
ME = b'{"user_id": "@hilft:localhost", "device_id": "ABC", "is_guest": false}'
"""What Synapse 1.163.2 answers, as in tests/channels/matrix/recorded."""

MatrixServer = Callable[[int, bytes], str]


@pytest.fixture
def matrix() -> Iterator[MatrixServer]:
    """Starts a server that answers who we are, to the right token, with a status and a body."""
    with ExitStack() as stack:

        def start(status: int, body: bytes) -> str:
            def answer(
                verb: str, path: str, _body: bytes, headers: dict[str, str]
            ) -> tuple[int, dict[str, str], bytes]:
                if (verb, path, headers.get("authorization")) != ("GET", WHOAMI, f"Bearer {TOKEN}"):
                    return 404, {}, b'{"errcode": "M_UNRECOGNIZED"}'
                return status, {"content-type": "application/json"}, body

            return stack.enter_context(serving(answer))

        yield start


@pytest.fixture
def feed() -> Iterator[Server]:
    with serving_feed() as server:
        server.content = feeds.rss(feeds.QUESTION, feeds.SECOND)
        yield server


def connect(client: Client, kind: str, action: str = "connect", **data: object) -> str:
    """What the page says after the form was sent; empty when it led on."""
    answer = client.post(reverse("desk:account-connect", args=[kind]), {"name": "Neu", "action": action} | data)
    return "" if answer.status_code == 303 else answer.content.decode()


def test_a_matrix_account_is_checked_and_connected(desk: Desk, matrix: MatrixServer):
    client, url = desk(factories.staff("operator")), matrix(200, ME)
    data = {"base_url": url, "access_token": TOKEN, "invites": "local"}
    assert "The network answered: @hilft:localhost" in connect(client, "matrix", "check", **data)
    assert not Account.objects.exists()
    assert connect(client, "matrix", **data) == ""
    account = Account.objects.get()
    assert (account.kind, account.handle, account.network) == ("matrix", "@hilft:localhost", "")
    assert account.settings == {"base_url": url, "invites": "local"}
    assert config_of(account).secrets == {"access_token": TOKEN}
    assert TOKEN.encode() not in bytes(account.secrets)


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (401, b'{"errcode": "M_UNKNOWN_TOKEN", "error": "Unknown token"}', "no longer accepts the access token"),
        (403, b'{"errcode": "M_USER_DEACTIVATED", "error": "Deactivated"}', "no longer accepts the access token"),
        (404, b"Not found", "Matrix refuses (404"),
        (429, b'{"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 2000}', "Matrix asks for a pause."),
        (502, b"", "answers 502."),
        (200, b"<html>", "did not answer in JSON."),
        (200, b"[]", "This does not work"),
        (200, b"{}", "did not say which account this is"),
    ],
)
def test_what_a_matrix_server_refuses_is_said(desk: Desk, matrix: MatrixServer, status: int, body: bytes, said: str):
    url = matrix(status, body)
    page = connect(desk(factories.staff("operator")), "matrix", base_url=url, access_token=TOKEN, invites="all")
    assert "It does not work yet." in page
    assert said in page
    assert not Account.objects.exists()


def test_a_matrix_server_that_is_not_there(desk: Desk):
    url = f"http://127.0.0.1:{free_port()}"
    page = connect(desk(factories.staff("operator")), "matrix", base_url=url, access_token=TOKEN, invites="all")
    assert "does not answer" in page
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"base_url": "ftp://matrix.example"}, "Enter a valid URL."),
        ({"base_url": ""}, "This field is required."),
        ({"access_token": ""}, "This field is required."),
        ({"invites": "some"}, "Select a valid choice."),
    ],
)
def test_matrix_asks_nobody_before_the_form_is_right(
    desk: Desk, matrix: MatrixServer, wrong: dict[str, str], said: str
):
    data = {"base_url": matrix(200, ME), "access_token": TOKEN, "invites": "all"} | wrong
    page = connect(desk(factories.staff("operator")), "matrix", **data)
    assert said in page
    assert "It works." not in page
    assert not Account.objects.exists()


def test_a_feed_is_checked_and_connected(desk: Desk, feed: Server):
    client = desk(factories.staff("operator"))
    data = {"url": feed.url, "poll_seconds": "600"}
    assert "The network answered: Forum für Störungen: 2" in connect(client, "rss", "check", **data)
    assert not Account.objects.exists()
    assert connect(client, "rss", **data) == ""
    account = Account.objects.get()
    assert (account.kind, account.handle, account.settings) == ("rss", feed.url, {"url": feed.url, "poll_seconds": 600})
    assert config_of(account).secrets == {}


@pytest.mark.parametrize(
    ("status", "content", "said"),
    [
        (404, b"", "answers 404."),
        (410, b"", "is gone for good (410)."),
        (503, b"", "answers 503."),
        (200, b"", "The feed is empty."),
        (200, b"<!doctype html><title>Forum</title>", "There is no feed at this address."),
        (200, feeds.rss(feeds.QUESTION)[:-20], "The feed is not well-formed"),
        (200, feeds.FILE.encode(), "It does not work yet."),
    ],
)
def test_what_is_no_feed_is_said(desk: Desk, feed: Server, status: int, content: bytes, said: str):
    feed.status, feed.content = status, content
    page = connect(desk(factories.staff("operator")), "rss", url=feed.url, poll_seconds="300")
    assert "It does not work yet." in page
    assert said in page
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"url": "file:///etc/hostname"}, "Enter a valid URL."),
        ({"url": ""}, "This field is required."),
        ({"poll_seconds": "5"}, "greater than or equal to 30"),
        ({"poll_seconds": "oft"}, "Enter a whole number."),
    ],
)
def test_a_feed_is_not_fetched_before_the_form_is_right(desk: Desk, feed: Server, wrong: dict[str, str], said: str):
    page = connect(desk(factories.staff("operator")), "rss", **({"url": feed.url, "poll_seconds": "300"} | wrong))
    assert said in page
    assert feed.asked == []
    assert not Account.objects.exists()


def test_a_feed_has_no_secrets_to_renew(desk: Desk, feed: Server):
    client = desk(factories.staff("operator"))
    connect(client, "rss", url=feed.url, poll_seconds="300")
    assert made.status(client, "desk:account-reconnect", Account.objects.get().pk) == 404
    assert "New secrets" not in client.get(reverse("desk:accounts")).content.decode()


@pytest.mark.parametrize("kind", ["matrix", "rss"])
def test_only_operators_connect(desk: Desk, kind: str):
    for role, expected in (("lead", 403), ("agent", 403), ("operator", 200)):
        assert made.status(desk(factories.staff(role)), "desk:account-connect", kind) == expected
