"""Every example answer fits every network, whole sentences only; letters greet and close in the reader's form."""

from datetime import UTC, datetime

import pytest

from hilft.channels.contract import Limits
from hilft.channels.counting import fits, sentences
from hilft.example.content import QuestionContent, questions
from hilft.publishing.rendering import DoesNotFit, Place, Source, render, render_correction

NETWORKS = {
    "mastodon": Limits(text=500, unit="grapheme", url=23),
    "bluesky": Limits(text=300, unit="grapheme", bytes=3000),
    "x": Limits(text=280, unit="weighted280", url=23),
}
LINK = "https://hilft.nordnetz.example/f/router-blinkt-orange/"
AT = datetime(2026, 11, 3, 10, tzinfo=UTC)


def sources(question: QuestionContent) -> list[Source]:
    texts = [("de", "sie", question.sie), ("de", "du", question.du)]
    if question.en:
        texts.append(("en", "none", question.en))
    return [Source(text.body, text.short, language, address, LINK) for language, address, text in texts]


@pytest.mark.parametrize("network", sorted(NETWORKS))
@pytest.mark.parametrize("question", questions(), ids=lambda q: q.slug)
def test_every_example_answer_fits(question: QuestionContent, network: str):
    limits = NETWORKS[network]
    place = Place(limits, "@lotte_vom_deich ", letter=False, brand="NordNetz")
    for source in sources(question):
        text = render(source, place)
        assert fits(place.prefix + text, limits)
        told = text.removesuffix(f"\nMehr dazu: {LINK}").removesuffix(f"\nMore: {LINK}")
        if told != text:
            assert source.short.startswith(told)
            assert told == "".join(sentences(told)), "never cut in mid-sentence"
            assert told.rstrip()[-1] in ".!?"


def test_a_correction_says_what_it_corrects():
    source = Source("Es dauert **24 Stunden**.", "Es dauert 24 Stunden.", "de", "sie", LINK)
    post = render_correction(source, Place(NETWORKS["bluesky"], "", letter=False, brand="NordNetz"), of=AT)
    assert post == "Korrektur zu unserer Antwort vom 3. November: Es dauert 24 Stunden."
    letter = render_correction(source, Place(Limits(10_000, "codepoint"), "", letter=True, brand="NordNetz"), of=AT)
    assert letter.splitlines()[0] == "Guten Tag!"
    assert "vom 3. November stimmt so nicht mehr" in letter
    assert letter.endswith("Ihr NordNetz-Team")


def test_a_correction_that_leaves_something_out_ends_with_the_link():
    short = "Das kostet jetzt 4,90 € und geht in der App." + " Löschen Sie das alte Profil erst danach." * 4
    source = Source("Wort " * 400 + ".", short, "de", "sie", LINK)
    place = Place(NETWORKS["bluesky"], "", letter=False, brand="NordNetz")
    post = render_correction(source, place, of=AT)
    assert fits("Korrektur zu unserer Antwort vom 3. November: " + short, place.limits), "without the link all fits"
    assert post.startswith("Korrektur zu unserer Antwort vom 3. November: Das kostet jetzt 4,90 €")
    assert post.endswith(f"Löschen Sie das alte Profil erst danach.\nMehr dazu: {LINK}")
    assert fits(post, place.limits)


def test_what_cannot_fit_says_so():
    source = Source("Wort " * 400 + ".", "", "de", "sie", LINK)
    with pytest.raises(DoesNotFit):
        render(source, Place(NETWORKS["bluesky"], "", letter=False, brand="NordNetz"))
