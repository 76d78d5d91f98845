"""Nobody is forgotten in an outage: gaps are remembered, what they held is counted, and waiting includes them."""

import socket
import threading
from datetime import timedelta

import pytest
from django.db import connection

from hilft.base.clock import now
from hilft.channels import listener, watch
from hilft.channels.commands import store
from hilft.channels.contract import Can, ChannelError, Health, Raw
from hilft.channels.hooks import Told, store_together
from hilft.channels.listener import Listener
from hilft.channels.models import Account, Gap
from hilft.channels.registry import adapter_of
from tests import factories

pytestmark = pytest.mark.django_db


def away(account: Account, **time: float) -> None:
    """Nothing was heard for so long."""
    Account.objects.filter(pk=account.pk).update(last_heard_at=now() - timedelta(**time))


def gaps(account: Account) -> list[tuple[int, int, bool]]:
    """Minutes of each gap, what was found of it, and whether something was."""
    found = Gap.objects.filter(account=account).order_by("pk")
    return [
        (round((gap.until - gap.since).total_seconds() / 60), gap.messages, gap.filled_at is not None) for gap in found
    ]


def test_a_gap_is_remembered_when_the_account_is_heard_again():
    account = factories.mastodon_account()
    store(account, [], cursor="1")
    assert gaps(account) == []
    away(account, minutes=90)
    store(account, [], cursor="2")
    store(account, [], cursor="2")
    assert gaps(account) == [(90, 0, False)]


def test_the_usual_pause_between_two_heartbeats_is_none():
    account = factories.mastodon_account()
    store(account, [], cursor="1")
    away(account, seconds=100)
    store(account, [], cursor="1")
    assert gaps(account) == []


def test_what_was_written_in_the_gap_is_counted_and_waits_since_then():
    account = factories.mastodon_account()
    store(account, [], cursor="1")
    away(account, hours=3)
    store(account, [], cursor="2")
    late = factories.message(account, at=now() - timedelta(hours=2))
    factories.message(account, at=now() - timedelta(hours=1))
    factories.message(account, at=now() - timedelta(days=1))
    factories.message(account, at=now())
    assert gaps(account) == [(180, 2, True)]
    assert late.conversation.waiting_since == late.at


def test_waiting_begins_with_the_oldest_however_late_it_is_fetched():
    account = factories.mastodon_account()
    younger = factories.message(account, at=now() - timedelta(minutes=1), thread="one")
    older = factories.message(account, "Hallo? Noch jemand da?", at=now() - timedelta(hours=2), thread="one")
    assert older.conversation_id == younger.conversation_id
    older.conversation.refresh_from_db()
    assert older.conversation.waiting_since == older.at


def test_a_webhook_is_noted_and_makes_no_gap():
    account = factories.mastodon_account()
    away(account, hours=1)
    assert store_together([Told([(account, [Raw(key="1", body=b"{}")])])]) == 1
    assert gaps(account) == []
    account.refresh_from_db()
    assert account.hooked_at is not None


def test_since_when_an_account_is_deaf():
    account = factories.mastodon_account()
    away(account, hours=1)
    account.refresh_from_db()
    assert account.deaf_since is None
    for state, silent, deaf in (("active", now(), True), ("lost", None, True), ("paused", now(), False)):
        Account.objects.filter(pk=account.pk).update(state=state, silent_since=silent)
        account.refresh_from_db()
        assert account.deaf_since == (account.last_heard_at if deaf else None)


@pytest.mark.parametrize("make", [factories.mastodon_account, factories.x_account])
def test_a_network_that_is_away_gives_no_heartbeat(make):
    """Otherwise its silence would never be noticed: every attempt would look like life."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        account = make(f"http://127.0.0.1:{taken.getsockname()[1]}")
        heard: list[object] = []
        with pytest.raises(ChannelError):
            heard.extend(adapter_of(account).listen("", threading.Event()))
    assert heard == []


class Streams:
    """A network with a stream that opens, and then breaks."""

    def __init__(self) -> None:
        self.open = False

    def can(self) -> Can:
        return Can.STREAM

    def streams(self) -> bool:
        return self.open

    def listen(self, _cursor: str, _stop: threading.Event):
        yield [], "1"
        assert Account.objects.get().stream_since is None
        self.open = True
        yield [], "1"
        assert Account.objects.get().stream_since is not None
        raise ChannelError("The line broke.")


def test_whether_a_stream_is_open_is_known(monkeypatch: pytest.MonkeyPatch):
    account = factories.mastodon_account()
    monkeypatch.setattr(listener, "adapter_of", lambda _account: Streams())
    monkeypatch.setattr(connection, "close", lambda: None)
    thread = Listener(account)
    monkeypatch.setattr(thread.stop, "wait", lambda _seconds: thread.stop.set())
    thread.run()
    account.refresh_from_db()
    assert (account.stream_since, account.error) == (None, "The line broke.")


def test_a_check_that_fails_is_told_and_does_not_count(monkeypatch: pytest.MonkeyPatch):
    class Refusing:
        def check(self) -> Health:
            return Health(ok=False, message="The token is unknown.")

    account = factories.mastodon_account()
    monkeypatch.setattr(watch, "adapter_of", lambda _account: Refusing())
    watch.check_accounts()
    account.refresh_from_db()
    assert (account.checked_at, account.error) == (None, "The token is unknown.")
