"""When an answer is lost and looking fails as well: nothing is sent twice, and nobody is asked what hilft can know."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from hilft.base.clock import now
from hilft.channels.commands import connect_account, lose
from hilft.channels.models import Account
from hilft.channels.registry import adapter_of, keep_adapter
from hilft.channels.secrets import seal, unseal
from hilft.cli.bench.faults.networks import SETTINGS
from hilft.practice.accounts import x_keys
from hilft.practice.meta import people
from hilft.publishing.commands import deliveries, stuck
from hilft.publishing.commands.waiting import HANDFUL, resume
from hilft.publishing.models import Delivery
from hilft.publishing.queries import due_deliveries, needing_person
from tests import factories
from tests.practice.meta.conftest import KATJA, Meta, meta, server
from tests.practice.x.conftest import BRAND, X, network

__all__ = ["meta", "server"]

pytestmark = pytest.mark.django_db

COMMENTS = "^POST .*/comments$"


@pytest.fixture(autouse=True)
def _hung_up(db: None) -> Iterator[None]:
    """Connections to practice networks are closed before these end."""
    yield
    for account in Account.objects.exclude(kind="mastodon"):
        adapter_of(account).close()


@pytest.fixture
def page(meta: Meta) -> Account:
    """The brand's page on the practice network."""
    return connect_account(
        by=None,
        kind="facebook",
        name="Facebook",
        handle="@nordnetz",
        settings={**SETTINGS, "base_url": str(meta.http.base_url), "page_id": people.PAGE_ID, "app_id": people.APP_ID},
        secrets={"page_token": meta.token, "app_secret": people.app_secret()},
    )


@pytest.fixture
def x(tmp_path: Path) -> Iterator[X]:
    with network(tmp_path) as x:
        yield x


def queued(account: Account, question: str, text: str = "Bitte warten Sie.") -> Delivery:
    message = factories.message(account, ref_id=question)
    return Delivery.objects.create(
        conversation=message.conversation,
        account=account,
        reply_to=message,
        text=text,
        public=True,
        due_at=now(),
        draft=message.conversation.drafts.create(author=factories.staff("agent"), public=True, text=text),
    )


def attempt(delivery: Delivery, *, later: timedelta = timedelta()) -> str:
    """One attempt after so much time; the state it leaves behind."""
    Account.objects.update(hold_until=None)
    if later:
        left_at = delivery.left_at - later if delivery.left_at else None
        Delivery.objects.filter(pk=delivery.pk).update(due_at=now() - timedelta(seconds=1), left_at=left_at)
    deliveries.deliver(delivery.pk)
    delivery.refresh_from_db()
    return delivery.state


def standing(meta: Meta, question: str) -> list[str]:
    """The brand's replies to a comment."""
    threads = meta.practice("GET", "threads")["threads"]
    return [one["text"] for thread in threads for one in thread["comments"] if one["parent"] == question]


@pytest.mark.parametrize("looking", ["server_error", "rate_limit_bare"])
def test_a_reply_that_cannot_be_looked_for_is_not_sent_again(meta: Meta, page: Account, looking: str) -> None:
    question = meta.says(KATJA, "Kommt das an?", meta.page_post())
    delivery = queued(page, question)
    meta.practice("PUT", "faults", **{"timeout_after": {"only": COMMENTS}, looking: {"only": "^GET"}})
    assert attempt(delivery) == "sending"
    meta.practice("PUT", "faults")
    assert attempt(delivery, later=timedelta(hours=1)) == "delivered"
    assert standing(meta, question) == ["Bitte warten Sie."]


def test_a_sign_in_lost_while_looking_leaves_the_reply_to_be_looked_for(meta: Meta, page: Account) -> None:
    question = meta.says(KATJA, "Und so?", meta.page_post())
    delivery = queued(page, question)
    meta.practice("PUT", "faults", timeout_after={"only": COMMENTS}, token_revoked={"only": "^GET"})
    assert attempt(delivery) == "sending"
    page.refresh_from_db()
    assert page.state == "lost"
    meta.practice("PUT", "faults")
    Account.objects.update(state="active")
    stuck.resume_account(page)
    assert ProcrastinateJob.objects.filter(task_name="publishing.resume").exists()
    assert attempt(delivery, later=timedelta(hours=1)) == "delivered"
    assert standing(meta, question) == ["Bitte warten Sie."]


def test_absence_right_after_a_lost_answer_proves_nothing_on_facebook(meta: Meta, page: Account) -> None:
    question = meta.says(KATJA, "Noch einmal?", meta.page_post())
    delivery = queued(page, question)
    meta.practice("PUT", "faults", server_error={"only": COMMENTS, "times": 1})
    assert attempt(delivery) == "sending"
    assert attempt(delivery, later=timedelta(seconds=1)) == "sending"
    assert delivery.attempts == 2
    assert standing(meta, question) == []
    assert attempt(delivery, later=timedelta(hours=1)) == "delivered"
    assert standing(meta, question) == ["Bitte warten Sie."]


def test_absence_counts_from_the_latest_attempt(meta: Meta, page: Account) -> None:
    delivery = queued(page, meta.says(KATJA, "Wie oft?", meta.page_post()))
    meta.practice("PUT", "faults", server_error={"only": COMMENTS, "times": 2})
    assert attempt(delivery) == "sending"
    begun, left = delivery.begun_at, delivery.left_at
    assert attempt(delivery, later=timedelta(minutes=1)) == "sending"
    assert delivery.begun_at == begun
    assert delivery.left_at is not None
    assert left is not None
    assert delivery.left_at > left


def test_x_is_asked_again_before_a_person_is(x: X) -> None:
    keys = x_keys()._asdict()
    account = connect_account(
        by=None,
        kind="x",
        name="X",
        handle="@nordnetz",
        settings={**SETTINGS, "base_url": x.url, "user_id": BRAND},
        secrets=keys,
    )
    question = x.says("katja_brandt", "@nordnetz Kommt das an?")
    delivery = queued(account, question["id"])
    x.faults(server_error={"only": "^POST /2/tweets$", "times": 1})
    assert attempt(delivery) == "sending"
    assert list(needing_person()) == []
    assert attempt(delivery, later=timedelta(minutes=1)) == "delivered"
    replies = [post["plain"] for post in x.practice("GET", "posts?as=nordnetz")["posts"]]
    assert replies == ["Bitte warten Sie."]


def test_a_mistake_of_an_adapter_is_looked_into_before_a_person_is_asked(meta: Meta, page: Account) -> None:
    question = meta.says(KATJA, "Und nun?", meta.page_post())
    delivery = queued(page, question)
    adapter_of(page).close()  # as when somebody connects the account anew in the middle of an attempt
    assert attempt(delivery) == "sending"
    page.settings = page.settings | {"poll_seconds": 5}
    page.save()
    assert attempt(delivery, later=timedelta(hours=1)) == "delivered"
    assert standing(meta, question) == ["Bitte warten Sie."]


def test_what_nobody_could_look_at_for_a_week_is_listed_for_a_person(meta: Meta, page: Account) -> None:
    question = meta.says(KATJA, "Ist da jemand?", meta.page_post())
    delivery = queued(page, question)
    meta.practice("PUT", "faults", timeout_after={"only": COMMENTS}, server_error={"only": "^GET"})
    assert attempt(delivery) == "sending"
    Delivery.objects.filter(pk=delivery.pk).update(attempts=399)
    assert attempt(delivery, later=timedelta(days=7)) == "person"
    assert list(needing_person()) == [delivery]
    assert standing(meta, question) == ["Bitte warten Sie."]


def test_a_refusal_of_replaced_secrets_does_not_stop_the_account() -> None:
    account = factories.mastodon_account()
    before = Account.objects.get(pk=account.pk)
    account.secrets = seal({"access_token": "new"})
    account.save()
    assert not lose(before, "The old token.")
    account.refresh_from_db()
    assert account.state == "active"
    assert lose(account, "The new token.")
    account.refresh_from_db()
    assert (account.state, account.error) == ("lost", "The new token.")


def test_an_adapter_that_renews_its_secrets_is_kept_for_all_who_read_the_old_ones() -> None:
    before = factories.mastodon_account()
    adapter = adapter_of(before)
    renewed = Account.objects.get(pk=before.pk)
    renewed.secrets = seal(unseal(bytes(before.secrets)) | {"access_token": "renewed"})
    renewed.save()
    keep_adapter(renewed, adapter)
    assert adapter_of(renewed) is adapter
    assert adapter_of(before) is adapter


def test_what_waits_for_an_account_is_in_nobody_s_way_and_goes_on_a_handful_at_a_time() -> None:
    account = factories.mastodon_account()
    waiting = [queued(account, str(number)) for number in range(HANDFUL + 1)]
    Account.objects.update(hold_until=now() + timedelta(minutes=1))
    assert list(due_deliveries()) == []
    Account.objects.update(hold_until=None, state="lost")
    assert list(due_deliveries()) == []
    Account.objects.update(state="active")
    assert list(due_deliveries()) == waiting
    ProcrastinateJob.objects.all()._raw_delete("default")
    resume(account, after=0)
    jobs = list(ProcrastinateJob.objects.order_by("id").values_list("task_name", "args"))
    assert jobs == [
        *(("publishing.deliver", {"delivery": delivery.pk}) for delivery in waiting[:-1]),
        ("publishing.resume", {"account": account.pk, "after": waiting[-2].pk}),
    ]
