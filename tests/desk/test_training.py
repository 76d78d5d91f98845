"""The screens of training: who enters, what is shown and what is not, what it costs, and the way from a refusal."""

import pytest
from django.urls import reverse

from hilft.people.council import set_mode
from hilft.people.models import Certificate, Requirement
from hilft.publishing.models import Draft
from hilft.training.commands import learning
from hilft.training.models import Attempt, Module, Practice
from tests import factories
from tests.desk.conftest import Desk
from tests.desk.made import ROLES, asked, said, status
from tests.training.made import examined, module, practised, read_all

pytestmark = pytest.mark.django_db
EVERYBODY = (*ROLES, "trainer")


def seen(client, name: str, *args: object) -> str:
    return client.get(reverse(name, args=args)).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_curriculum_costs_the_same_whatever_its_length(desk: Desk, django_assert_num_queries, rows: int):
    made = [module() for _ in range(rows)]
    client = desk(factories.staff("agent"))
    with django_assert_num_queries(21):
        page = seen(client, "desk:training")
    assert [page.count(one.title_en) for one in made] == [1] * rows


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_certificates_costs_the_same_whatever_its_length(desk: Desk, django_assert_num_queries, rows: int):
    for _ in range(rows):
        factories.certificate(factories.staff("agent"), factories.required("draft"))
    client = desk(factories.staff("trainer"))
    with django_assert_num_queries(12):
        page = seen(client, "desk:training-people")
    assert page.count('<tr id="certificate-') == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queue_costs_the_same_whatever_its_length(desk: Desk, django_assert_num_queries, rows: int):
    for _ in range(rows):
        practised(factories.staff("agent"), module())
    client = desk(factories.staff("trainer"))
    with django_assert_num_queries(10):
        page = seen(client, "desk:training-queue")
    assert page.count('class="row-link"') == rows


def test_who_enters(desk: Desk):
    names = ("desk:training", "desk:training-queue", "desk:training-people")
    found = {role: [status(desk(factories.staff(role)), name) for name in names] for role in EVERYBODY}
    assert found == {
        "agent": [200, 403, 403],
        "approver": [200, 403, 403],
        "editor": [200, 403, 403],
        "lead": [200, 403, 200],
        "operator": [200, 403, 200],
        "trainer": [200, 200, 200],
    }


def test_from_the_first_lesson_to_the_printed_certificate(desk: Desk):
    agent, trainer, found = factories.staff("agent", name="Mia Lindner"), factories.staff("trainer"), module(lessons=2)
    client, teacher = desk(agent), desk(trainer)
    first, second = found.lessons.order_by("position")
    assert "Read, on to the next lesson" in seen(client, "desk:lesson", first.pk)
    assert "Read, back to the module" in said(client, reverse("desk:lesson", args=[first.pk]))
    assert "Begin the exam" in said(client, reverse("desk:lesson", args=[second.pk]))

    assert "Hand in" in said(client, reverse("desk:exam-begin", args=[found.key]))
    attempt = Attempt.objects.get()
    running = seen(client, "desk:exam", attempt.pk)
    assert "Darum" not in running
    page = said(client, reverse("desk:exam", args=[attempt.pk]), **{f"q{pk}": "0" for pk in attempt.questions})
    assert "3 of 3 right." in page
    assert page.count("Darum") == 3

    assert "Names the deadline" in seen(client, "desk:practice", found.key)
    said(client, reverse("desk:practice", args=[found.key]), text="Bis Freitag ist es behoben.")
    reply = Practice.objects.get()
    assert "Bis Freitag ist es behoben." in seen(teacher, "desk:training-marking", reply.pk)
    url = reverse("desk:training-marking", args=[reply.pk])
    assert "Say for each criterion" in said(teacher, url, mark0="yes", comment="Gut.")
    assert "Marked: Mia Lindner reads it now." in said(teacher, url, mark0="yes", mark1="yes", comment="Gut so.")
    assert "Gut so." in seen(client, "desk:module", found.key)
    sheet = seen(client, "desk:certificate", Certificate.objects.get().pk)
    assert [sheet.count(words) for words in ("Mia Lindner</h1>", "Lektion 0", trainer.name)] == [1, 1, 1]


def test_nobody_but_the_person_and_trainers_sees_a_result_or_a_certificate_of_theirs(desk: Desk):
    agent, found = factories.staff("agent"), module(task=False)
    read_all(agent, found)
    attempt = examined(agent, found)
    made = Certificate.objects.get()
    pages = [("desk:exam", attempt.pk), ("desk:certificate", made.pk)]
    assert status(desk(factories.staff("trainer")), "desk:exam", attempt.pk) == 404, (
        "so it is agreed from the beginning"
    )
    set_mode(by=factories.staff("operator"), on=False)
    found_by = {role: [status(desk(factories.staff(role)), *page) for page in pages] for role in EVERYBODY}
    assert found_by == {
        "agent": [404, 404],
        "approver": [404, 404],
        "editor": [404, 404],
        "lead": [404, 200],
        "operator": [404, 200],
        "trainer": [200, 200],
    }


def test_without_the_certificate_the_composer_says_which_and_the_refusal_leads_to_the_module(desk: Desk):
    agent, found = factories.staff("agent"), module()
    factories.save_requirement(by=None, gate="draft", skill=found.skill, level=2)
    client, conversation = desk(agent), asked().conversation
    page = seen(client, "desk:conversation", conversation.pk)
    assert f"The certificate “{found.skill.name_en}”, level 2, is missing." in page
    assert 'id="reply-text"' not in page
    refusal = client.post(
        reverse("desk:draft-submit", args=[conversation.pk]),
        {"text": "Hallo", "seen": 1},
        headers={"HX-Request": "true"},
    )
    assert refusal.status_code == 422
    assert reverse("desk:module", args=[found.key]) in refusal.content.decode()
    page = said(client, reverse("desk:draft-submit", args=[conversation.pk]), text="Hallo", seen=1)
    assert "To the module" in page
    assert Draft.objects.count() == 0
    assert found.said("title") in seen(client, "desk:training")


def test_a_trainer_certifies_and_revokes(desk: Desk):
    agent, trainer, skill = factories.staff("agent"), factories.staff("trainer"), factories.required("draft")
    client = desk(trainer)
    sent = {"user": agent.pk, "skill": skill.pk, "level": 2, "months": 12}
    url = reverse("desk:certificate-grant")
    assert "say how it was proven" in said(client, url, **sent)
    assert f"Certified: {agent.name}" in said(client, url, **sent, source="Zeugnis von 2025")
    made = Certificate.objects.get()
    assert "It counts from the next click on." in said(
        client, reverse("desk:certificate-revoke", args=[made.pk]), reason="Bitte auffrischen."
    )
    assert "Bitte auffrischen." in seen(desk(agent), "desk:training")


def test_an_exam_of_ones_own_goes_on_where_it_was(desk: Desk):
    agent, found = factories.staff("agent"), module()
    read_all(agent, found)
    attempt = learning.begin_exam(by=agent, module=found)
    set_mode(by=factories.staff("operator"), on=False)
    assert "This exam is still running." in seen(desk(factories.staff("trainer")), "desk:exam", attempt.pk)
    assert "open" in seen(desk(agent), "desk:module", found.key)


def test_who_edits_what(desk: Desk):
    names = ("desk:training-modules", "desk:training-roles", "desk:requirements")
    found = {role: [status(desk(factories.staff(role)), name) for name in names] for role in EVERYBODY}
    assert found == {
        "agent": [403, 200, 403],
        "approver": [403, 200, 403],
        "editor": [403, 200, 403],
        "lead": [403, 200, 403],
        "operator": [403, 200, 200],
        "trainer": [200, 200, 403],
    }


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_of_what_is_taught_cost_the_same_whatever_their_length(desk: Desk, django_assert_num_queries, rows: int):
    for _ in range(rows):
        skill = module().skill
        factories.save_requirement(by=None, gate="draft", skill=skill, level=1)
    teacher, operator = desk(factories.staff("trainer")), desk(factories.staff("operator"))
    with django_assert_num_queries(9):
        assert seen(teacher, "desk:training-modules").count('class="row-link"') == rows
    with django_assert_num_queries(11):
        assert seen(operator, "desk:requirements").count('aria-label="No longer require') == rows


def test_a_trainer_writes_a_module_a_lesson_a_question_and_a_task(desk: Desk):
    skill, client = factories.required("draft"), desk(factories.staff("trainer"))
    sent = {"title": "Messen", "about": "Wie.", "skill": skill.pk, "level": 2, "valid_months": 12, "drawn": 1}
    page = said(client, reverse("desk:module-new"), **sent, pass_percent=80, retry_hours=24, active="on")
    assert "Saved: Messen" in page
    made = Module.objects.get(title="Messen")
    assert (made.key, made.channel, made.active) == ("messen", "", True)

    said(client, reverse("desk:lesson-new", args=[made.pk]), position=0, title="Kabel", text="Erst **Kabel**.")
    lesson = made.lessons.get()
    assert "<strong>Kabel</strong>" in seen(client, "desk:lesson", lesson.pk)

    rows = {"choice-TOTAL_FORMS": 2, "choice-INITIAL_FORMS": 0, "choice-0-de": "Kabel", "choice-0-right": "on"}
    url, question = reverse("desk:exam-question-new", args=[made.pk]), {"text": "Womit?", "explanation": "Genauer."}
    assert "at least two choices" in said(client, url, **question, **rows, active="on")
    said(client, url, **question, **rows, **{"choice-1-de": "WLAN"}, active="on")
    assert made.questions.get().choices == [
        {"de": "Kabel", "en": "", "right": True},
        {"de": "WLAN", "en": "", "right": False},
    ]
    page = seen(client, "desk:exam-question", made.pk, made.questions.get().pk)
    assert [page.count(f'value="{words}"') for words in ("Kabel", "WLAN")] == [1, 1]

    rows = {"criterion-TOTAL_FORMS": 1, "criterion-INITIAL_FORMS": 0, "criterion-0-de": "Nennt das Kabel"}
    said(client, reverse("desk:practice-task", args=[made.pk]), channel="x", customer="Ida", post="Langsam!", **rows)
    assert Module.objects.get(pk=made.pk).task.criteria == [{"de": "Nennt das Kabel", "en": ""}]
    assert "Langsam!" in seen(client, "desk:module-edit", made.pk)

    said(client, reverse("desk:lesson-delete", args=[made.pk, lesson.pk]))
    assert made.lessons.count() == 0


def test_a_role_is_described_and_its_curriculum_follows(desk: Desk):
    found, client = module(), desk(factories.staff("trainer"))
    agent = desk(factories.staff("agent"))
    assert "Your roles ask for no module." in seen(agent, "desk:training")
    said(
        client,
        reverse("desk:training-role-edit", args=["agent"]),
        tasks="Antwortet.",
        **{f"skill-{found.skill.key}": "2"},
    )
    assert "Antwortet." in seen(agent, "desk:training-roles")
    assert "Your roles ask for no module." not in seen(agent, "desk:training")
    shown = seen(agent, "desk:training-role", "agent")
    assert [word in shown for word in ("yours", "Antwortet.", found.title_en, "exam, 80 % right")] == [True] * 4
    for name in ("training-role", "training-role-edit"):
        assert client.get(reverse(f"desk:{name}", args=["king"])).status_code == 404


def test_an_operator_requires_and_no_longer_requires(desk: Desk):
    skill, client = factories.required("approve"), desk(factories.staff("operator"))
    page = said(client, reverse("desk:requirements"), gate="draft", channel="x", skill=skill.pk, level=3)
    assert "Required from now on." in page
    made = Requirement.objects.get(gate="draft")
    assert (made.skill, made.channel, made.level) == (skill, "x", 3)
    assert "No longer required." in said(client, reverse("desk:requirement-end", args=[made.pk]))
    assert not Requirement.objects.filter(gate="draft").exists()
