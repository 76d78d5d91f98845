"""The Matrix adapter against a real server (Synapse); the lane `peers`."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from hilft.channels.contract import AuthLost, Event, Kind, Ref, Refused, RetryLater
from hilft.channels.ledger import packaged
from hilft.channels.matrix import messages, timeline
from tests.channels.contract_suite import ContractSuite, EditableReplies, PublicReplies
from tests.channels.live_suite import LiveTests
from tests.channels.matrix.world import MatrixWorld
from tests.channels.world import Heard, events, eventually, polled, reply, words

pytestmark = pytest.mark.peers


class TestContract(ContractSuite, PublicReplies, EditableReplies, LiveTests):
    """Matrix keeps the whole contract."""


def told(world: MatrixWorld) -> list[Event]:
    """Everything since the start."""
    return [event for _, event in events(world.adapter, world.adapter.poll(world.start)[0])]


def asked(world: MatrixWorld, text: str, room: str = "", **content: Any) -> Event:
    """A question that mentions the brand, and has arrived."""
    text = words(text)
    world.server.address("lena", room or world.room, text, **content)
    return polled(world, text)[1]


def related(parent: str, *, thread: str = "", falling_back: bool = False) -> dict[str, Any]:
    relates: dict[str, Any] = {"m.in_reply_to": {"event_id": parent}}
    if thread:
        relates |= {"rel_type": "m.thread", "event_id": thread, "is_falling_back": falling_back}
    return {"m.relates_to": relates}


def identity(event: Event) -> str:
    return messages.placed(event.ref.id)[1]


def invited(world: MatrixWorld, who: str = "lena") -> str:
    """A direct room that waits for the brand."""
    body = {"preset": "trusted_private_chat", "is_direct": True, "invite": ["@hilft:localhost"]}
    return str(world.server.call(who, "POST", "/v3/createRoom", body)["room_id"])


def test_an_invitation_is_accepted_and_what_is_said_there_is_private(world: MatrixWorld) -> None:
    room, text = invited(world), words("Meine Kundennummer ist 4711.")
    world.server.say("lena", room, text)
    world.adapter.poll(world.start)
    _, event = polled(world, text)
    assert (event.public, event.thread, event.parent) == (False, room, None)
    with pytest.raises(Refused):
        world.adapter.publish(reply(event, "Danke.", public=True))
    answer = words("Danke.")
    sent = world.adapter.publish(reply(event, answer))
    assert messages.placed(sent.ref.id)[0] == room
    _, echo = polled(world, answer)
    assert (echo.own, echo.thread, echo.public) == (True, room, False)
    assert world.adapter.lookup(reply(event, answer)) is None


def test_what_a_colleague_writes_in_a_direct_room_answers_the_customer(world: MatrixWorld) -> None:
    room, question, answer = invited(world), words("Hallo?"), words("Ja, bitte?")
    world.adapter.poll(world.start)
    asked_there = world.server.say("lena", room, question)
    world.server.say("hilft", room, answer)
    _, echo = polled(world, answer)
    assert echo.own
    assert echo.parent is not None
    assert echo.parent.id == messages.place(room, asked_there)


@pytest.mark.parametrize(("invites", "accepted"), [("all", True), ("local", True), ("none", False)])
def test_the_account_decides_which_invitations_it_accepts(world: MatrixWorld, invites: str, accepted: bool) -> None:
    room = invited(world)
    world.made(invites=invites).poll(world.start)
    assert (room in world.server.call("hilft", "GET", "/v3/joined_rooms")["joined_rooms"]) is accepted


def test_a_room_of_three_is_public_and_one_of_two_is_not(world: MatrixWorld) -> None:
    two, three = world.server.room("lena", "hilft"), world.server.room("lena", "hilft", "tom")
    assert not asked(world, "Zu zweit", two).public
    assert asked(world, "Zu dritt", three).public


def test_a_private_reply_goes_to_one_direct_room_with_the_customer(world: MatrixWorld) -> None:
    question = asked(world, "Öffentlich gefragt")
    outgoing = reply(question, words("Bitte die Kundennummer."), public=False)
    assert world.adapter.lookup(outgoing) is None
    sent = world.adapter.publish(outgoing)
    room, _ = messages.placed(sent.ref.id)
    assert room != world.room
    assert (
        room in world.server.call("hilft", "GET", "/v3/user/@hilft:localhost/account_data/m.direct")["@lena:localhost"]
    )
    again = world.twin().publish(reply(question, words("Und den Namen."), public=False))
    assert messages.placed(again.ref.id)[0] == room
    assert world.twin().lookup(outgoing) == world.adapter.lookup(outgoing)
    assert (world.adapter.lookup(outgoing) or again).ref.id == sent.ref.id
    world.server.enter("lena", room)
    thanks = words("4711")
    world.server.say("lena", room, thanks)
    assert not polled(world, thanks)[1].public


def test_a_question_in_a_thread_is_answered_in_its_thread(world: MatrixWorld) -> None:
    root = world.server.say("tom", world.room, words("Störungen bitte hier"))
    question = asked(world, "Auch bei mir", **related(root, thread=root, falling_back=True))
    assert question.thread == messages.place(world.room, root)
    sent = world.adapter.publish(reply(question, words("Wir prüfen.")))
    content = world.server.event("tom", world.room, messages.placed(sent.ref.id)[1])["content"]
    assert content["m.relates_to"] == related(identity(question), thread=root)["m.relates_to"]
    thanks = words("Danke")
    world.server.say(
        "lena", world.room, thanks, **related(messages.placed(sent.ref.id)[1], thread=root, falling_back=True)
    )
    assert polled(world, thanks)[1].thread == question.thread


def test_a_chain_of_answers_is_one_conversation(world: MatrixWorld) -> None:
    first = asked(world, "Anfang")
    sent = world.adapter.publish(reply(first, words("Mitte")))
    last = words("Ende")
    quoted = f"> <@hilft:localhost> Mitte\n> zweite Zeile\n\n{last}"
    world.server.say("lena", world.room, quoted, **related(messages.placed(sent.ref.id)[1]))
    _, event = polled(world, last)
    assert event.text == last
    assert event.thread == first.thread == first.ref.id
    assert event.parent == Ref("matrix", "7", sent.ref.id)


def test_what_is_not_said_to_us_is_not_heard(world: MatrixWorld) -> None:
    server, room = world.server, world.room
    question = asked(world, "Frage")
    talk = server.say("tom", room, words("Unter uns"))
    server.say("mehmet", room, words("Genau"), **related(talk))
    server.say("tom", room, words("Weiß ich auch nicht"), **related(identity(question)))
    server.say("hilft", room, words("Ansage ohne Frage"))
    server.call(
        "tom", "PUT", f"/v3/rooms/{quote(room)}/send/m.reaction/1", {"m.relates_to": {"rel_type": "m.annotation"}}
    )
    more = words("Nachtrag")
    server.say("lena", room, more, **related(identity(question)))
    polled(world, more)
    assert [event.text for event in told(world)] == [question.text, more]


@pytest.mark.parametrize(
    ("content", "heard"),
    [
        ({"body": "@hilft:localhost: {}"}, True),
        ({"body": "hilft: {}", "formatted_body": '<a href="https://matrix.to/#/@hilft:localhost">hilft</a>: {}'}, True),
        ({"body": "@hilft:localhost.example: {}"}, False),
        ({"body": "@hilft:localhost: {}", "m.mentions": {}}, False),
        ({"body": "@room {}", "m.mentions": {"room": True}}, False),
    ],
)
def test_clients_without_mentions_are_understood(world: MatrixWorld, content: dict[str, Any], heard: bool) -> None:
    text, end = words("Alter Client"), words("Schluss")
    filled = {name: value.format(text) if isinstance(value, str) else value for name, value in content.items()}
    world.server.say("lena", world.room, filled.pop("body"), **filled)
    world.ask(end)
    polled(world, end)
    assert [event.text for event in told(world)] == ([text, end] if heard else [end])


def test_changes_are_heard_while_listening_and_only_those_of_the_author(world: MatrixWorld) -> None:
    question, server = asked(world, "Alt"), world.server
    listener = Heard(world.twin(), world.start)
    try:
        listener.heard(question.text)
        server.rewrite("tom", world.room, identity(question), words("Gefälscht"))
        later = words("Neu")
        edit = server.rewrite("lena", world.room, identity(question), f"Hilft Muster: {later}")
        raw, event = listener.heard(later)
        assert (event.kind, event.ref.id, event.text) == (Kind.EDITED, question.ref.id, later)
        assert raw.key == f"message:{edit}" == world.adapter.refresh([question.ref])[0].key
        server.redact("lena", world.room, identity(question))
        eventually(lambda: f"deleted:{identity(question)}" in [one.key for one in listener.raws])
    finally:
        listener.end()
    assert [event.kind for _, event in events(world.adapter, listener.raws)] == [
        Kind.CREATED,
        Kind.EDITED,
        Kind.DELETED,
    ]


def test_deleting_takes_the_words_of_corrections_too(world: MatrixWorld) -> None:
    question, secret = asked(world, "Frage"), words("Geheim")
    sent = world.adapter.publish(reply(question, words("Antwort")))
    edited = world.adapter.edit(sent.ref, reply(question, secret))
    world.adapter.delete(edited.ref)
    page = world.server.call("tom", "GET", f"/v3/rooms/{quote(world.room)}/messages", dir="b", limit=100)
    assert secret not in str(page["chunk"])
    with pytest.raises(Refused):
        world.adapter.edit(sent.ref, reply(question, "Zu spät."))


def test_a_long_outage_is_filled_in_order(world: MatrixWorld) -> None:
    texts = [words(f"Nummer {number}") for number in range(60)]
    for text in texts:
        world.ask(text)
    raws, cursor = world.adapter.poll(world.start)
    assert [event.text for _, event in events(world.adapter, raws)] == texts
    assert world.adapter.poll(cursor)[0] == []


def test_an_outage_that_is_too_long_is_told_as_a_gap(world: MatrixWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline, "FILLED", 1)
    monkeypatch.setattr(timeline, "PAGE", 5)
    for number in range(60):
        world.ask(f"Nummer {number}")
    found = [event for _, event in events(world.adapter, world.adapter.poll(world.start)[0])]
    assert found[0].kind is Kind.GAP
    assert found[0].ref.id == world.room
    assert [event.text for event in found[1:]] == [f"Nummer {number}" for number in range(5, 60)]


def test_a_cursor_the_server_does_not_know_is_a_gap(world: MatrixWorld) -> None:
    question = asked(world, "Nach der Wiederherstellung")
    raws, cursor = world.adapter.poll("s_of_another_server")
    found = [event for _, event in events(world.adapter, raws)]
    assert found[0].kind is Kind.GAP
    assert question in found
    assert world.adapter.poll(cursor)[0] == []


def chatter(world: MatrixWorld, question: Event) -> None:
    """More replies at once than a slowed server takes."""
    for number in range(5):
        world.adapter.publish(reply(question, f"Antwort {number}"))


def test_a_pause_is_taken_as_long_as_the_server_asks(world: MatrixWorld) -> None:
    question = asked(world, "Zu viele")
    world.server.slow_down("hilft", per_second=1, burst=1)
    try:
        with pytest.raises(RetryLater) as later:
            chatter(world, question)
        assert 0 < later.value.after.total_seconds() <= 10
        allowed = world.adapter.allowed("reply", question.ref)
        assert not allowed.ok
        assert allowed.until is not None
    finally:
        world.server.slow_down("hilft", per_second=0, burst=0)


def test_where_we_may_not_write_is_known_before(world: MatrixWorld) -> None:
    question = asked(world, "Darf ihr?")
    actions = ("reply", "private", "edit", "delete")
    assert [world.adapter.allowed(action, question.ref).ok for action in actions] == [True] * 4  # type: ignore[arg-type]
    world.server.set_state("lena", world.room, "m.room.power_levels", {"events_default": 50, "users": {}})
    twin = world.twin()
    assert [twin.allowed(action, question.ref).ok for action in actions] == [False, True, False, False]  # type: ignore[arg-type]
    with pytest.raises(Refused):
        twin.publish(reply(question, "Doch?"))


def test_who_made_a_room_may_always_write_there(world: MatrixWorld) -> None:
    room = world.server.room("hilft", "lena", "tom", room_version="12")
    question = asked(world, "Wer bestimmt?", room)
    world.server.set_state(
        "hilft", room, "m.room.power_levels", {"events_default": 50, "users": {"@tom:localhost": 100}}
    )
    assert world.adapter.allowed("reply", question.ref).ok
    world.adapter.publish(reply(question, "Wir."))


def test_out_of_the_room_nothing_is_allowed_and_nothing_deleted(world: MatrixWorld) -> None:
    room = world.server.room("lena", "hilft", "tom")
    question = asked(world, "Noch da?", room)
    world.server.call("lena", "POST", f"/v3/rooms/{quote(room)}/kick", {"user_id": "@hilft:localhost"})
    twin = world.twin()
    assert not twin.allowed("reply", question.ref).ok
    assert twin.refresh([question.ref]) == []
    with pytest.raises(Refused):
        twin.publish(reply(question, "Hallo?"))


def test_an_encrypted_room_is_heard_of_and_never_written_to(world: MatrixWorld) -> None:
    room = world.server.room("lena", "hilft")
    world.server.set_state("lena", room, "m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"})
    path = f"/v3/rooms/{quote(room)}/send/m.room.encrypted/1"
    world.server.call("lena", "PUT", path, {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "AwgA"})
    _, event = polled(world, messages.UNREADABLE)
    assert not event.public
    assert not world.adapter.allowed("reply", event.ref).ok
    assert not world.adapter.allowed("private", event.ref).ok
    with pytest.raises(Refused):
        world.adapter.publish(reply(event, "Klartext."))


def test_links_stand_as_links_and_the_customer_is_mentioned(world: MatrixWorld) -> None:
    question, text = asked(world, "Wo steht das?"), "Siehe <https://hilfe.example/a?b=1&c=2>.\nGruß & Dank"
    sent = world.adapter.publish(reply(question, text))
    content = world.server.event("tom", *messages.placed(sent.ref.id))["content"]
    link = "https://hilfe.example/a?b=1&amp;c=2"
    assert content["body"] == text
    assert content["formatted_body"] == f'Siehe &lt;<a href="{link}">{link}</a>&gt;.<br/>Gruß &amp; Dank'
    assert content["m.mentions"] == {"user_ids": ["@lena:localhost"]}
    assert sent.url.startswith("https://matrix.to/#/!")


def test_what_a_machine_sends_is_a_notice(world: MatrixWorld) -> None:
    question = asked(world, "Eingang?")
    sent = world.adapter.publish(reply(question, "Ist da.", automatic=True))
    assert world.server.event("tom", *messages.placed(sent.ref.id))["content"]["msgtype"] == "m.notice"
    world.server.address("tom", world.room, "Ich bin ein Roboter", msgtype="m.notice")
    assert polled(world, "Roboter")[1].automatic


def test_the_longest_text_can_be_corrected(world: MatrixWorld) -> None:
    question, longest = asked(world, "Alles?"), "ä" * packaged("matrix")["limit.text"]
    sent = world.adapter.publish(reply(question, longest))
    world.adapter.edit(sent.ref, reply(question, longest[:-1] + "ö"))
    assert (world.standing(sent.ref) or "").endswith("äö")
    with pytest.raises(Refused):
        world.adapter.publish(reply(question, "\n" * 56_000))


def test_a_forgotten_transaction_does_not_make_a_second_post(world: MatrixWorld) -> None:
    question, answer = asked(world, "Am nächsten Tag"), words("Schon gesagt.")
    outgoing = reply(question, answer, begun_at=datetime.now(UTC) - timedelta(hours=2))
    first = world.adapter.publish(outgoing)
    again = world.made(token=world.server.login("hilft")).publish(outgoing)
    assert again.ref == first.ref
    assert world.ours(answer) == 1


def test_lost_credentials_end_the_listening(world: MatrixWorld) -> None:
    listener = Heard(world.revoked(), world.start)
    eventually(lambda: listener.error)
    assert isinstance(listener.error, AuthLost)
    listener.end()


def test_strange_characters_arrive(world: MatrixWorld) -> None:
    mark = words("Zeichen")
    world.ask(f"{mark} 👨‍👩‍👧‍👦 \x00 <b>&amp;</b>")
    assert polled(world, mark)[1].text == f"{mark} 👨‍👩‍👧‍👦  <b>&amp;</b>"
    with contextlib.suppress(httpx2.HTTPStatusError):
        half = b'{"msgtype":"m.text","body":"@hilft:localhost \\ud83d","m.mentions":{"user_ids":["@hilft:localhost"]}}'
        url = f"{world.server.base_url}/_matrix/client/v3/rooms/{quote(world.room)}/send/m.room.message/half"
        headers = {"Authorization": f"Bearer {world.server.tokens['lena']}"}
        httpx2.put(url, content=half, headers=headers, trust_env=False).raise_for_status()
    end = words("Danach")
    world.ask(end)
    polled(world, end)
