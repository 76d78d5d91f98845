"""Direct messages of X: heard, answered, found again, and never made public."""

from __future__ import annotations

import pytest

from hilft.channels.contract import Event, Refused, Unknown
from tests.channels.contract_suite import polled, reply, words
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
