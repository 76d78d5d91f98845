"""A reply that the network refuses from us: released like any other, posted by a person, and known as a placement."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from hilft.inbox.models import Message
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.publishing.commands import stuck, taking_back
from hilft.publishing.models import Delivery, Placement
from hilft.publishing.queries import needing_person
from tests import factories
from tests.practice.x.conftest import X, network
from tests.publishing.places import hear, on_x, released, submitted

pytestmark = pytest.mark.django_db
ANSWER = "Die Störung in Kiel ist seit 14 Uhr behoben. Starten Sie den Router bitte einmal neu."


@pytest.fixture
def x(tmp_path: Path) -> Iterator[X]:
    with network(tmp_path) as found:
        yield found


@pytest.fixture
def agent() -> User:
    return factories.staff("agent")


@pytest.fixture
def found(x: X) -> Message:
    """A post that listening found: its author did not address us, so X refuses a reply from us."""
    account = on_x(x)
    x.says("katja_brandt", "@nordnetz in Kiel geht schon wieder gar nichts")
    (message,) = hear(account)
    Message.objects.filter(pk=message.pk).update(addressed=False)
    message.refresh_from_db()
    return message


def by_hand(found: Message, agent: User) -> Delivery:
    return released(factories.staff("approver"), submitted(agent, found, ANSWER, by_hand=True))


def test_it_is_refused_with_the_open_way_and_kept(found: Message, agent: User):
    with pytest.raises(Refusal, match="in the X app"):
        submitted(agent, found, ANSWER)
    client = Client(headers={"accept-language": "en"})
    client.force_login(agent)
    page = client.get(reverse("desk:conversation", args=[found.conversation_id])).content.decode()
    assert "This reply would be refused." in page
    assert "Submit, to be posted by hand" in page


def test_four_eyes_hold_for_it_and_nothing_is_sent(found: Message, agent: User, x: X):
    draft = submitted(agent, found, ANSWER, by_hand=True)
    assert (draft.state, Delivery.objects.count()) == ("waiting", 0)
    delivery = released(factories.staff("approver"), draft)
    assert (delivery.state, delivery.error) == ("person", "To be posted by hand.")
    assert list(needing_person()) == [delivery]
    assert [post["text"] for post in x.practice("GET", "posts")["posts"] if ANSWER in post["text"]] == []


def test_the_network_says_which_post_it_was(found: Message, agent: User, x: X):
    delivery = by_hand(found, agent)
    posted = x.says("nordnetz", ANSWER, reply_to=found.external_id or "")
    stuck.confirm(by=agent, delivery=delivery)
    placement = Placement.objects.get(delivery=delivery)
    assert (placement.external_id, placement.author, placement.state) == (posted["id"], agent, "current")
    assert hear(found.account) == []
    assert Message.objects.filter(direction="out").count() == 1


def test_where_it_cannot_tell_the_link_is_kept(found: Message, agent: User):
    delivery = by_hand(found, agent)
    with pytest.raises(Refusal, match="no address"):
        stuck.confirm(by=agent, delivery=delivery, url="x.com ohne alles")
    client = Client(headers={"accept-language": "en"})
    client.force_login(agent)
    client.post(reverse("desk:delivery-confirm", args=[delivery.pk]), {"url": "https://x.com/nordnetz/status/17"})
    placement = Placement.objects.get(delivery=delivery)
    assert (placement.url, placement.external_id[:8]) == ("https://x.com/nordnetz/status/17", "by-hand:")
    with pytest.raises(Refusal, match="needs nobody"):
        stuck.confirm(by=agent, delivery=delivery)
    found.conversation.refresh_from_db()
    assert found.conversation.waiting_since is None


def test_its_author_takes_it_back_while_nobody_posted_it(found: Message, agent: User):
    delivery = by_hand(found, agent)
    draft = taking_back.undo(by=agent, delivery=delivery)
    assert (draft.state, draft.text) == ("editing", ANSWER)
    assert list(needing_person()) == []
