"""What a page tells becomes conversations: each thing once, whichever way it came."""

from __future__ import annotations

import pytest

from hilft.channels import registry
from hilft.channels.commands import connect_account, store
from hilft.channels.contract import Config
from hilft.channels.models import Account
from hilft.channels.models import Event as Stored
from hilft.channels.registry import KindOfChannel
from hilft.inbox.enums import Direction
from hilft.inbox.intake import read_new_events
from hilft.inbox.models import Conversation, Message
from tests.channels.facebook.world import FacebookWorld
from tests.channels.graph.world import LENA, call, private
from tests.channels.world import reply, words
from tests.practice.meta.conftest import Receiver

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(world: FacebookWorld, monkeypatch: pytest.MonkeyPatch) -> Account:
    kind = KindOfChannel("facebook", "Facebook", "f", "hilft.channels.facebook.adapter")
    monkeypatch.setitem(registry.KINDS, "facebook", kind)
    config: Config = world.config()
    return connect_account(
        by=None,
        kind="facebook",
        name="NordNetz",
        handle=config.handle,
        settings=dict(config.settings),
        secrets=dict(config.secrets),
    )


def take_in(account: Account, world: FacebookWorld, receiver: Receiver | None = None) -> None:
    """Everything that was told and can be read, into the inbox."""
    if receiver is not None:
        for hook in receiver.hooks:
            store(account, world.graph.hook(call(hook)).raws)
    raws, cursor = world.graph.poll(world.start)
    store(account, raws, cursor=cursor)
    read_new_events()
    assert not Stored.objects.filter(state="failed").exists()


def test_pitfall_1_and_2_told_twice_and_read_is_one_message_in_one_conversation(
    account: Account, world: FacebookWorld, receiver: Receiver
) -> None:
    world.meta.practice("PUT", "faults", duplicates={})
    world.meta.subscribe(receiver)
    text = words("Warum ist mein Anschluss tot?")
    world.ask(text)
    question = world.hear(text)
    sent = world.graph.publish(reply(question, "Wir sehen nach."))
    receiver.wait(4)
    for _ in range(2):
        take_in(account, world, receiver)
    messages = Message.objects.order_by("at", "pk").values_list("direction", "external_id", "text")
    assert list(messages) == [
        (Direction.IN, question.ref.id, text),
        (Direction.OUT, sent.ref.id, "Wir sehen nach."),
    ]
    assert Conversation.objects.count() == 1


def test_pitfall_11_an_edit_in_the_same_second_and_a_deletion_reach_the_message(
    account: Account, world: FacebookWorld, receiver: Receiver
) -> None:
    world.ask("Erst so")
    question = world.hear("Erst so")
    take_in(account, world)
    world.meta.subscribe(receiver)
    world.rewrite(question.ref, "Dann so")
    receiver.wait(1)
    take_in(account, world, receiver)
    assert Message.objects.get().text == "Dann so"
    world.withdraw(question.ref)
    receiver.wait(2)
    take_in(account, world, receiver)
    assert Message.objects.get().deleted_at is not None


def test_a_private_answer_opens_a_private_conversation_with_the_same_person(
    account: Account, world: FacebookWorld, receiver: Receiver
) -> None:
    world.meta.subscribe(receiver)
    world.ask("Öffentlich")
    world.graph.publish(private(world.hear("Öffentlich"), "Privat."))
    world.meta.writes(LENA, "Danke, privat zurück")
    receiver.wait(3)
    take_in(account, world, receiver)
    both = Conversation.objects.order_by("public").values_list("public", "handle__name")
    assert list(both) == [(False, "Olena Kovalenko"), (True, "Olena Kovalenko")]
    assert Conversation.objects.values("handle").distinct().count() == 1


def test_a_colleagues_message_stands_in_the_customers_conversation(account: Account, world: FacebookWorld) -> None:
    world.meta.writes(LENA, "Frage")
    question = world.hear("Frage")
    assert question.author is not None
    world.meta.send({"id": question.author.id}, "Aus dem Telefon")
    take_in(account, world)
    assert list(Message.objects.order_by("at", "pk").values_list("direction", "text")) == [
        (Direction.IN, "Frage"),
        (Direction.OUT, "Aus dem Telefon"),
    ]
    assert Conversation.objects.count() == 1
