"""An Instagram account beyond the contract suite: replies in one row, mentions, hiding, messages, webhooks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hilft.channels.contract import Can, Correct, Event, Kind, Outgoing, Person, Ref, Refused, RetryLater, Standing
from hilft.channels.contract import Unknown as Unclear
from hilft.practice.meta import people
from tests.channels.graph.world import KATJA, LENA, delivered, private, question
from tests.channels.instagram.world import InstagramWorld
from tests.channels.world import reply, words
from tests.practice.meta.conftest import DAY, Receiver

WEEK = 7 * DAY


def asked(world: InstagramWorld, text: str) -> Event:
    text = words(text)
    world.ask(text)
    return world.hear(text)


def written(world: InstagramWorld, text: str = "Hallo, eine Frage") -> Event:
    world.meta.writes(LENA, text, "instagram")
    return world.hear(text)


def parsed(world: InstagramWorld, raws: Any) -> list[Event]:
    return [event for raw in raws for event in world.graph.parse(raw.body)]


def goes(send: Callable[[], object]) -> bool:
    try:
        send()
    except Refused:
        return False
    return True


def test_what_it_can(world: InstagramWorld) -> None:
    assert world.graph.can() == Can.POLL | Can.REPLY | Can.PRIVATE | Can.DELETE | Can.HIDE | Can.WEBHOOK
    assert world.graph.correction is Correct.VISIBLE_REPLY


def test_a_reply_to_a_reply_goes_to_the_first_comment_and_names_whom_it_answers(world: InstagramWorld) -> None:
    first = asked(world, "Erste")
    further = world.meta.says(KATJA, "@olena_k bei mir auch", first.ref.id)
    also = world.hear("bei mir auch")
    assert (also.ref.id, also.thread, also.parent) == (further, first.ref.id, Ref("instagram", "9", first.ref.id))
    assert also.text == "@olena_k bei mir auch"
    outgoing = reply(also, "Wir prüfen beides.")
    assert world.graph.lookup(outgoing) is None
    sent = world.graph.publish(outgoing)
    assert world.standing(sent.ref) == "@katja_brandt Wir prüfen beides."
    thing = next(thing for thing in world.things() if thing["id"] == sent.ref.id)
    assert thing["parent"] == first.ref.id
    found = world.made().lookup(outgoing)
    assert found is not None
    assert (found.ref, found.at) == (sent.ref, sent.at)
    echo = world.hear("Wir prüfen beides.")
    assert (echo.text, echo.own, echo.thread) == ("Wir prüfen beides.", True, first.ref.id)


def test_without_a_root_the_first_comment_is_asked_for(world: InstagramWorld) -> None:
    first = asked(world, "Erste")
    world.meta.says(LENA, "Nachtrag", first.ref.id)
    outgoing = reply(world.hear("Nachtrag"), "Beantwortet.", root=None)
    sent = world.graph.publish(outgoing)
    found = world.graph.lookup(outgoing)
    assert found is not None
    assert found.ref == sent.ref


def test_our_handle_in_front_of_a_reply_is_not_part_of_the_question(world: InstagramWorld) -> None:
    first = asked(world, "Erste")
    world.graph.publish(reply(first, "Neustart hilft."))
    world.meta.says(LENA, "@NordNetz hat nicht geholfen", first.ref.id)
    assert world.hear("hat nicht geholfen").text == "hat nicht geholfen"


def test_nothing_can_be_edited(world: InstagramWorld) -> None:
    first = asked(world, "Erste")
    sent = world.graph.publish(reply(first, "Falsch."))
    allowed = world.graph.allowed("edit", sent.ref)
    assert (allowed.ok, allowed.instead) == (False, ("reply", "delete"))
    with pytest.raises(Refused, match="Write a correction below it"):
        world.graph.edit(sent.ref, reply(first, "Richtig."))


def test_hiding_and_showing_twice_is_success(world: InstagramWorld) -> None:
    first = asked(world, "Schimpfwort")
    for hidden in (True, True, False, False):
        world.graph.hide(first.ref, hidden=hidden)
        assert world.meta.get(first.ref.id, fields="hidden")["hidden"] is hidden


def test_more_comments_and_replies_than_one_page_are_all_read(world: InstagramWorld) -> None:
    first = asked(world, "Anfang")
    _, cursor = world.graph.poll(world.start)
    for number in range(60):
        world.meta.says(KATJA, f"Antwort {number}", first.ref.id)
    for number in range(60):
        world.meta.says(KATJA, f"Kommentar {number}", world.post)
    raws, _ = world.made().poll(cursor)
    texts = {event.text for event in parsed(world, raws)} - {first.text}
    assert texts == {f"{kind} {number}" for kind in ("Antwort", "Kommentar") for number in range(60)}


def test_what_meta_shows_a_minute_late_is_not_missed(world: InstagramWorld) -> None:
    asked(world, "Pünktlich")
    _, cursor = world.graph.poll(world.start)
    world.meta.practice("PUT", "clock", seconds=-60)
    world.ask("Verspätet")
    world.meta.practice("PUT", "clock", seconds=0)
    raws, later = world.made().poll(cursor)
    assert "Verspätet" in {event.text for event in parsed(world, raws)}
    assert later == cursor


def test_pitfall_11_a_deletion_is_found_by_asking(world: InstagramWorld) -> None:
    first = asked(world, "Weg damit")
    world.graph.publish(reply(first, "Unsere Antwort."))
    world.withdraw(first.ref)
    (gone,) = world.graph.refresh([first.ref])
    assert [(event.kind, event.ref.id) for event in parsed(world, [gone])] == [(Kind.DELETED, first.ref.id)]


def test_people_have_a_handle_and_a_scoped_id(world: InstagramWorld) -> None:
    assert asked(world, "Wer bin ich?").author == Person(
        id=people.scoped_id(LENA, "instagram"), handle=LENA, url="https://www.instagram.com/olena_k/"
    )


def test_a_message_arrives_and_is_answered_in_its_thread(world: InstagramWorld) -> None:
    message = written(world)
    person = people.scoped_id(LENA, "instagram")
    assert (message.public, message.own, message.thread) == (False, False, person)
    assert message.author is not None
    assert (message.author.id, message.author.handle) == (person, LENA)
    sent = world.graph.publish(private(message, "Hier die Antwort."))
    echo = world.hear("Hier die Antwort.")
    assert (echo.own, echo.thread, echo.ref) == (True, person, sent.ref)
    assert echo.parent == Ref("instagram", "9", message.ref.id)


def test_the_private_thread_of_a_comment_goes_on_in_messages(world: InstagramWorld) -> None:
    first = asked(world, "Frage")
    world.graph.publish(private(first, "Erst die private Antwort."))
    world.meta.writes(LENA, "Danke, und noch etwas", "instagram")
    assert first.author is not None
    assert world.hear("Danke, und noch etwas").thread == first.author.id
    world.made().publish(private(first, "Dann als Nachricht."))
    assert [bool(letter["comment"]) for letter in world.letters()] == [True, False, False]


def test_pitfall_5_a_second_private_reply_is_refused_before_it_is_tried(world: InstagramWorld) -> None:
    first = asked(world, "Frage")
    world.graph.publish(private(first, "Die eine."))
    assert not world.graph.allowed("private", first.ref, Standing(at=first.at, private_replies=1)).ok
    for adapter in (world.graph, world.made()):
        with pytest.raises(Refused):
            adapter.publish(private(first, "Die andere."))
    assert [letter["text"] for letter in world.letters()] == ["Die eine."]


@pytest.mark.parametrize(("seconds", "ok"), [(WEEK - 1, True), (WEEK + 1, False)])
def test_pitfall_5_the_network_closes_private_replies_after_7_days(
    world: InstagramWorld, seconds: int, ok: bool
) -> None:
    world.window()
    first = asked(world, "Frage")
    world.meta.at(seconds)
    assert goes(lambda: world.graph.publish(private(first, "Noch rechtzeitig?"))) is ok


@pytest.mark.parametrize(
    ("seconds", "human", "ok"),
    [(DAY - 1, False, True), (DAY + 1, False, False), (WEEK - 1, True, True), (WEEK + 1, True, False)],
)
def test_pitfall_5_the_network_closes_messages(world: InstagramWorld, seconds: int, human: bool, ok: bool) -> None:
    world.window()
    message = written(world)
    world.meta.at(seconds)
    adapter = world.made(human_agent=human)
    assert goes(lambda: adapter.publish(private(message, "Noch rechtzeitig?"))) is ok


def test_pitfall_7_messages_count_in_bytes(world: InstagramWorld) -> None:
    message = written(world)
    family = "👨‍👩‍👧‍👦"
    fitting = family * (1000 // len(family.encode()))
    world.graph.publish(private(message, fitting))
    assert world.letters()[-1]["text"] == fitting
    with pytest.raises(Refused, match="longer"):
        world.graph.publish(private(message, "ä" * 501))


def test_pitfall_9_the_limit_on_private_replies_leaves_the_account_alone(world: InstagramWorld) -> None:
    first = asked(world, "Frage")
    world.meta.practice("PUT", "usage", type="private_replies", percent=100)
    with pytest.raises(RetryLater) as later:
        world.graph.publish(private(first, "Zu viele."))
    assert later.value.scope == "target"
    assert world.graph.allowed("reply", first.ref).ok
    assert world.graph.publish(reply(first, "Öffentlich geht es.")).ref.id


def test_pitfall_10_reading_stops_before_the_limit_and_answers_still_leave(world: InstagramWorld) -> None:
    first = asked(world, "Fast voll")
    world.meta.practice("PUT", "usage", type="instagram", percent=96)
    world.graph.poll(world.start)
    assert world.graph.publish(reply(first, "Trotzdem.")).ref.id
    with pytest.raises(RetryLater, match="answers still leave"):
        world.graph.poll(world.start)


def test_the_proof_of_the_apps_secret_is_always_there(world: InstagramWorld) -> None:
    first = asked(world, "Beweis")
    world.meta.practice("PUT", "settings", require_proof=True)
    world.graph.poll(world.start)
    sent = world.graph.publish(reply(first, "Bewiesen."))
    world.graph.hide(first.ref, hidden=True)
    world.graph.delete(sent.ref)
    assert world.graph.check().ok


def test_a_token_without_a_right_is_told(world: InstagramWorld) -> None:
    health = world.made(token=world.meta.weaker("instagram_manage_messages").token).check()
    assert (health.ok, "instagram_manage_messages" in health.message) == (False, True)


def test_a_comment_is_told_as_it_is_read(world: InstagramWorld, receiver: Receiver) -> None:
    world.meta.subscribe(receiver)
    first = asked(world, "Wann? 👩‍👩‍👧")
    world.meta.says(KATJA, "@nordnetz und ich?", first.ref.id)
    second = world.hear("und ich?")
    raws = [raw for raw in delivered(receiver, world.graph, 2).raws if raw.key.startswith("comment:")]
    assert [raw.key for raw in raws] == [f"comment:{first.ref.id}", f"comment:{second.ref.id}"]
    for told, read in zip(parsed(world, raws), (first, second), strict=True):
        assert (told.ref, told.text, told.author, told.parent, told.root, told.thread, told.own) == (
            read.ref,
            read.text,
            read.author,
            read.parent,
            read.root,
            read.thread,
            read.own,
        )
        assert abs(told.at - read.at) <= timedelta(seconds=2)


def test_pitfall_1_our_echo_names_what_our_send_call_returns(world: InstagramWorld, receiver: Receiver) -> None:
    first = asked(world, "Echo?")
    world.meta.subscribe(receiver)
    sent = world.graph.publish(reply(first, "Ja, Echo."))
    (echo,) = parsed(world, delivered(receiver, world.graph).raws)
    assert (echo.ref, echo.own, echo.text) == (sent.ref, True, "Ja, Echo.")
    assert echo.parent == Ref("instagram", "9", first.ref.id)


def test_a_caption_that_names_us_is_asked_for_and_answered(world: InstagramWorld, receiver: Receiver) -> None:
    world.meta.subscribe(receiver)
    media = world.meta.practice("POST", "posts", **{"as": LENA}, text="Danke @nordnetz", network="instagram")["id"]
    answer = delivered(receiver, world.graph)
    assert [raw.key for raw in answer.raws] == [f"notice:{media}"]
    assert parsed(world, answer.raws) == []
    (event,) = parsed(world, world.made().fill(answer.raws[0].body))
    assert (event.ref.id, event.text, event.public) == (f"mention:{media}", "Danke @nordnetz", True)
    assert event.author is not None
    assert event.author.handle == LENA
    sent = world.graph.publish(reply(event, "Gern!"))
    assert world.ours("@olena_k Gern!") == 1
    _refused_there(world, event.ref)
    _refused_there(world, sent.ref)


def test_a_comment_elsewhere_that_names_us_is_asked_for_and_answered(world: InstagramWorld, receiver: Receiver) -> None:
    media = world.meta.practice("POST", "posts", **{"as": LENA}, text="Mein Tag", network="instagram")["id"]
    world.meta.subscribe(receiver)
    comment = world.meta.says(KATJA, "Frag doch @nordnetz", media)
    (notice,) = delivered(receiver, world.graph).raws
    (event,) = parsed(world, world.graph.fill(notice.body))
    assert (event.ref.id, event.text) == (f"mention:{media}:{comment}", "Frag doch @nordnetz")
    assert event.author == Person(id=event.ref.id, handle="", name="Somebody on Instagram")
    outgoing = reply(event, "Ja, fragt uns.")
    world.graph.publish(outgoing)
    thing = next(thing for thing in world.things() if thing["text"] == "Ja, fragt uns.")
    assert thing["parent"] == comment
    with pytest.raises(Unclear, match="Look in the app"):
        world.graph.lookup(outgoing)


def test_a_mention_on_our_own_media_comes_as_a_comment_only(world: InstagramWorld, receiver: Receiver) -> None:
    world.meta.subscribe(receiver)
    comment = world.meta.says(LENA, "@nordnetz hilf mir", world.post)
    raws = delivered(receiver, world.graph, 2).raws
    assert [raw.key for raw in raws] == [f"comment:{comment}", f"notice:{comment}"]
    assert world.graph.fill(raws[1].body) == []


def test_a_message_is_a_notice_until_it_is_asked_for(world: InstagramWorld, receiver: Receiver) -> None:
    world.meta.subscribe(receiver)
    mid = world.meta.writes(LENA, "Leise Frage", "instagram")
    (notice,) = delivered(receiver, world.graph).raws
    assert (notice.key, parsed(world, [notice])) == (f"notice:{mid}", [])
    (event,) = parsed(world, world.made().fill(notice.body))
    assert event == world.hear("Leise Frage")


def test_pitfall_11_a_message_taken_back_is_told(world: InstagramWorld, receiver: Receiver) -> None:
    mid = world.meta.writes(LENA, "Doch nicht", "instagram")
    world.meta.subscribe(receiver)
    world.meta.practice("DELETE", f"messages/{mid}")
    (event,) = parsed(world, delivered(receiver, world.graph).raws)
    assert (event.kind, event.ref.id, event.public) == (Kind.DELETED, mid, False)


def test_the_dashboards_test_button_makes_no_question(world: InstagramWorld, receiver: Receiver) -> None:
    world.meta.subscribe(receiver)
    for field in ("comments", "mentions", "messages"):
        world.meta.practice("POST", "webhooks/test", object="instagram", field=field)
    assert delivered(receiver, world.graph, 3).raws == []


def test_the_address_proves_itself(world: InstagramWorld) -> None:
    query = f"hub.mode=subscribe&hub.challenge=4711&hub.verify_token={people.VERIFY_TOKEN}"
    assert world.graph.hook(question(query)).body == b"4711"


def test_a_lost_private_answer_is_unknown_and_found_again(world: InstagramWorld) -> None:
    message = written(world)
    outgoing = private(message, words("Kam es an?"), begun_at=datetime.now(UTC))
    with world.losing() as adapter, pytest.raises(Unclear):
        adapter.publish(outgoing)
    found = world.graph.lookup(outgoing)
    assert found is not None
    assert [letter["id"] for letter in world.letters()][1:] == [found.ref.id]


def test_a_comment_on_a_broadcast_that_is_over_has_no_private_reply(world: InstagramWorld) -> None:
    live = world.meta.practice("POST", "brand", text="Live", network="instagram", surface="LIVE")["id"]
    world.meta.says(LENA, "Grüße", live)
    comment = next(thing for thing in world.things() if thing["text"] == "Grüße")["id"]
    world.meta.practice("PATCH", f"media/{live}")
    ref, person = Ref("instagram", "9", comment), Person(id=people.scoped_id(LENA, "instagram"), handle=LENA)
    with pytest.raises(Refused):
        world.graph.publish(Outgoing(idempotency="k", text="Zu spät", to=person, public=False, parent=ref))


def _refused_there(world: InstagramWorld, ref: Ref) -> None:
    """On others' media nothing can be hidden, deleted, or answered privately."""
    assert [world.graph.allowed(action, ref).ok for action in ("reply", "private", "hide", "delete", "edit")] == [
        True,
        False,
        False,
        False,
        False,
    ]
    with pytest.raises(Refused, match="somebody else's media"):
        world.graph.delete(ref)
    with pytest.raises(Refused, match="somebody else's media"):
        world.graph.hide(ref, hidden=True)
    with pytest.raises(Refused, match="no private reply to a mention"):
        world.graph.publish(Outgoing(idempotency="k", text="Hallo", public=False, parent=ref))
    assert world.graph.refresh([ref]) == []
