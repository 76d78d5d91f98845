"""The example workspace begins with two phone notes, and its end leaves the telephone."""

import pytest
from django.db import connection

from hilft.channels.models import Account
from hilft.channels.phone.commands import ensure_account
from hilft.example.commands import delete, seed
from hilft.inbox.intake import read_new_events
from hilft.inbox.models import Conversation
from hilft.people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _without_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HILFT_DATA", raising=False)


def test_two_callers_wait_from_the_start():
    ensure_account()
    seed(mastodon="http://127.0.0.1:9", smtp_port=9, receiver_port=9)
    assert Account.objects.filter(kind="phone").count() == 1
    assert read_new_events() == 2
    waiting = Conversation.objects.waiting().order_by("pk").values_list("handle__name", "form", "public", "language")
    assert list(waiting) == [("Helga Thomsen", "sie", False, "de"), ("Jannik Lorenz", "du", False, "de")]


def test_the_end_of_the_example_leaves_one_phone_account():
    seed(mastodon="http://127.0.0.1:9", smtp_port=9, receiver_port=9)
    operator = User.objects.filter(roles__contains=["operator"]).order_by("pk")[0]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    delete(by=operator)
    assert not User.objects.exists()
    assert not Conversation.objects.exists()
    assert list(Account.objects.values_list("kind", "state")) == [("phone", "active")]
