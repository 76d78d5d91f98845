"""What Meta's webhooks tell of a page: the same as looking, only sooner."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest

from hilft.channels.contract import Call, Event, Forged, Kind, Raw, Unreadable
from hilft.channels.graph import signature
from hilft.practice.meta import people
from hilft.practice.meta.webhooks import escaped, signatures
from tests.channels.facebook.world import FacebookWorld
from tests.channels.graph.world import LENA, call, delivered, private, question
from tests.channels.world import Heard, reply, words
from tests.practice.conftest import until
from tests.practice.meta.conftest import PAGE, Receiver


def parsed(world: FacebookWorld, raws: Any) -> list[Event]:
    return [event for raw in raws for event in world.graph.parse(raw.body)]


def signed(payload: Any) -> Call:
    """A delivery as Meta would sign it."""
    body = escaped(payload)
    headers = {key.lower(): value for key, value in signatures(body, people.app_secret()).items()}
    return Call(method="POST", headers=headers, body=body)


def test_the_address_proves_itself(world: FacebookWorld) -> None:
    query = f"hub.mode=subscribe&hub.challenge=4711&hub.verify_token={people.VERIFY_TOKEN}"
    assert world.graph.hook(question(query)).body == b"4711"
    with pytest.raises(Forged):
        world.graph.hook(question(query + "x"))


def test_a_comment_is_told_as_it_is_read(world: FacebookWorld, receiver: Receiver) -> None:
    world.meta.subscribe(receiver)
    text = words("Wann? 👩‍👩‍👧 ä/ö")
    world.ask(text)
    polled = world.hear(text)
    (raw,) = delivered(receiver, world.graph).raws
    assert raw.key == f"comment:{polled.ref.id}"
    assert parsed(world, [raw]) == [polled]
    assert world.unreachable().parse(raw.body) == [polled]


def test_a_visitors_post_and_what_stands_below_it_is_told_as_it_is_read(
    world: FacebookWorld, receiver: Receiver
) -> None:
    world.meta.subscribe(receiver)
    post = world.meta.practice("POST", "posts", **{"as": LENA}, text="An die Wand")["id"]
    world.meta.says(LENA, "Darunter", post)
    told = parsed(world, delivered(receiver, world.graph, 2).raws)
    read = [world.hear("An die Wand"), world.hear("Darunter")]
    assert [(e.ref, e.at, e.author, e.thread, e.parent, e.root, e.text) for e in told] == [
        (e.ref, e.at, e.author, e.thread, e.parent, e.root, e.text) for e in read
    ]


def test_pitfall_11_edits_and_deletions_are_told(world: FacebookWorld, receiver: Receiver) -> None:
    text = words("Ursprünglich")
    world.ask(text)
    asked = world.hear(text)
    world.meta.subscribe(receiver)
    world.rewrite(asked.ref, "Geändert")
    world.rewrite(asked.ref, text)
    world.withdraw(asked.ref)
    raws = delivered(receiver, world.graph, 3).raws
    events = parsed(world, raws)
    assert [(event.kind, event.text) for event in events] == [
        (Kind.EDITED, "Geändert"),
        (Kind.EDITED, text),
        (Kind.DELETED, ""),
    ]
    assert {event.ref.id for event in events} == {asked.ref.id}
    assert len({raw.key for raw in raws}) == 3
    assert all(event.at > asked.at for event in events[:2])


def test_pitfall_1_our_echo_names_what_our_send_call_returns(world: FacebookWorld, receiver: Receiver) -> None:
    text = words("Echo?")
    world.ask(text)
    asked = world.hear(text)
    world.meta.subscribe(receiver)
    sent = world.graph.publish(reply(asked, "Ja, Echo."))
    (echo,) = parsed(world, delivered(receiver, world.graph).raws)
    assert (echo.ref, echo.own, echo.parent) == (sent.ref, True, world.hear("Ja, Echo.").parent)
    assert echo.thread == asked.thread


def test_pitfall_2_the_same_delivery_twice_in_parallel_has_the_same_keys(
    world: FacebookWorld, receiver: Receiver
) -> None:
    world.meta.practice("PUT", "faults", duplicates={})
    world.meta.subscribe(receiver)
    world.ask("Doppelt")
    receiver.wait(2)
    calls = [call(hook) for hook in receiver.hooks] * 4
    barrier = threading.Barrier(len(calls))

    def take(one: Call) -> list[Raw]:
        barrier.wait()
        return list(world.graph.hook(one).raws)

    with ThreadPoolExecutor(len(calls)) as pool:
        answers = list(pool.map(take, calls))
    assert len({msgspec.json.encode(raws) for raws in answers}) == 1
    assert [len(raws) for raws in answers] == [1] * len(calls)


def test_a_batch_has_one_raw_event_for_each_thing(world: FacebookWorld, receiver: Receiver) -> None:
    world.meta.subscribe(receiver)
    for number in range(5):
        world.ask(f"Auf einmal {number}")
    receiver.wait(5)
    alone = [raw for hook in receiver.hooks for raw in world.graph.hook(call(hook)).raws]
    entries = [entry for hook in receiver.hooks for entry in hook.json["entry"]]
    together = world.graph.hook(signed({"object": "page", "entry": entries + entries})).raws
    assert [raw.key for raw in together] == [raw.key for raw in alone]
    assert [raw.body for raw in together] == [raw.body for raw in alone]
    assert [event.text for event in parsed(world, together)] == [f"Auf einmal {number}" for number in range(5)]


def test_pitfall_3_one_byte_changed_or_written_anew_is_forged(world: FacebookWorld, receiver: Receiver) -> None:
    world.meta.subscribe(receiver)
    world.ask("Echt")
    receiver.wait(1)
    real = call(receiver.hooks[0])
    assert len(world.graph.hook(real).raws) == 1
    anew = msgspec.json.encode(msgspec.json.decode(real.body))
    for body in (real.body.replace(b"Echt", b"Ecth"), anew, real.body + b" "):
        with pytest.raises(Forged):
            world.graph.hook(Call(method="POST", headers=real.headers, body=body))
    with pytest.raises(Forged):
        world.graph.hook(Call(method="POST", body=real.body))


def test_the_dashboards_test_button_makes_no_question(world: FacebookWorld, receiver: Receiver) -> None:
    world.meta.subscribe(receiver)
    for field in ("feed", "mention", "messages"):
        world.meta.practice("POST", "webhooks/test", object="page", field=field)
    assert delivered(receiver, world.graph, 3).raws == []


@pytest.mark.parametrize(
    "change",
    [
        {"item": "reaction", "verb": "add", "post_id": f"{PAGE}_1", "reaction_type": "like"},
        {"item": "comment", "verb": "hide", "post_id": f"{PAGE}_1", "comment_id": "1_2", "message": "x"},
        {"item": "status", "verb": "add", "post_id": f"{PAGE}_1", "from": {"id": PAGE}, "message": "Neu"},
        {"item": "album", "verb": "add", "post_id": f"{PAGE}_1"},
    ],
)
def test_what_is_nobodys_question_is_dropped(world: FacebookWorld, change: dict[str, Any]) -> None:
    entry = {"id": PAGE, "time": 1, "changes": [{"field": "feed", "value": change}]}
    assert world.graph.hook(signed({"object": "page", "entry": [entry]})).raws == []


@pytest.mark.parametrize(
    "payload", [[], {"entry": 1}, {"entry": [{}]}, {"entry": [{"id": PAGE, "changes": [{"field": "feed"}]}]}]
)
def test_signed_nonsense_is_kept_as_unreadable(world: FacebookWorld, payload: Any) -> None:
    (raw,) = world.graph.hook(signed(payload)).raws
    with pytest.raises(Unreadable):
        world.graph.parse(raw.body)


def test_half_an_emoji_does_not_stop_a_delivery(world: FacebookWorld) -> None:
    value = {"item": "comment", "verb": "add", "post_id": f"{PAGE}_1", "comment_id": "1_2", "message": "hi HALF\x00"}
    value |= {"from": {"id": "7", "name": "Lena"}, "created_time": 1_700_000_000, "parent_id": f"{PAGE}_1"}
    entry = {"id": PAGE, "time": 1_700_000_000, "changes": [{"field": "feed", "value": value}]}
    body = escaped({"object": "page", "entry": [entry]}).replace(b"HALF", b"\\ud83d")
    headers = {key.lower(): text for key, text in signatures(body, people.app_secret()).items()}
    (event,) = parsed(world, world.graph.hook(Call(method="POST", headers=headers, body=body)).raws)
    assert event.text == "hi ?"


def test_a_mention_in_a_comment_elsewhere_is_a_notice_until_it_is_asked_for(
    world: FacebookWorld, receiver: Receiver
) -> None:
    post = world.meta.practice("POST", "posts", **{"as": LENA}, text="Mein Tag", elsewhere=True)["id"]
    world.meta.subscribe(receiver)
    comment = world.meta.says("yusuf_d", "Frag doch @nordnetz dazu", post)
    answer = delivered(receiver, world.graph)
    assert [raw.key for raw in answer.raws] == [f"notice:{comment}"]
    assert parsed(world, answer.raws) == []
    (filled,) = world.made().fill(answer.raws[0].body)
    (event,) = parsed(world, [filled])
    assert (event.ref.id, event.text, event.thread) == (comment, "Frag doch @nordnetz dazu", post)
    assert event.author is not None
    assert event.author.name == "Yusuf Demir"
    sent = world.graph.publish(reply(event, "Gern."))
    assert world.standing(sent.ref) == "Gern."


def test_a_notice_of_something_gone_is_nothing(world: FacebookWorld, receiver: Receiver) -> None:
    world.meta.subscribe(receiver)
    post = world.meta.practice("POST", "posts", **{"as": LENA}, text="Weg, @nordnetz", elsewhere=True)["id"]
    (notice,) = delivered(receiver, world.graph).raws
    world.meta.practice("DELETE", f"posts/{post}")
    assert world.graph.fill(notice.body) == []
    assert world.graph.fill(b"nonsense") == []


def test_a_message_is_a_notice_until_it_is_asked_for_because_it_names_nobody(
    world: FacebookWorld, receiver: Receiver
) -> None:
    world.meta.subscribe(receiver)
    mid = world.meta.writes(LENA, "Leise Frage")
    answer = delivered(receiver, world.graph)
    assert [raw.key for raw in answer.raws] == [f"notice:{mid}"]
    (filled,) = world.made().fill(answer.raws[0].body)
    assert filled.key == f"message:{mid}"
    assert parsed(world, [filled]) == [world.hear("Leise Frage")]


def test_a_colleagues_message_with_another_tool_is_ours_and_has_its_place(
    world: FacebookWorld, receiver: Receiver
) -> None:
    world.meta.writes(LENA, "Frage")
    asked = world.hear("Frage")
    world.meta.subscribe(receiver)
    world.meta.send({"id": people.scoped_id(LENA, "facebook")}, "Aus dem Telefon")
    (notice,) = delivered(receiver, world.graph).raws
    (echo,) = parsed(world, world.graph.fill(notice.body))
    assert (echo.own, echo.thread, echo.text) == (True, asked.thread, "Aus dem Telefon")
    assert echo.parent is not None
    assert echo.parent.id == asked.ref.id


def test_a_listener_in_the_same_process_asks_for_notices_at_once(world: FacebookWorld, receiver: Receiver) -> None:
    world.meta.subscribe(receiver)
    adapter = world.made(poll_seconds=3600)
    listener = Heard(adapter, world.start)
    try:
        until(lambda: listener.beats, "the first look")
        world.meta.writes(LENA, "Sofort gehört")
        receiver.wait(1)
        for hook in receiver.hooks:
            adapter.hook(call(hook))
        assert listener.heard("Sofort gehört")[1].text == "Sofort gehört"
    finally:
        listener.end()
    assert listener.error is None


def test_an_edited_message_is_told(world: FacebookWorld, receiver: Receiver) -> None:
    mid = world.meta.writes(LENA, "Erst so")
    world.meta.subscribe(receiver)
    world.meta.practice("PATCH", f"messages/{mid}", text="Dann so")
    (event,) = parsed(world, delivered(receiver, world.graph).raws)
    assert (event.kind, event.ref.id, event.text, event.public) == (Kind.EDITED, mid, "Dann so", False)


def test_a_read_receipt_is_nothing(world: FacebookWorld, receiver: Receiver) -> None:
    world.meta.writes(LENA, "Frage")
    world.graph.publish(private(world.hear("Frage"), "Antwort"))
    world.meta.subscribe(receiver)
    world.meta.practice("POST", "read", **{"as": LENA}, text="-", network="facebook")
    assert delivered(receiver, world.graph).raws == []


def test_any_header_case_and_shape_of_garbage_is_forged() -> None:
    for body in (b"", b"\xff", b"{}"):
        with pytest.raises(Forged):
            signature.verify(Call(method="POST", body=body), people.app_secret())
