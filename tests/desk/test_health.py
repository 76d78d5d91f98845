"""The page of one account: connection, gaps, and replies that wait."""

from datetime import timedelta

import pytest
from django.urls import reverse

from hilft.base.clock import now
from hilft.channels.models import Account, Gap
from hilft.publishing.models import Delivery
from tests import factories
from tests.desk import made

pytestmark = pytest.mark.django_db


def page(desk, account: Account, role: str = "lead") -> str:
    return desk(factories.staff(role)).get(reverse("desk:account", args=[account.pk])).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_however_many_gaps_and_replies(desk, django_assert_num_queries, rows):
    account = factories.mastodon_account()
    for hours in range(rows):
        Gap.objects.create(account=account, since=now() - timedelta(hours=hours + 1), until=now())
        waiting(account)
    client = desk(factories.staff("lead"))
    with django_assert_num_queries(14):
        found = client.get(reverse("desk:account", args=[account.pk])).content.decode()
    assert found.count("nothing was written") == rows
    assert found.count("Wir sehen nach.") == rows


def waiting(account: Account) -> Delivery:
    message = factories.message(account)
    return Delivery.objects.create(
        conversation=message.conversation, account=account, text="Wir sehen nach.", public=True, due_at=now()
    )


def test_what_is_known_of_the_connection(desk):
    account = factories.x_account()
    found = page(desk, account)
    assert "not open" in found
    assert "has told nothing yet" in found
    assert "not checked yet" in found
    assert "none: everything is read" in found
    assert "None. This account was always heard." in found
    at = now()
    Account.objects.filter(pk=account.pk).update(
        stream_since=at, hooked_at=at, checked_at=at, expires_at=at + timedelta(days=6), state="lost"
    )
    found = page(desk, account)
    assert "Deaf since" in found
    assert "last told something" in found
    assert found.count("chip-danger") >= 2
    Account.objects.filter(pk=account.pk).update(state="active")
    assert 'class="chip chip-warn" title="ends"' in page(desk, account)
    Account.objects.filter(pk=account.pk).update(expires_at=None)
    assert "holds, and the network names no end" in page(desk, account)


def test_the_list_says_since_when_an_account_is_deaf(desk):
    account = factories.mastodon_account()
    client = desk(factories.staff("lead"))
    assert "Deaf since" not in client.get(reverse("desk:accounts")).content.decode()
    Account.objects.filter(pk=account.pk).update(silent_since=now(), last_heard_at=now() - timedelta(hours=1))
    assert "Deaf since" in client.get(reverse("desk:accounts")).content.decode()


def test_a_gap_with_what_was_found_of_it(desk):
    account = factories.mastodon_account()
    Gap.objects.create(
        account=account, since=now() - timedelta(hours=5), until=now() - timedelta(hours=2), messages=7, filled_at=now()
    )
    found = page(desk, account, "operator")
    assert '<td class="number">7</td>' in found
    assert "count from when they were written" in found


def test_what_is_ours_has_no_connection(desk):
    assert "Gaps" not in page(desk, factories.portal_account())


def test_an_account_that_is_none_is_not_found(desk):
    assert made.status(desk(factories.staff("lead")), "desk:account", 999) == 404
