"""The screen of new questions: what it shows, and one click that hosts one."""

import pytest
from django.urls import reverse
from pgvector import HalfVector

from hilft.base.clock import now
from hilft.inbox.models import Conversation, Group, Stray
from tests import factories
from tests.desk.conftest import Desk
from tests.desk.made import said

pytestmark = pytest.mark.django_db


def group(size: int = 3) -> Group:
    account = factories.mastodon_account()
    made = Group.objects.create(name="eSIM · Handy", since=now(), size=size)
    for number in range(size):
        message = factories.message(account, f"Wie zieht die eSIM um, Nummer {number}?")
        Stray.objects.create(
            conversation=message.conversation,
            message=message,
            embedding=HalfVector([1.0] + [0.0] * 199),
            encoder="x",
            group=made,
        )
    return made


def test_a_group_becomes_a_hosted_question(desk: Desk):
    client = desk(factories.staff("editor"))
    assert "No new question keeps coming" in client.get(reverse("desk:groups")).content.decode()
    made = group()
    page = client.get(reverse("desk:groups")).content.decode()
    assert ("eSIM · Handy" in page, "3 conversations" in page) == (True, True)
    address = reverse("desk:group", args=[made.pk])
    page = client.get(address).content.decode()
    assert 'value="Wie zieht die eSIM um, Nummer 2?"' in page
    assert page.count("checked><span lang") == 3
    keys = list(Stray.objects.values_list("pk", flat=True))

    page = said(client, address, title="Wie zieht die eSIM um?", topic="Mobilfunk", wordings=keys)

    assert "3 conversations wait for its answer" in page
    assert Conversation.objects.filter(question__title="Wie zieht die eSIM um?").count() == 3
    assert client.get(address).status_code == 404


def test_only_editors(desk: Desk):
    assert desk(factories.staff("agent")).get(reverse("desk:groups")).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_number_of_queries(desk: Desk, django_assert_num_queries, rows: int):
    for _ in range(rows):
        group()
    client = desk(factories.staff("editor"))
    with django_assert_num_queries(11):
        client.get(reverse("desk:groups"))
