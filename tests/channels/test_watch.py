"""A connection that falls silent is told within five minutes, once, and the alarm ends when it is heard again."""

from datetime import timedelta

import pytest
from django.db import connection

from hilft.base import clock
from hilft.base.clock import now
from hilft.channels import inside, watch
from hilft.channels.commands import store
from hilft.channels.contract import Health
from hilft.channels.models import Account
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Account:
    factories.staff("operator")
    factories.staff("lead")
    factories.staff("agent")
    account = factories.mastodon_account()
    store(account, [])
    return account


@pytest.fixture(autouse=True)
def _a_mail_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inside, "first_mail_account", lambda: True)


def mails() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args->>'to' FROM procrastinate_jobs WHERE task_name = 'channels.mail' ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def later(monkeypatch: pytest.MonkeyPatch, **passed: float) -> None:
    at = watch.now() + timedelta(**passed)
    for module in (watch, clock):
        monkeypatch.setattr(module, "now", lambda: at)


def test_silence_is_told_within_five_minutes_and_once(account: Account, monkeypatch: pytest.MonkeyPatch):
    for _minute in range(5):
        later(monkeypatch, minutes=1)
        watch.watch()
    account.refresh_from_db()
    assert account.alarmed_at is not None
    assert account.alarmed_at - (account.last_heard_at or account.created_at) <= timedelta(minutes=5)
    assert len(mails()) == 2


def test_a_restart_of_ours_raises_no_alarm(account: Account, monkeypatch: pytest.MonkeyPatch):
    later(monkeypatch, hours=3)
    watch.watch()
    Account.objects.filter(pk=account.pk).update(last_heard_at=watch.now())
    later(monkeypatch, minutes=1)
    watch.watch()
    account.refresh_from_db()
    assert (account.silent_since, account.alarmed_at, mails()) == (None, None, [])


def test_the_alarm_ends_with_the_silence(account: Account, monkeypatch: pytest.MonkeyPatch):
    for _minute in range(5):
        later(monkeypatch, minutes=1)
        watch.watch()
    Account.objects.filter(pk=account.pk).update(last_heard_at=watch.now())
    watch.watch()
    account.refresh_from_db()
    assert (account.silent_since, account.alarmed_at) == (None, None)
    assert len(mails()) == 2


def test_what_cannot_speak_by_itself_is_not_watched(monkeypatch: pytest.MonkeyPatch):
    portal = factories.portal_account()
    for _minute in range(5):
        later(monkeypatch, minutes=1)
        watch.watch()
    portal.refresh_from_db()
    assert portal.alarmed_at is None


def test_a_sign_in_that_ends_is_told_a_week_ahead(account: Account, monkeypatch: pytest.MonkeyPatch):
    class Ending:
        def check(self) -> Health:
            return Health(ok=True, expires_at=ends)

    monkeypatch.setattr(watch, "adapter_of", lambda _account: Ending())
    ends = now() + timedelta(days=8)
    watch.check_accounts()
    assert mails() == []
    later(monkeypatch, hours=30)
    watch.check_accounts()
    account.refresh_from_db()
    assert account.expires_at == ends
    assert len(mails()) == 2
