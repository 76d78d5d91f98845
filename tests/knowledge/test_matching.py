"""The trained matcher: candidates, their order, how sure it is, and how people's verdicts change that."""

import json

import numpy as np
import pytest

from hilft.audit.models import Entry
from hilft.knowledge.calibration import Curve, fitted, log_odds
from hilft.knowledge.commands import add_miss, add_wording, calibrate, set_bar, take_back_miss
from hilft.knowledge.evidence import Pool
from hilft.knowledge.matching import embed_pending, graded, present, suggest
from hilft.knowledge.models import Matching, Miss
from hilft.knowledge.ranking import Candidates, ranked, strikes
from hilft.knowledge.rules import likeness
from hilft.knowledge.trained import MANIFEST, SHIPPED, packed, shipped, unpacked
from hilft.people.errors import NotAllowed, Refusal
from tests import factories

pytestmark = pytest.mark.django_db
TITLES = (
    "Router blinkt nach dem Umzug nur orange. Was kann ich tun?",
    "Wie kündige ich meinen Vertrag?",
    "Kann ich meine Rufnummer mitnehmen?",
    "Warum ist meine Rechnung höher als sonst?",
    "Wie richte ich die eSIM ein?",
    "Wann kommt der Techniker?",
    "Wie ändere ich meine Bankverbindung?",
)
ASKED = "mein router leuchtet seit dem umzug orange"


@pytest.fixture
def router():
    made = [factories.question(title=title) for title in TITLES]
    embed_pending()
    return made[0]


def test_the_right_question_comes_first_and_surely(router):
    found = suggest(ASKED)
    assert found.ranked[0].question == router.pk
    assert found.likeness in {"sure", "likely"}
    likelihoods = [one.score for one in found.ranked]
    assert likelihoods == sorted(likelihoods, reverse=True)
    assert sum(likelihoods[:2]) <= 1 + 1e-6
    assert graded(found)[0] == (found.ranked[0], found.likeness)


def test_what_nobody_answered_fits_nothing(router):
    assert suggest("Welche Farbe hat der Himmel über Kiel?").likeness == "none"


def test_a_new_wording_is_found_at_once(router):
    text = "die kiste macht so ein warmes licht, mandarine irgendwie"
    before = suggest(text).ranked[0].score
    add_wording(by=None, question=router, text="Die Kiste macht ein warmes Licht wie eine Mandarine")
    embed_pending()
    found = suggest(text)
    assert found.ranked[0].question == router.pk
    assert found.ranked[0].score > before


def test_a_question_can_be_left_out(router):
    assert router.pk not in [one.question for one in suggest(router.title, without=router.pk).ranked]


def test_what_people_called_wrong_counts_against_its_pair(router):
    agent = factories.staff("agent")
    before = suggest(ASKED)
    add_miss(by=agent, question=router, text=ASKED, message=7)
    add_miss(by=agent, question=router, text=ASKED, message=7)
    assert Miss.objects.count() == 1
    embed_pending()
    after = suggest(ASKED)
    assert after.likeness == "none"
    other = suggest("Wie kündige ich?")
    assert other.likeness != "none"
    take_back_miss(question=router, message=7)
    assert suggest(ASKED) == before
    with pytest.raises(NotAllowed):
        add_miss(by=factories.staff("operator"), question=router, text=ASKED, message=8)


def test_editors_set_the_bar_and_it_is_recorded(router):
    found = suggest(ASKED)
    set_bar(by=factories.staff("editor"), bar=0.95)
    assert suggest(ASKED).confidence == found.confidence
    assert suggest(ASKED).likeness == ("none" if found.confidence < 0.95 else "sure")
    assert Entry.objects.get(verb="knowledge.set_bar").data["bar"] == 0.95
    for wrong in (0.04, 0.96):
        with pytest.raises(Refusal):
            set_bar(by=factories.staff("editor"), bar=wrong)
    with pytest.raises(NotAllowed):
        set_bar(by=factories.staff("agent"), bar=0.5)


def test_verdicts_of_this_installation_bend_the_likelihood(router):
    before = suggest(ASKED)
    calibrate([(0.9, False)] * 40 + [(0.9, True)] * 10)
    after = suggest(ASKED)
    assert after.chance == before.chance
    assert after.confidence < before.confidence
    assert Matching.current().verdicts == 50


def test_calibration_keeps_to_the_shipped_curve_until_there_are_verdicts():
    assert fitted([]) == Curve(1.0, 0.0)
    few, many = fitted([(0.9, False)] * 2), fitted([(0.9, False), (0.9, True)] * 400)
    assert 0.7 < few.bent(0.9) < 0.9
    assert many.bent(0.9) == pytest.approx(0.5, abs=0.03)
    assert fitted([(0.8, True), (0.8, True), (0.8, True), (0.8, True), (0.8, False)] * 50).bent(0.8) == pytest.approx(
        0.8, abs=0.005
    )
    assert fitted([(0.99, False), (0.01, True)] * 500).slope == 0.2
    assert log_odds(1.0) == pytest.approx(-log_odds(0.0))


def test_later_candidates_share_what_the_first_leaves():
    pool = Pool(None, np.array([0, 2, 3]))  # type: ignore[arg-type]
    found = Candidates([4, 5, 6], [40, 41, 50, 60], pool, np.array([0.2, 0.9, 0.5, 0.4], np.float32))
    order, chance = ranked(found, np.array([1.0, 3.0, 2.0]), 0.8, np.array([0.0, 0.0, 0.0]), Curve())
    assert [(one.question, one.wording) for one in order] == [(5, 50), (6, 60), (4, 41)]
    assert chance == pytest.approx(0.8)
    assert [one.score for one in order] == pytest.approx([0.8, 0.2, 0.8 * np.exp(-2)])
    struck, chance = ranked(found, np.array([1.0, 3.0, 2.9]), 0.8, strikes([4, 5, 6], {5: 1.0}), Curve())
    assert [one.question for one in struck] == [6, 4, 5]
    assert chance == pytest.approx(0.2)


@pytest.mark.parametrize(("likely", "word"), [(0.95, "sure"), (0.7, "likely"), (0.5, "possible"), (0.3, "none")])
def test_words_of_likelihood(likely: float, word: str):
    assert likeness(likely) == word
    assert likeness(likely, bar=0.96) == "none"


def test_the_weights_that_ship_are_those_of_the_manifest():
    import hashlib

    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    assert hashlib.sha256(SHIPPED.read_bytes()).hexdigest()[:12] == manifest["name"] == shipped().name
    assert manifest["encoder"] == present().encoder.name
    assert {one["licence"] for one in manifest["sets"]} <= {"MIT", "CC BY 4.0", "CC BY 3.0"}
    assert SHIPPED.stat().st_size < 600_000
    with np.load(SHIPPED) as arrays:
        again = unpacked({name: arrays[name] for name in arrays.files}, shipped().name)
    assert packed(again) == SHIPPED.read_bytes()
