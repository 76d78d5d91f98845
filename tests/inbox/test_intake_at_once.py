"""Every event becomes a message exactly once, however many read it at the same moment."""

import threading
from collections.abc import Callable

from django.db import connection

from hilft.channels.commands import store
from hilft.channels.contract import Raw, Ref
from hilft.channels.models import Event
from hilft.inbox.intake import read_new_events, record_sent
from hilft.inbox.models import Conversation, Message
from tests import factories
from tests.inbox.arriving import BRAND, MORNING, come_in, status, written


def at_once(count: int, act: Callable[[int], object]) -> list[BaseException]:
    """Runs `act` in as many threads, all let go at the same moment; returns what they raised."""
    gate = threading.Barrier(count)
    raised: list[BaseException] = []

    def run(number: int) -> None:
        try:
            connection.ensure_connection()
            gate.wait(timeout=30)
            act(number)
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return raised


def test_the_same_event_fifty_times_at_once_makes_one_message(rules_kept: None, transactional_db: None) -> None:
    account = factories.mastodon_account()
    raw = status(100)

    def deliver(_number: int) -> None:
        store(account, [raw])
        read_new_events()

    assert at_once(50, deliver) == []
    read_new_events()
    assert Event.objects.count() == 1
    assert Message.objects.count() == 1
    assert Conversation.objects.count() == 1


def test_fifty_different_events_of_one_thread_at_once_make_one_conversation(
    rules_kept: None, transactional_db: None
) -> None:
    account = factories.mastodon_account()

    def deliver(number: int) -> None:
        store(account, [status(200 + number, f"Nachtrag {number}", parent=200 if number else 0)])
        read_new_events(most=3)

    assert at_once(50, deliver) == []
    while read_new_events():
        pass
    assert set(Event.objects.values_list("state", flat=True)) == {"read"}
    assert Message.objects.count() == 50
    assert Conversation.objects.count() == 1


def test_echo_and_send_call_at_once_meet_in_one_message(rules_kept: None, transactional_db: None) -> None:
    account = factories.mastodon_account()
    agent = factories.staff("agent")
    come_in(account, status(300))
    conversation = Conversation.objects.get()
    ref = Ref("mastodon", str(account.pk), "301")

    def act(number: int) -> None:
        if number % 2:
            come_in(account, status(301, "Bitte warten Sie.", who=BRAND, parent=300))
        else:
            record_sent(conversation=conversation, ref=ref, text="Bitte warten Sie.", at=MORNING, author=agent.pk)

    assert at_once(10, act) == []
    read_new_events()
    reply = written(301)
    assert (reply.direction, reply.text, reply.author) == ("out", "Bitte warten Sie.", agent)


def test_new_customers_met_at_once_in_any_order_hold_up_nobody(rules_kept: None, transactional_db: None) -> None:
    account = factories.mastodon_account()
    there = [status(500 + number, who=f"kunde{number}") for number in range(30)]
    back = [status(600 + number, who=f"kunde{number}") for number in reversed(range(30))]
    store(account, there)
    store(account, back)

    def act(_number: int) -> None:
        while read_new_events(most=30):
            pass

    assert at_once(2, act) == []
    assert Message.objects.count() == 60


def test_an_edit_read_at_once_with_its_post_is_not_lost(rules_kept: None, transactional_db: None) -> None:
    account = factories.mastodon_account()
    for post in range(400, 410):
        raws = [status(post, "erste Fassung"), status(post, "zweite Fassung", edited=5)]

        def act(number: int, raws: list[Raw] = raws) -> None:
            come_in(account, raws[number])

        assert at_once(2, act) == []
        read_new_events()
        assert written(post).text == "zweite Fassung"
