"""A wording keeps its meaning whatever the mood of the person who sends it."""

from difflib import SequenceMatcher
from random import Random

import pytest

from hilft.practice.voice import Speaker, address, mistype, say, unaddressed

WORDING = "Mein Router blinkt seit dem Umzug nur noch orange. Was kann ich tun?"


@pytest.mark.parametrize(
    "temperament", ["calm", "polite", "terse", "impatient", "angry", "puzzled", "chatty", "playful"]
)
def test_every_temperament_still_asks_the_question(temperament: str) -> None:
    rng = Random(6)
    for form in ("sie", "du", "none"):
        for _ in range(50):
            text = say(WORDING, Speaker(temperament, form, "de"), rng)
            matcher = SequenceMatcher(None, WORDING, text, autojunk=False)
            assert sum(block.size for block in matcher.get_matching_blocks()) >= len(WORDING) - 6


def test_a_typing_mistake_leaves_handles_alone() -> None:
    rng = Random(1)
    assert all("@nordnetz" in mistype("@nordnetz Größenordnungen überprüfen", rng) for _ in range(200))


def test_a_text_without_long_words_stays_readable() -> None:
    assert mistype("ok 3", Random(3)) == "ok 3"


def test_the_handle_is_added_once() -> None:
    rng = Random(9)
    assert address("Hallo @NordNetz, geht nicht", "@nordnetz", rng) == "Hallo @NordNetz, geht nicht"
    assert {address("geht nicht", "@nordnetz", rng) for _ in range(50)} == {
        "@nordnetz geht nicht",
        "geht nicht @nordnetz",
    }


def test_where_nobody_needs_the_handle_it_goes_and_in_mid_sentence_the_name_stays() -> None:
    assert unaddressed("@nordnetz Hallo, geht nicht", "@nordnetz") == "Hallo, geht nicht"
    assert unaddressed("geht nicht @NordNetz", "@nordnetz") == "geht nicht"
    assert unaddressed("In der Community von @nordnetz, musst nur suchen", "@nordnetz") == (
        "In der Community von NordNetz, musst nur suchen"
    )
