"""Live tests at the desk: the plan is shown first, then done, noted, and whatever failed is said with what to do."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from hilft.audit.models import Entry
from hilft.channels.models import Account
from hilft.inbox.intake import read_new_events
from hilft.inbox.models import Conversation
from hilft.practice.meta import people
from tests import factories
from tests.channels.rss import feeds
from tests.channels.rss.server import serving as serving_feed
from tests.desk.conftest import Desk
from tests.desk.test_connecting import connect
from tests.desk.test_connecting_webhooks import filled
from tests.practice.meta.conftest import Meta
from tests.practice.meta.conftest import receiving as receiving_meta
from tests.practice.meta.conftest import running as running_meta
from tests.practice.x.conftest import KATJA, X, network

pytestmark = pytest.mark.django_db


@pytest.fixture
def x(tmp_path: Path) -> Iterator[X]:
    """A network on which nobody wrote anything yet."""
    with network(tmp_path) as running:
        yield running


@pytest.fixture(scope="module")
def meta(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Meta]:
    with running_meta(Path(tmp_path_factory.mktemp("meta"))) as running:
        yield running


def connected(client: Client, kind: str, url: str) -> Account:
    assert connect(client, kind, **filled(kind, url)) == ""
    return Account.objects.get()


def page_of(client: Client, account: Account, **data: str) -> str:
    """The page, before anything was done or after a form was sent."""
    address = reverse("desk:account-trial", args=[account.pk])
    answer = client.post(address, data) if data else client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def noted() -> list[dict[str, object]]:
    return list(Entry.objects.filter(verb="channels.try").order_by("pk").values_list("data", flat=True))


def test_a_post_on_x_is_announced_made_found_and_deleted(desk: Desk, x: X):
    client = desk(factories.staff("operator"))
    account = connected(client, "x", x.url)
    before = page_of(client, account)
    assert "It publishes a test post. Followers may see it until it is deleted" in before
    assert "X charges 0.025 US dollars for both." in before
    assert x.practice("GET", "posts")["posts"] == []
    after = page_of(client, account, action="do", planned="")
    assert "Everything worked." in after
    (post,) = x.practice("GET", "posts")["posts"]
    assert (post["username"], post["deleted"], "This is a test of hilft" in post["text"]) == ("nordnetz", True, True)
    assert noted() == [{"to": "", "ok": True, "failed": []}]
    prices = account.spendings.order_by("price").values_list("price", "calls")
    assert dict(prices)["price.post"] == dict(prices)["price.delete"] == 1


def test_a_direct_message_goes_only_to_whom_the_plan_named(desk: Desk, x: X):
    client = desk(factories.staff("operator"))
    account = connected(client, "x", x.url)
    first = page_of(client, account, action="do", planned="", to="@katja_brandt")
    assert "It sends a direct message to @katja_brandt, which stays there." in first
    assert x.practice("GET", "dms")["dms"] == []
    done = page_of(client, account, action="do", planned="@katja_brandt", to="@katja_brandt")
    assert "Everything worked." in done
    (message,) = x.practice("GET", "dms")["dms"]
    assert message["recipient_id"] == KATJA
    assert noted() == [{"to": "@katja_brandt", "ok": True, "failed": []}]


def test_somebody_whom_nobody_knows(desk: Desk, x: X):
    client = desk(factories.staff("operator"))
    page = page_of(client, connected(client, "x", x.url), action="do", planned="niemand_hier", to="niemand_hier")
    assert "The test failed." in page
    assert "Check how the handle is written." in page


def test_a_post_that_cannot_be_deleted_is_said(desk: Desk, x: X):
    client = desk(factories.staff("operator"))
    account = connected(client, "x", x.url)
    x.faults(server_error={"only": "^DELETE /2/tweets"})
    page = page_of(client, account, action="do", planned="")
    assert "Delete the test on the network by hand." in page
    assert noted() == [{"to": "", "ok": False, "failed": ["It deletes the test."]}]


@pytest.mark.parametrize("kind", ["facebook", "instagram"])
def test_meta_is_only_read_and_asked_about_its_webhook(desk: Desk, meta: Meta, kind: str):
    client = desk(factories.staff("operator"))
    account = connected(client, kind, str(meta.http.base_url).rstrip("/"))
    before = meta.practice("GET", "threads")
    page = page_of(client, account, action="do")
    assert "The app has no webhook for this product." in page
    assert "Register the webhook, as its page says." in page
    with receiving_meta() as receiver:
        meta.subscribe(receiver)
        assert "Everything worked." in page_of(client, account, action="do")
    assert meta.practice("GET", "threads") == before
    meta.using(people.app_token()).delete("app/subscriptions")
    assert [entry["ok"] for entry in noted()] == [False, True]


def test_a_feed_shows_its_latest_entry(desk: Desk):
    client = desk(factories.staff("operator"))
    with serving_feed() as server:
        server.content = feeds.rss(feeds.QUESTION, feeds.SECOND)
        assert connect(client, "rss", url=server.url, poll_seconds="600") == ""
        page = page_of(client, Account.objects.get(), action="do")
    assert "Everything worked." in page


def test_nothing_can_be_tested_on_the_community(desk: Desk):
    account = factories.portal_account()
    client = desk(factories.staff("operator"))
    assert client.get(reverse("desk:account-trial", args=[account.pk])).status_code == 404


def test_only_who_manages_accounts_may_test(desk: Desk, x: X):
    account = connected(desk(factories.staff("operator")), "x", x.url)
    answer = desk(factories.staff("agent")).post(reverse("desk:account-trial", args=[account.pk]), {"action": "do"})
    assert answer.status_code == 403
    assert (x.practice("GET", "posts")["posts"], noted()) == ([], [])


def test_the_test_becomes_no_conversation(desk: Desk, x: X):
    client = desk(factories.staff("operator"))
    page_of(client, connected(client, "x", x.url), action="do", planned="")
    read_new_events()
    assert not Conversation.objects.exists()
