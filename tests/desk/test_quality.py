"""The screens of quality: who enters, that a review is blind in every byte of its page, and what each person sees."""

import pytest
from django.urls import reverse

from hilft.quality.commands.coaching import name_coach, write_note
from hilft.quality.commands.reviewing import dispute, take
from hilft.quality.models import Coach, Note, Plan, Scorecard
from tests import factories
from tests.desk.conftest import Desk
from tests.desk.made import ROLES, said, status
from tests.quality.made import drawn, marks, plan, scored

pytestmark = pytest.mark.django_db
EVERYBODY = (*ROLES, "trainer")


def seen(client, name: str, *args: object) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def form(**given: str) -> dict[str, str]:
    """What the form sends: every mark, and a comment on what is not met."""
    sent = {f"mark-{key}": mark for key, mark in marks(**given).items()}
    return sent | {f"comment-{key}": "Bitte anders." for key, mark in given.items() if mark == "missed"}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queue_costs_the_same_whatever_its_length(desk: Desk, django_assert_num_queries, rows: int):
    for _row in range(rows):
        drawn()
        take(by=factories.staff("lead"), sample=drawn())
    client = desk(factories.staff("trainer"))
    with django_assert_num_queries(15):
        page = seen(client, "desk:quality")
    assert page.count('class="row-link"') == 2 * rows


@pytest.mark.parametrize("rows", [1, 3])
def test_ones_results_cost_the_same_whatever_their_number(desk: Desk, django_assert_num_queries, rows: int):
    agent = factories.staff("agent")
    for _row in range(rows):
        scored(drawn(agent))
    client = desk(agent)
    with django_assert_num_queries(10):
        page = seen(client, "desk:quality-results")
    assert page.count('class="row-link"') == rows


def test_who_enters(desk: Desk):
    names = ("quality", "quality-results", "coaching", "quality-figures", "quality-plans", "coaches")
    found = {role: [status(desk(factories.staff(role)), f"desk:{name}") for name in names] for role in EVERYBODY}
    assert found == {
        "agent": [403, 200, 200, 403, 403, 403],
        "approver": [200, 200, 200, 200, 403, 403],
        "editor": [403, 200, 200, 403, 403, 403],
        "lead": [200, 200, 200, 200, 200, 200],
        "operator": [403, 200, 200, 403, 403, 403],
        "trainer": [200, 200, 200, 200, 403, 403],
    }


def test_nothing_on_the_page_says_whose_reply_it_is(desk: Desk):
    agent = factories.staff("agent", name="Xaver Ungewöhnlich")
    sample = drawn(agent, twice=True)
    first, second = factories.staff("trainer", name="Yara Erste"), factories.staff("lead", name="Zoe Zweite")
    scored(sample, first, tone="missed")
    page = seen(desk(second), "desk:quality-review", sample.pk) + seen(desk(second), "desk:quality")
    assert sample.text.splitlines()[0] in page
    told = [agent.name, agent.email, first.name, "Bitte anders.", f"/desk/platzierungen/{sample.placement_id}/",
            f"/desk/anliegen/{sample.placement.conversation_id}/"]  # fmt: skip
    assert [words for words in told if words in page] == []
    assert sample.plan.name not in page
    mine = seen(desk(first), "desk:quality-review", sample.pk)
    assert "The other review stays hidden until both are." in mine
    assert "Bitte anders." in mine


def test_from_the_review_to_the_decision(desk: Desk):
    agent, trainer, lead = factories.staff("agent"), factories.staff("trainer"), factories.staff("lead")
    sample = drawn(agent)
    reviewer, author, third = desk(trainer), desk(agent), desk(lead)
    url = reverse("desk:quality-review", args=[sample.pk])
    assert "Say what should be different." in said(
        reviewer, url, **(form(accuracy="missed") | {"comment-accuracy": ""})
    )
    assert "At least one criterion has to apply." in said(reviewer, url, **dict.fromkeys(form(), "none"))
    assert "Reviewed. The next one waits." in said(reviewer, url, **form(accuracy="missed"))
    assert "Bitte anders." in seen(reviewer, "desk:quality-review", sample.pk)

    page = seen(author, "desk:quality-result", sample.pk)
    assert [words in page for words in ("67 of 100", "critical error", "Bitte anders.", trainer.name)] == [
        True,
        True,
        True,
        False,
    ]
    assert "looks at it anew" in said(author, reverse("desk:quality-dispute", args=[sample.pk]), reason="Es stimmte.")
    assert "disputed" in seen(author, "desk:quality-results")
    assert "Disputed" not in seen(reviewer, "desk:quality")
    page = seen(third, "desk:quality-review", sample.pk)
    assert [words in page for words in ("Es stimmte.", "Bitte anders.", agent.name, trainer.name)] == [
        True,
        True,
        False,
        False,
    ]
    assert "Decided. The author reads it now." in said(third, url, **form(), remark="Es stimmte an dem Tag.")
    page = seen(author, "desk:quality-result", sample.pk)
    assert [words in page for words in ("100 of 100", "Es stimmte an dem Tag.", lead.name)] == [True, True, False]
    assert "decided anew" in seen(author, "desk:quality-results")


def test_two_who_see_it_differently_find_it_in_their_queue(desk: Desk):
    sample, one, two = drawn(twice=True), factories.staff("trainer"), factories.staff("lead")
    scored(sample, one, compliance="missed")
    scored(sample, two)
    assert "To look at together" in seen(desk(one), "desk:quality")
    assert "To look at together" not in seen(desk(factories.staff("approver")), "desk:quality")
    url = reverse("desk:quality-review", args=[sample.pk])
    assert "Kept as what the two of you say." in said(desk(two), url, **form(compliance="missed"))
    sample.refresh_from_db()
    assert (sample.score, sample.passed, sample.critical) == (75, False, True)


def test_nobody_opens_somebody_elses_result_or_their_own_review(desk: Desk):
    agent = factories.staff("agent", "approver")
    sample = drawn(agent)
    assert status(desk(agent), "desk:quality-review", sample.pk) == 404
    scored(sample)
    for role in ("agent", "lead", "approver"):
        assert status(desk(factories.staff(role)), "desk:quality-result", sample.pk) == 404
    lead = factories.staff("lead")
    dispute(by=agent, sample=sample, reason="Das stimmt.")
    assert agent.name not in seen(desk(lead), "desk:quality-review", sample.pk)


def test_a_coach_is_named_and_writes_and_the_person_answers(desk: Desk):
    agent, coach, lead = factories.staff("agent"), factories.staff("trainer"), factories.staff("lead")
    naming = reverse("desk:coach-name", args=[agent.pk])
    assert f"Saved: {agent.name}" in said(desk(lead), naming, coach=coach.pk)
    assert "Somebody else has to coach" in said(desk(lead), naming, coach=agent.pk)
    assert Coach.objects.get().coach == coach
    assert agent.name in seen(desk(coach), "desk:coaching")
    assert "and nobody else." in said(desk(coach), reverse("desk:coached", args=[agent.pk]), text="Nimm dir Zeit.")
    note = Note.objects.get()
    assert "Nimm dir Zeit." in seen(desk(agent), "desk:coaching")
    assert "Your coach sees it." in said(desk(agent), reverse("desk:note-answer", args=[note.pk]), answer="Danke.")
    assert "Danke." in seen(desk(coach), "desk:coached", agent.pk)
    others = [lead, factories.staff("operator"), factories.staff("trainer")]
    assert [status(desk(who), "desk:coached", agent.pk) for who in others] == [404, 404, 404]
    assert "Nimm dir Zeit." not in "".join(seen(desk(who), "desk:coaching") for who in others)
    assert "Nimm dir Zeit." not in seen(desk(lead), "desk:record")
    assert desk(lead).post(reverse("desk:note-answer", args=[note.pk])).status_code == 404


def test_a_lead_makes_a_plan_and_another_version_of_a_scorecard(desk: Desk):
    client = desk(factories.staff("lead"))
    sent = {"name": "Stichprobe", "card": "antwort", "whose": "all", "channel": "", "percent": 5, "twice_percent": 20}
    url = reverse("desk:quality-plan-new")
    assert "Saved: Stichprobe" in said(client, url, **sent, dispute_days=14, active="on", tiers=["0", "1"])
    made_of = Plan.objects.get()
    assert (made_of.tiers, made_of.active) == ([0, 1], True)
    assert str(made_of.seed) in seen(client, "desk:quality-plan", made_of.pk)
    assert 'value="0" required' not in seen(client, "desk:quality-plan", made_of.pk)
    card = {"title": "Antworten", "title_en": "Replies", "enough": 90}
    rows = {"criterion-TOTAL_FORMS": 8, "criterion-INITIAL_FORMS": 0}
    rows |= {f"criterion-{number}-weight": 1 for number in range(8)} | {
        "criterion-0-name": "Ton",
        "criterion-0-key": "tone",
    }
    url = reverse("desk:scorecard", args=["antwort"])
    assert "Version 2 holds" in said(client, url, **card, **rows)
    assert [one.key for one in Scorecard.objects.get(number=2).parts] == ["tone"]
    empty = rows | {"criterion-0-name": ""}
    assert "needs at least one criterion" in said(client, url, **card, **empty)
    assert status(client, "desk:scorecard", "nicht-da") == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_plans_cost_the_same_whatever_their_number(desk: Desk, django_assert_num_queries, rows: int):
    for _row in range(rows):
        plan()
    client = desk(factories.staff("lead"))
    with django_assert_num_queries(11):
        page = seen(client, "desk:quality-plans")
    assert page.count('<tr id="plan-') == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_the_coaches_cost_the_same_whatever_their_number(desk: Desk, django_assert_num_queries, rows: int):
    lead = factories.staff("lead")
    for _row in range(rows):
        name_coach(by=lead, user=factories.staff("agent"), coach=lead)
    client = desk(lead)
    with django_assert_num_queries(10):
        page = seen(client, "desk:coaches")
    assert page.count('<tr id="person-') == rows + 1


@pytest.mark.parametrize("rows", [1, 3])
def test_notes_cost_the_same_whatever_their_number(desk: Desk, django_assert_num_queries, rows: int):
    agent, coach = factories.staff("agent"), factories.staff("trainer")
    name_coach(by=factories.staff("lead"), user=agent, coach=coach)
    for _row in range(rows):
        write_note(by=coach, user=agent, text="Gut gemacht.")
    client = desk(agent)
    with django_assert_num_queries(12):
        page = seen(client, "desk:coaching")
    assert page.count("Gut gemacht.") == rows


def test_the_figures_say_when_there_are_too_few(desk: Desk):
    scored(drawn(), factories.staff("trainer"))
    page = seen(desk(factories.staff("lead")), "desk:quality-figures")
    assert page.count("Too few to show") == 2
