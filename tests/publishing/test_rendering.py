"""Every example answer fits every network, whole sentences only; letters greet and close in the reader's form."""

from datetime import UTC, datetime

import pytest

from hilft.channels.commands import connect_account
from hilft.channels.contract import Limits
from hilft.channels.counting import fits, sentences
from hilft.example.content import QuestionContent, questions
from hilft.publishing.places import links_on
from hilft.publishing.rendering import DoesNotFit, Links, Place, Source, render, render_correction
from tests import factories

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


LONG = "Orange heißt: Die Leitung wird umgeschaltet. " * 12
SHORT = "Die Leitung wird umgeschaltet, das dauert bis zu 48 Stunden."


@pytest.mark.parametrize(
    ("links", "tail"),
    [
        (Links.ALWAYS, f"\nMehr dazu: {LINK}"),
        (Links.ON_REQUEST, "\nDen Link zur ganzen Antwort schicken wir Ihnen gern."),
        (Links.NEVER, ""),
    ],
)
def test_where_a_link_is_dear_a_post_does_without(links: Links, tail: str):
    place = Place(NETWORKS["x"], "", letter=False, brand="NordNetz", links=links)
    assert render(Source(LONG, SHORT, "de", "sie", LINK), place) == SHORT + tail
    assert render(Source("Kurz genug.", SHORT, "de", "sie", LINK), place) == "Kurz genug."


def test_an_answer_with_a_link_of_its_own_gives_way_to_its_short_text():
    source = Source(f"Hier steht alles: {LINK}", SHORT, "de", "sie", LINK)
    place = Place(NETWORKS["x"], "", letter=False, brand="NordNetz", links=Links.NEVER)
    assert render(source, place) == SHORT
    assert render(source, place._replace(links=Links.ALWAYS)) == f"Hier steht alles: {LINK}"
    assert render(source._replace(short=""), place) == f"Hier steht alles: {LINK}", "no other text is there"


@pytest.mark.django_db
def test_who_pays_more_for_links_gets_none_unless_operators_choose():
    account = connect_account(by=None, kind="x", name="X", handle="@nordnetz", settings={}, secrets={})
    assert links_on(account) == Links.NEVER
    account.settings["links"] = "on_request"
    assert links_on(account) == Links.ON_REQUEST
    assert links_on(factories.mastodon_account()) == Links.ALWAYS
