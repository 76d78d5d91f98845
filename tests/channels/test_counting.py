"""Counting as each network counts, and shortening without cutting a sentence."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hilft.channels.contract import Limits
from hilft.channels.counting import count, fits, sentences, shorten

X = Limits(280, "weighted280", url=23)
MASTODON = Limits(500, "grapheme", url=23)
BLUESKY = Limits(300, "grapheme", bytes=3000)
FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("", 0),
        ("Hallo", 5),
        ("äöüß€", 6),
        ("äöüß", 4),
        ("a\u0308", 1),
        ("日本語", 6),
        (FAMILY, 2),
        ("👍🏽", 2),
        ("🇩🇪", 2),
        ("1️⃣", 2),
        ("❤️", 2),
        ("„Ja“ – nein …", 14),
        ("https://telko.example/ein/sehr/langer/weg?mit=allem#und-mehr", 23),
        ("siehe https://telko.example/hilfe.", 30),
        ("(https://telko.example/hilfe)", 25),
        ("siehe example.com bitte", 35),
        ("siehe example.com/hilfe, bitte", 36),
        ("mail@example.com", 16),
        ("Das ist gut.Aber", 16),
        ("3.500 Euro", 10),
    ],
)
def test_x_weighs_characters_links_and_emoji(text: str, weight: int) -> None:
    assert count(text, X) == weight


@pytest.mark.parametrize(
    ("text", "length"),
    [
        (FAMILY, 1),
        ("a\u0308", 1),
        ("🇩🇪🇦🇹", 2),
        ("siehe https://telko.example/ein/sehr/langer/weg", 29),
        ("siehe example.com", 17),
        ("\r\n", 1),
    ],
)
def test_mastodon_counts_what_readers_see(text: str, length: int) -> None:
    assert count(text, MASTODON) == length


@pytest.mark.parametrize(("unit", "length"), [("grapheme", 2), ("codepoint", 8), ("utf16", 12), ("byte", 27)])
def test_each_unit_counts_its_own(unit: str, length: int) -> None:
    assert count(f"é{FAMILY}", Limits(99, unit)) == length  # type: ignore[arg-type]


def test_both_of_blueskys_limits_hold() -> None:
    assert fits("ä" * 300, BLUESKY)
    assert not fits("ä" * 301, BLUESKY)
    assert fits(FAMILY * 120, BLUESKY)
    assert not fits(FAMILY * 121, BLUESKY)


@given(st.text())
def test_composed_and_decomposed_text_count_the_same(text: str) -> None:
    for limits in (X, MASTODON, BLUESKY, Limits(9, "utf16"), Limits(9, "byte"), Limits(9, "codepoint")):
        composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
        assert count(composed, limits) == count(decomposed, limits)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Eins. Zwei! Drei?", ["Eins. ", "Zwei! ", "Drei?"]),
        ("Das sind z. B. 3.500 Euro, ca. 5 Tage, Nr. 4.", ["Das sind z. B. 3.500 Euro, ca. 5 Tage, Nr. 4."]),
        ("Am 3. Mai, d. h. bald. Dann gilt es.", ["Am 3. Mai, d. h. bald. ", "Dann gilt es."]),
        ("Er sagte: „Gut.“ Dann ging er.", ["Er sagte: „Gut.“ ", "Dann ging er."]),
        ("Seit 2026. Und weiter.", ["Seit 2026. ", "Und weiter."]),
        ("Siehe www.example.com. Danke.", ["Siehe www.example.com. ", "Danke."]),
        ("Kosten inkl. MwSt. und Versand. Ende.", ["Kosten inkl. MwSt. und Versand. ", "Ende."]),
        ("Eine Zeile\nNoch eine", ["Eine Zeile\n", "Noch eine"]),
        ("Moment … dann. Ja.", ["Moment … ", "dann. ", "Ja."]),
        ("Ohne Punkt", ["Ohne Punkt"]),
        ("", []),
    ],
)
def test_sentences_end_where_they_end(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


@given(st.text(alphabet="ab.!? \n…3“Z"))
def test_sentences_lose_nothing(text: str) -> None:
    assert "".join(sentences(text)) == text


def test_shortening_keeps_whole_sentences_and_the_tail() -> None:
    text = "Ihr Anschluss ist gestört. Wir arbeiten z. B. am Verteiler. Heute Abend geht es wieder."
    tail = " Mehr dazu: https://telko.example/a"
    assert shorten(text, Limits(500, "grapheme"), tail) == text + tail
    assert shorten(text, Limits(70, "grapheme"), tail) == f"Ihr Anschluss ist gestört.{tail}"
    assert shorten(text, Limits(86, "grapheme"), tail) == f"Ihr Anschluss ist gestört.{tail}"
    assert len(text) == 87


def test_shortening_refuses_when_not_even_one_sentence_fits() -> None:
    with pytest.raises(ValueError, match="first sentence"):
        shorten("Ein einziger Satz, der viel zu lang ist. Und noch einer.", Limits(20, "grapheme"), " Mehr.")
    with pytest.raises(ValueError, match="first sentence"):
        shorten("Ein einziger Satz, der viel zu lang ist.", Limits(20, "grapheme"), "")


@given(st.lists(st.text(alphabet="äbc ", min_size=1, max_size=30), min_size=1, max_size=8), st.integers(5, 120))
def test_a_shortened_text_always_fits_and_ends_with_the_tail(words: list[str], room: int) -> None:
    text, limits = ". A".join(words) + ".", Limits(room, "grapheme")
    try:
        short = shorten(text, limits, " …mehr")
    except ValueError:
        return
    assert fits(short, limits)
    assert short.endswith(" …mehr")
    assert text.startswith(short.removesuffix(" …mehr"))
