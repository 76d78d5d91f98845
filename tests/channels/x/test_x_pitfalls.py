"""What others stumbled over with X, one test each; the rest stand with what they concern, by the same numbers."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import msgspec
import pytest

from hilft.channels.contract import AuthLost, ChannelError, Event, Kind, Refused, RetryLater, Unknown
from hilft.channels.counting import count
from hilft.channels.x import texts
from hilft.channels.x.posts import KIND
from hilft.channels.x.wire import Gone, Limited, _meaning
from tests.channels.world import Heard, eventually, polled, reply, words
from tests.channels.x.world import XWorld

FAMILY = "👨‍👩‍👧‍👦"


def asked(world: XWorld, text: str) -> Event:
    text = words(text)
    world.ask(text)
    return polled(world, text)[1]


def test_pitfall_1_our_echo_comes_before_the_answer_and_names_the_same_post(world: XWorld) -> None:
    question, answer = asked(world, "Wer ist schneller?"), words("Das Echo.")
    outgoing = reply(question, answer)
    world.x.faults(timeout_after={"amount": 2.0, "only": "POST /2/tweets", "times": 1})
    ended: list[object] = []

    def publish() -> None:
        try:
            ended.append(world.brand.publish(outgoing))
        except Unknown as unknown:
            ended.append(unknown)

    sending = threading.Thread(target=publish)
    sending.start()
    _, echo = polled(world, answer)
    assert ended == []
    sending.join()
    assert isinstance(ended[0], Unknown)
    found = world.brand.lookup(outgoing)
    assert found is not None
    assert (found.ref, echo.own) == (echo.ref, True)
    assert world.ours(answer) == 1


def test_pitfall_4_withdrawn_keys_stop_the_account_and_reconnecting_fills_the_gap(world: XWorld) -> None:
    listener = Heard(world.made(), world.start)
    eventually(lambda: listener.beats)
    world.x.faults(token_revoked={})
    assert isinstance(eventually(lambda: listener.error), AuthLost)
    listener.end()
    world.ask(meanwhile := words("Inzwischen"))
    world.x.faults()
    again = Heard(world.made(), listener.cursor)
    try:
        again.heard(meanwhile)
    finally:
        again.end()


@pytest.mark.parametrize(
    "text",
    [
        f"{FAMILY * 3} Familie",
        "A\u0308rger a\u0308 – ñandú",
        "siehe beispiel.example.com, ja",
        "„Zitat“ <b>&amp;</b> & mehr",
        "日本語と絵文字 👍🏽🇩🇪1️⃣",
        "https://hilfe.example/ein/weg?mit=allem&und=mehr#so",
    ],
)
def test_pitfall_7_every_text_arrives_is_found_again_and_fits(world: XWorld, text: str) -> None:
    question = asked(world, "Wie liest sich das?")
    begun = datetime.now(UTC)
    answer = f"{words('')[1:6]} {text}"
    limits = world.brand.limits(public=True)
    answer += "ä" * (280 - count(answer + " ", limits)) if "http" not in text else ""
    assert count(answer, limits) <= 280
    outgoing = reply(question, answer, begun_at=begun)
    sent = world.brand.publish(outgoing)
    found = world.brand.lookup(outgoing)
    assert found is not None
    assert found.ref == sent.ref


def test_pitfall_9_a_limit_without_an_end_is_waited_for_ever_longer(world: XWorld) -> None:
    adapter = world.made(messages=False, fact_window__pause=0.2)
    world.x.faults(rate_limit_bare={})
    waits: list[float] = []
    for _ in range(3):
        with pytest.raises(RetryLater) as later:
            adapter.poll(world.start)
        waits.append(later.value.after.total_seconds())
        time.sleep(1.0)
    assert waits == sorted(waits)
    world.x.faults()
    adapter.poll(world.start)


def test_pitfall_9_a_limit_is_not_asked_again_before_its_end(world: XWorld) -> None:
    question = asked(world, "Zu viel?")
    adapter = world.made()
    world.x.faults(rate_limit={"only": "POST /2/tweets", "times": 1})
    for _ in range(2):
        with pytest.raises(Limited) as limited:
            adapter.publish(reply(question, words("Später.")))
        assert timedelta(seconds=50) < limited.value.after <= timedelta(seconds=60)
        assert limited.value.scope == "account"
    verdict = adapter.allowed("reply", question.ref)
    assert (verdict.ok, verdict.until is not None) == (False, True)
    assert adapter.allowed("private", question.ref).ok


def test_pitfall_9_limited_messages_stall_neither_posts_nor_polling(world: XWorld) -> None:
    question = asked(world, "Und öffentlich?")
    adapter = world.made()
    world.x.faults(rate_limit={"only": "dm_"})
    with pytest.raises(Limited) as limited:
        adapter.publish(reply(question, "Privat.", public=False))
    assert limited.value.scope == "target"
    text = words("Trotzdem gehört")
    world.ask(text)
    raws, cursor = adapter.poll(world.start)
    assert text in [event.text for raw in raws for event in adapter.parse(raw.body)]
    assert msgspec.json.decode(cursor).get("dm") == msgspec.json.decode(world.start).get("dm")
    assert adapter.publish(reply(question, words("Öffentlich."))).ref.channel == KIND


def test_pitfall_11_the_customer_edits_or_deletes_after_our_answer(world: XWorld) -> None:
    question = asked(world, "Vor der Antwort")
    world.brand.publish(reply(question, words("Die Antwort.")))
    world.rewrite(question.ref, later := words("Danach geändert"))
    (edited,) = [event for raw in world.brand.refresh([question.ref]) for event in world.brand.parse(raw.body)]
    assert (edited.kind, edited.text, edited.ref.id) == (Kind.EDITED, later, question.ref.id)
    sent = world.brand.publish(reply(edited, words("Auch darauf.")))
    assert world.standing(sent.ref)
    world.withdraw(question.ref)
    (gone,) = [event for raw in world.brand.refresh([edited.ref]) for event in world.brand.parse(raw.body)]
    assert (gone.kind, gone.ref.id) == (Kind.DELETED, question.ref.id)


def test_pitfall_12_one_damaged_post_blocks_no_other(world: XWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = words("Heil")
    world.ask(words("Beschädigt"))
    world.ask(whole)
    read = world.brand._wire.read

    def damaged(route: str, *arguments: Any, **options: Any) -> Any:
        body = read(route, *arguments, **options)
        for post in body.get("data", []) if route.endswith("mentions") else []:
            if "Beschädigt" in post["text"]:
                post["text"] = None
        return body

    monkeypatch.setattr(world.brand._wire, "read", damaged)
    raws, _ = world.brand.poll(world.start)
    assert [raw.key.partition(":")[0] for raw in raws] == ["unread", "post"]
    assert [event.text for event in world.brand.parse(raws[1].body)] == [whole]


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, {"title": "Unauthorized", "detail": "Unauthorized"}, AuthLost),
        (402, {"title": "Payment Required", "detail": "credits depleted"}, RetryLater),
        (403, {"title": "Forbidden", "detail": "Your account is suspended and is not permitted."}, AuthLost),
        (403, {"title": "Forbidden", "detail": "Reply to this conversation is not allowed."}, Refused),
        (404, {"title": "Not Found Error", "detail": "Could not find tweet."}, Gone),
        (400, {"errors": [{"message": "too long"}], "title": "Invalid Request"}, Refused),
        (408, {}, Unknown),
        (400, [], Refused),
    ],
)
def test_each_refusal_means_what_it_means(status: int, body: Any, error: type[ChannelError]) -> None:
    assert type(_meaning(httpx2.Response(status, json=body))) is error


def test_texts_that_x_changed_are_the_same_and_others_are_not() -> None:
    assert texts.same("Siehe beispiel.example/ und mehr", "@olena_k @tom Siehe http://beispiel.example und  mehr")
    assert not texts.same("Siehe beispiel.example/a", "@olena_k Siehe http://beispiel.example/b")


def test_numbers_carry_their_time() -> None:
    at = texts.moment("2080761390344937796")
    assert at.replace(microsecond=0) == datetime(2026, 7, 24, 21, 5, 48, tzinfo=UTC)
    assert texts.moment(str(texts.number_at(at))) == at
