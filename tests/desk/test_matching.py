"""How good the matching is: figures from verdicts, the slider, and who may set it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from hilft.audit.models import Entry
from hilft.base.clock import now
from hilft.desk.matching.figures import Share, at, reliability, simple
from hilft.inbox.commands import judge
from hilft.inbox.enums import Verdict
from hilft.inbox.models import Judgement, Match
from hilft.inbox.tasks import recalibrate
from hilft.inbox.verdicts import Outcome, confusions, learnable, outcomes
from hilft.knowledge.calibration import Curve
from hilft.knowledge.matching import embed_pending
from hilft.knowledge.models import Matching, Miss
from hilft.knowledge.readers import Reader
from hilft.knowledge.rereading import advance
from tests import factories
from tests.desk import made

pytestmark = pytest.mark.django_db
AT = now()


def judged(agent, suggested, meant, *, chance: float = 0.8, verdict: Verdict = Verdict.USED) -> Judgement:
    """A post for which a question was suggested, and a person's word on it."""
    message = made.asked()
    Match.objects.create(message=message, question=suggested, rank=1, score=chance, likeness="likely", chance=chance)
    return judge(by=agent, conversation=message.conversation, verdict=verdict, question=meant)


def test_what_verdicts_say_of_the_first_suggestion():
    agent, router, contract = factories.staff("agent"), factories.question(), factories.question()
    judged(agent, router, router, chance=0.9)
    judged(agent, router, contract, chance=0.6)
    judged(agent, router, None, verdict=Verdict.NONE, chance=0.3)
    first = judged(agent, router, router, verdict=Verdict.WRONG, chance=0.5)
    judge(by=agent, conversation=first.message.conversation, verdict=Verdict.USED, question=contract)
    judged(agent, router, contract, verdict=Verdict.WRONG)
    told = outcomes()
    assert [(one.right, one.meant, one.chance) for one in told] == [
        (True, router.pk, 0.9),
        (False, contract.pk, 0.6),
        (False, None, 0.3),
        (False, contract.pk, 0.5),
    ]
    assert learnable() == [(0.9, True), (0.6, False), (0.3, False), (0.5, False)]
    assert confusions(told) == [(router.pk, contract.pk, 2)]


def test_a_wrong_suggestion_counts_against_its_pair_until_it_is_used_after_all():
    agent, router = factories.staff("agent"), factories.question()
    judgement = judged(agent, router, router, verdict=Verdict.WRONG)
    assert [(miss.question, miss.source_message) for miss in Miss.objects.all()] == [(router, judgement.message_id)]
    judge(by=agent, conversation=judgement.message.conversation, verdict=Verdict.USED, question=router)
    assert Miss.objects.count() == 0


def test_likelihoods_are_bent_every_night():
    agent, router, contract = factories.staff("agent"), factories.question(), factories.question()
    for _ in range(6):
        judged(agent, router, contract, chance=0.9)
    recalibrate(0)
    settings = Matching.current()
    assert settings.verdicts == 6
    assert Curve(settings.slope, settings.offset).bent(0.9) < 0.85


def test_shares_have_wilsons_interval():
    assert Share(0, 0).percent is None
    assert Share(0, 0).interval == (0.0, 1.0)
    assert [round(end, 4) for end in Share(8, 10).interval] == [0.4902, 0.9433]
    assert Share(10, 10).high == 100
    assert simple(0.61) == (3, 5)
    assert simple(1.0) == (2, 2)


def test_the_consequences_of_a_bar():
    told = [
        *[Outcome(1, 0.9, 1, AT)] * 39,
        Outcome(1, 0.8, 2, AT),
        *[Outcome(1, 0.2, None, AT)] * 20,
        *[Outcome(None, 0.0, 3, AT)] * 6,
    ]
    setting = at(told, Curve(), 0.5)
    assert (setting.precision, setting.recall, setting.coverage) == (Share(39, 40), Share(39, 46), Share(40, 66))
    assert (setting.one_in, setting.posts) == (40, (3, 5))
    assert at(told, Curve(), 0.95).precision == Share(0, 0)
    assert at(told, Curve(), 0.85).one_in is None
    bins = reliability(told, Curve(), size=1000)
    assert [(one.low, one.high, one.share) for one in bins] == [
        (20, 30, Share(0, 20)),
        (80, 90, Share(0, 1)),
        (90, 100, Share(39, 39)),
    ]


def test_without_verdicts_the_published_figures_are_named_as_such(desk):
    page = desk(factories.staff("editor")).get(reverse("desk:matching")).content.decode()
    assert "Not enough verdicts of your own yet" in page
    assert "Measured on published questions, not here" in page
    assert 'type="range"' not in page


def test_how_far_another_reader_has_come(desk):
    factories.question()
    embed_pending()
    client = desk(factories.staff("editor"))
    assert "All texts are being read again" not in client.get(reverse("desk:matching")).content.decode()
    Reader.objects.update(trained="of a former release")
    advance()
    assert "It has just begun." in client.get(reverse("desk:matching")).content.decode()
    Reader.objects.filter(place=1).update(done=250_000, total=1_000_000, seconds=10_000.0)
    page = client.get(reverse("desk:matching")).content.decode()
    assert '<progress value="250000" max="1000000"' in page
    assert "25 a second · about 8 hours left" in page
    Reader.objects.filter(place=1).update(total=253_000)
    assert "about 2 minutes left" in client.get(reverse("desk:matching")).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_screen_costs_the_same_however_many_verdicts(desk, django_assert_num_queries, rows):
    _thirty(rows)
    client = desk(factories.staff("editor"))
    with django_assert_num_queries(13):
        page = client.get(reverse("desk:matching")).content.decode()
    assert page.count('class="plot-bar"') == 2


def test_the_slider_says_what_it_means_before_it_is_saved(desk):
    router, contract = _thirty(3)
    client = desk(factories.staff("editor"))
    page = client.get(reverse("desk:matching")).content.decode()
    assert "1 in 11 suggestions is wrong" in page
    assert "2 of 2 posts get one" in page
    assert "This is how it is set" in page
    assert f'href="/desk/fragen/{router.pk}/"' in page
    assert f'href="/desk/fragen/{contract.pk}/"' in page
    before = client.get(reverse("desk:matching"), {"bar": "75"}).content.decode()
    assert "none of 30 suggestions was wrong" in before
    assert "It is set to 35 %." in before
    assert "Saved. From now on" in made.said(client, reverse("desk:matching-bar"), bar="75")
    assert Matching.current().bar == 0.75
    assert Entry.objects.get(verb="knowledge.set_bar").data == {"before": 0.35, "bar": 0.75}
    for wrong in ("", "much", "99"):
        client.post(reverse("desk:matching-bar"), {"bar": wrong})
    assert Matching.current().bar == 0.75


def test_what_changed_since_last_month(desk):
    _thirty(3)
    Judgement.objects.update(at=now() - timedelta(days=40))
    page = desk(factories.staff("editor")).get(reverse("desk:matching")).content.decode()
    assert page.count("n = 33") == 3


@pytest.mark.parametrize(("role", "expected"), [("agent", 403), ("operator", 403), ("editor", 200), ("lead", 200)])
def test_who_sees_it_and_who_sets_the_bar(desk, role, expected):
    client = desk(factories.staff(role))
    assert made.status(client, "desk:matching") == expected
    saved = client.post(reverse("desk:matching-bar"), {"bar": "50"}).status_code
    assert saved == (303 if expected == 200 else 403)


def _thirty(wrong: int):
    agent, router, contract = factories.staff("agent"), factories.question(), factories.question()
    for _ in range(30):
        judged(agent, router, router, chance=0.9)
    for _ in range(wrong):
        judged(agent, router, contract, chance=0.6)
    return router, contract
