"""What a text says about itself."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hilft.reading.address import address
from hilft.reading.embedding import encoder, tidy
from hilft.reading.language import UNKNOWN, language
from hilft.reading.privacy import mask, personal_data


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@nordnetz seit dem Umzug blinkt der Router nur orange", "de"),
        ("my router is still blinking, can you help?", "en"),
        ("esim umziehen??", "de"),
        ("😡😡😡", UNKNOWN),
        ("Hi", UNKNOWN),
        ("", UNKNOWN),
        ("https://nordnetz.example/umzug #nordnetz", UNKNOWN),
        ("Pourquoi ma facture est-elle plus élevée que d'habitude ce mois-ci ?", "fr"),
    ],
)
def test_language(text: str, expected: str):
    assert language(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Können Sie mir bitte helfen?", "sie"),
        ("Sehr geehrte Damen und Herren, die Rechnung stimmt nicht.", "sie"),
        ("Habt ihr gerade eine Störung?", "du"),
        ("kannst du mal nachschauen", "du"),
        ("Router blinkt orange.", "unknown"),
        ("Was soll ich tun? Sie blinkt orange.", "unknown"),
        ("", "unknown"),
    ],
)
def test_form_of_address(text: str, expected: str):
    assert address(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Meine Kundennummer: 123 456 789 bitte", "Meine Kundennummer: [Kundennummer] bitte"),
        ("Schreibt an jonas.p@post.example", "Schreibt an [E-Mail]"),
        ("IBAN DE89 3704 0044 0532 0130 00", "IBAN [IBAN]"),
        ("IBAN DE00 3704 0044 0532 0130 00 stimmt nicht", "IBAN DE00 3704 0044 0532 0130 00 stimmt nicht"),
        ("Ruft mich an: 0431 1234567", "Ruft mich an: [Telefon]"),
        ("Wohne Holtenauer Straße 12 in Kiel", "Wohne [Adresse] in Kiel"),
        ("Wohne Bergweg 3a", "Wohne [Adresse]"),
        ("Viele Grüße\nJonas Petersen", "Viele Grüße\n[Name]"),
        ("Mein Name ist Ayşe Demir und", "Mein Name ist [Name] und"),
        ("geboren am 3.4.1985", "geboren am [Geburtsdatum]"),
        ("Seit 48 Stunden kein Netz, Tarif 50", "Seit 48 Stunden kein Netz, Tarif 50"),
    ],
)
def test_personal_data_is_masked(text: str, expected: str):
    assert mask(text) == expected


@given(st.text(max_size=400))
def test_masking_any_text_keeps_what_is_not_personal(text: str):
    found = personal_data(text)
    assert all(a.end <= b.start for a, b in pairwise(found))
    kept = "".join(text[a:b] for a, b in _gaps(text, found))
    assert all(part in mask(text) for part in kept.split() if part.isalpha() and len(found) == 0)


def _gaps(text: str, found: list[object]) -> list[tuple[int, int]]:
    edges = [0, *(e for f in found for e in (f.start, f.end)), len(text)]  # type: ignore[attr-defined]
    return list(zip(edges[::2], edges[1::2], strict=True))


def test_vectors_are_of_length_one_and_near_for_the_same_question():
    same, other, question = encoder().encode(
        ["Mein Router leuchtet nur orange", "Wie kündige ich meinen Vertrag?", "Router blinkt orange, was tun?"]
    )
    assert np.linalg.norm(same) == pytest.approx(1, abs=1e-3)
    assert same @ question > other @ question
    assert encoder().encode([]).shape == (0, 896)


def test_mentions_and_links_do_not_count_for_meaning():
    assert tidy("@nordnetz@social.example Hallo https://x.example/1 Router") == "Hallo Router"
    assert tidy("@nordnetz") == "@nordnetz"
