"""Direct messages of X: heard, answered, found again, and never made public."""

from __future__ import annotations

from typing import Any

import pytest

from hilft.channels.contract import Event, Refused, Unknown
from hilft.channels.x import timeline
from tests.channels.world import polled, reply, words
from tests.channels.x.world import XWorld


def asked(world: XWorld, text: str, who: str = "lena") -> Event:
    text = words(text)
    world.ask(text, who)
    return polled(world, text)[1]


def heard_privately(world: XWorld, text: str) -> Event:
    text = words(text)
    world.write_privately(text)
    return polled(world, text)[1]


def test_a_private_question_is_answered_privately(alone: XWorld) -> None:
    question = heard_privately(alone, "Meine Kundennummer ist 4711 & privat.")
    assert not question.public
    assert question.ref.id.startswith("dm:")
    assert question.author is not None
    assert question.author.handle == "katja_brandt"
    answer = words("Danke, notiert. Mehr: https://hilfe.example/a?b=1&c=2")
    sent = alone.brand.publish(reply(question, answer))
    _, echo = polled(alone, answer)
    assert (echo.own, echo.public, echo.thread, echo.ref) == (True, False, question.thread, sent.ref)


def test_a_private_question_is_never_answered_in_public(alone: XWorld) -> None:
    question = heard_privately(alone, "Nur für Sie.")
    with pytest.raises(Refused, match="direct message"):
        alone.brand.publish(reply(question, "Für alle.", public=True))


def test_a_private_reply_to_a_public_question_that_nobody_may_send_is_refused(alone: XWorld) -> None:
    question = asked(alone, "Bitte privat.", "mehmet")
    alone.x.practice("PUT", "people/mehmet_aydin", {"accepts_dm": False})
    with pytest.raises(Refused, match="permission to DM"):
        alone.brand.publish(reply(question, "Bitte die Kundennummer.", public=False))
    alone.x.practice("PUT", "people/mehmet_aydin", {"accepts_dm": True})
    sent = alone.brand.publish(reply(question, "Bitte die Kundennummer.", public=False))
    assert sent.ref.id.startswith("dm:")


def test_a_direct_message_is_never_deleted_for_one_side_only(alone: XWorld) -> None:
    question = asked(alone, "Bitte privat löschen.")
    sent = alone.brand.publish(reply(question, words("Privat."), public=False))
    with pytest.raises(Refused, match="customer keeps it"):
        alone.brand.delete(sent.ref)


def test_a_lost_private_answer_is_found_again(alone: XWorld) -> None:
    question = asked(alone, "Kommt es privat an?")
    outgoing = reply(question, words("Privat & angekommen: https://a.example"), public=False)
    alone.x.faults(timeout_after={"amount": 0.1, "only": "dm_conversations", "times": 1})
    with pytest.raises(Unknown):
        alone.brand.publish(outgoing)
    found = alone.brand.lookup(outgoing)
    assert found is not None
    assert found.ref.id.startswith("dm:")


def test_a_list_that_x_does_not_let_us_read_is_told_and_stalls_no_other(alone: XWorld) -> None:
    unscoped = alone.made()
    read = unscoped._wire.read

    def forbidden(route: str, *arguments: Any, **options: Any) -> Any:
        if route == "GET /2/dm_events":
            raise Refused("X refuses (403 Forbidden): Your client app is not configured for direct messages.")
        return read(route, *arguments, **options)

    unscoped._wire.read = forbidden  # type: ignore[method-assign]
    alone.ask(text := words("Trotzdem gehört"))
    raws, cursor = unscoped.poll(alone.start)
    assert [event.text for raw in raws for event in unscoped.parse(raw.body)] == [text]
    with pytest.raises(Refused, match="direct messages"):
        unscoped.poll(cursor)
    assert alone.made(messages=False).poll(cursor)[0] == []


def test_many_messages_are_read_over_several_pages_and_looks(alone: XWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline, "PAGES", 2)
    adapter = alone.made(fact_poll__dm_page=2, fact_limit__page=5)
    heard_privately(alone, "Die erste")
    _, cursor = adapter.poll("")
    written = [words(f"Nachricht {number}") for number in range(12)]
    for text in written:
        alone.write_privately(text)
    raws, cursor = adapter.poll(cursor)
    assert [adapter.parse(raw.body)[0].text for raw in raws] == written[5:]
    torn = cursor.replace('"until":"', '"until":"expired')
    assert torn != cursor
    raws, after = adapter.poll(cursor)
    assert [adapter.parse(raw.body)[0].text for raw in raws] == written[:5]
    assert adapter.poll(after)[0] == []
    other = alone.made()
    again, torn = other.poll(torn)
    again += other.poll(torn)[0]
    assert sorted(adapter.parse(raw.body)[0].text for raw in again) == sorted(written)
