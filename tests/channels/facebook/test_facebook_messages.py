"""Private replies and Messenger: one reply to a comment, then windows that the network itself enforces."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from hilft.channels.contract import Event, Outgoing, Ref, Refused, Unknown
from hilft.practice.meta import people
from tests.channels.facebook.world import FacebookWorld
from tests.channels.graph.world import KATJA, LENA, private
from tests.channels.world import words
from tests.practice.meta.conftest import DAY

WEEK = 7 * DAY


def commented(world: FacebookWorld, text: str = "Frage") -> Event:
    text = words(text)
    world.ask(text)
    return world.hear(text)


def written(world: FacebookWorld, text: str = "Hallo, eine Frage") -> Event:
    world.meta.writes(LENA, text)
    return world.hear(text)


def test_a_message_arrives_and_is_answered_in_its_thread(world: FacebookWorld) -> None:
    message = written(world)
    person = people.scoped_id(LENA, "facebook")
    assert (message.public, message.own, message.thread, message.parent) == (False, False, person, None)
    assert message.author is not None
    assert (message.author.id, message.author.name) == (person, "Olena Kovalenko")
    sent = world.graph.publish(private(message, "Hier die Antwort."))
    echo = world.hear("Hier die Antwort.")
    assert (echo.own, echo.thread, echo.ref) == (True, person, sent.ref)
    assert echo.parent == Ref("facebook", "9", message.ref.id)


def test_the_private_thread_of_a_comment_goes_on_in_messenger(world: FacebookWorld) -> None:
    question = commented(world)
    first = world.graph.publish(private(question, "Erst die private Antwort."))
    assert first.ref.id == world.letters()[0]["id"]
    assert world.letters()[0]["comment"] == question.ref.id
    world.meta.writes(LENA, "Danke, und noch etwas")
    answer = world.hear("Danke, und noch etwas")
    assert question.author is not None
    assert answer.thread == question.author.id
    world.graph.publish(private(question, "Dann im Messenger."))
    assert [(letter["text"], letter["comment"]) for letter in world.letters()][2:] == [("Dann im Messenger.", "")]


@pytest.mark.parametrize("fresh", [False, True], ids=["the same adapter", "one that knows nothing"])
def test_pitfall_5_a_second_private_reply_is_never_tried(world: FacebookWorld, fresh: bool) -> None:
    question = commented(world)
    world.graph.publish(private(question, "Die eine."))
    adapter = world.made() if fresh else world.graph
    with pytest.raises(Refused, match="no longer lets us write"):
        adapter.publish(private(question, "Die andere."))
    assert [letter["text"] for letter in world.letters()] == ["Die eine."]


@pytest.mark.parametrize(("seconds", "ok"), [(WEEK - 1, True), (WEEK + 1, False)])
def test_pitfall_5_the_network_closes_private_replies_after_7_days(
    world: FacebookWorld, seconds: int, ok: bool
) -> None:
    world.window()
    question = commented(world)
    world.meta.at(seconds)
    assert _goes(lambda: world.graph.publish(private(question, "Noch rechtzeitig?"))) is ok


@pytest.mark.parametrize(("seconds", "ok"), [(DAY - 1, True), (DAY + 1, False)])
def test_pitfall_5_the_network_closes_messenger_after_24_hours(world: FacebookWorld, seconds: int, ok: bool) -> None:
    world.window()
    message = written(world)
    world.meta.at(seconds)
    assert _goes(lambda: world.graph.publish(private(message, "Noch rechtzeitig?"))) is ok


@pytest.mark.parametrize(("seconds", "ok"), [(DAY + 1, True), (WEEK - 1, True), (WEEK + 1, False)])
def test_pitfall_5_a_human_agent_may_write_for_7_days(world: FacebookWorld, seconds: int, ok: bool) -> None:
    world.window()
    message = written(world)
    world.meta.at(seconds)
    adapter = world.made(human_agent=True)
    assert _goes(lambda: adapter.publish(private(message, "Ein Mensch schreibt."))) is ok


def test_a_machine_never_passes_for_a_human_agent(world: FacebookWorld) -> None:
    world.window()
    message = written(world)
    world.meta.at(DAY + 1)
    adapter = world.made(human_agent=True)
    assert not _goes(lambda: adapter.publish(private(message, "Eingangsbestätigung", automatic=True)))


def test_a_lost_private_answer_is_unknown_and_found_again(world: FacebookWorld) -> None:
    message = written(world)
    outgoing = private(message, words("Kam es an?"), begun_at=datetime.now(UTC))
    with world.losing() as adapter, pytest.raises(Unknown):
        adapter.publish(outgoing)
    found = world.graph.lookup(outgoing)
    assert found is not None
    assert [letter["id"] for letter in world.letters()][1:] == [found.ref.id]


def test_a_private_answer_that_was_never_sent_is_not_found(world: FacebookWorld) -> None:
    message = written(world)
    world.graph.publish(private(message, "Eine andere."))
    begun = datetime.now(UTC) - timedelta(minutes=1)
    assert world.graph.lookup(private(message, "Nie gesendet.", begun_at=begun)) is None
    assert world.graph.lookup(private(commented(world), "Nie gesendet.", begun_at=begun)) is None


def test_an_earlier_message_with_the_same_words_is_another_one(world: FacebookWorld) -> None:
    message = written(world)
    world.graph.publish(private(message, "Gern geschehen."))
    later = datetime.now(UTC) + timedelta(minutes=10)
    assert world.graph.lookup(private(message, "Gern geschehen.", begun_at=later)) is None
    assert world.graph.lookup(private(message, "Gern geschehen.", begun_at=datetime.now(UTC))) is not None


def test_behind_twenty_newer_messages_nobody_can_tell(world: FacebookWorld) -> None:
    message = written(world)
    for number in range(20):
        world.meta.writes(LENA, f"Noch etwas {number}")
    begun = datetime.now(UTC) - timedelta(minutes=1)
    with pytest.raises(Unknown, match="cannot be read"):
        world.graph.lookup(private(message, "Davor gesendet?", begun_at=begun))


def test_someone_who_takes_no_messages_is_refused(world: FacebookWorld) -> None:
    message = written(world)
    world.meta.practice("PUT", "settings", unavailable=[LENA])
    with pytest.raises(Refused, match="551"):
        world.graph.publish(private(message, "Hallo?"))


def test_a_private_message_needs_somebody(world: FacebookWorld) -> None:
    with pytest.raises(Refused, match="somebody"):
        world.graph.publish(Outgoing(idempotency="k", text="Hallo", public=False))


def test_a_message_has_a_limit_of_its_own(world: FacebookWorld) -> None:
    message = written(world)
    length = world.graph.limits(public=False).text
    assert _goes(lambda: world.graph.publish(private(message, "ä" * length)))
    with pytest.raises(Refused, match="longer"):
        world.graph.publish(private(message, "ä" * (length + 1)))


def test_each_person_has_a_thread(world: FacebookWorld) -> None:
    mine = written(world)
    world.meta.writes(KATJA, "Ich auch")
    assert world.hear("Ich auch").thread != mine.thread


def _goes(send: Callable[[], object]) -> bool:
    try:
        send()
    except Refused:
        return False
    return True
