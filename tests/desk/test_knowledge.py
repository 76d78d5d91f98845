"""The editor's pages: the list, one question, a version being written and published."""

import pytest
from django.urls import reverse

from hilft.knowledge.models import Question, Version
from hilft.publishing.models import Correction
from tests import factories
from tests.desk import made

pytestmark = pytest.mark.django_db
TEXTS = {
    "body_de-sie": "Erste Zeile.\r\nZweite Zeile.",
    "short_de-sie": "Kurz, Sie.",
    "body_de-du": "Erste Zeile, du.",
    "short_de-du": "Kurz, du.",
    "body_en-none": "",
    "short_en-none": "",
    "note": "Kürzer",
    "seen": "",
}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(desk, django_assert_num_queries, rows):
    for _ in range(rows):
        factories.question()
    client = desk(factories.staff("editor"))
    with django_assert_num_queries(11):
        page = client.get(reverse("desk:questions")).content.decode()
    assert page.count('class="row-link"') == rows


def test_searching_counts_every_wording_once(desk):
    editor = factories.staff("editor")
    question = factories.question(title="Router blinkt orange?")
    factories.question(title="Rechnung zu hoch?")
    client = desk(editor)
    for text in ("Der Router blinkt", "Router leuchtet orange"):
        client.post(reverse("desk:wordings", args=[question.pk]), {"text": text})
    page = client.get(f"{reverse('desk:questions')}?q=router").content.decode()
    assert page.count('class="row-link"') == 1
    assert "3 wordings" in page
    assert "No question fits" in client.get(f"{reverse('desk:questions')}?q=xyzxyz").content.decode()
    assert "No question fits" in client.get(f"{reverse('desk:questions')}?state=archived").content.decode()


@pytest.mark.parametrize("wordings", [1, 3])
def test_a_question_costs_the_same_however_it_is_asked(desk, django_assert_num_queries, wordings):
    editor = factories.staff("editor")
    question = factories.question(by=editor)
    client = desk(editor)
    for number in range(wordings):
        client.post(reverse("desk:wordings", args=[question.pk]), {"text": f"Wie geht das, Nummer {number}?"})
    client.get(reverse("desk:question", args=[question.pk]))
    with django_assert_num_queries(19):
        client.get(reverse("desk:question", args=[question.pk]))


def test_a_new_question_up_to_its_first_version(desk):
    client = desk(factories.staff("editor"))
    answer = client.post(
        reverse("desk:question-new"), {"title": "Wie kündige ich?", "title_en": "", "topic": "Vertrag"}
    )
    question = Question.objects.get()
    assert answer.url == reverse("desk:question-edit", args=[question.pk])
    answer = client.post(answer.url, TEXTS | {"action": "publish"})
    assert answer.url == reverse("desk:question-publish", args=[question.pk])
    page = client.get(answer.url).content.decode()
    assert "nothing needs correcting" in page
    seen = page.split('name="seen" value="')[1].split('"')[0]
    answer = client.post(answer.url, {"replies": "correct", "seen": seen})
    assert answer.url == reverse("desk:question", args=[question.pk])
    version = Version.objects.get(published_at__isnull=False)
    assert version.texts.get(address="sie").body == "Erste Zeile.\nZweite Zeile."
    assert "Kurz, Sie." in client.get(answer.url).content.decode()


def test_german_in_both_forms_is_needed(desk):
    question = factories.question()
    client = desk(factories.staff("editor"))
    page = client.post(reverse("desk:question-edit", args=[question.pk]), TEXTS | {"body_de-du": " "}).content.decode()
    assert "errorlist" in page
    assert "Zweite Zeile." in page


def test_a_lost_update_keeps_what_was_typed(desk):
    editor = factories.staff("editor")
    question = factories.question(by=editor)
    factories.publish(question, by=editor, hours=72)
    answer = desk(editor).post(reverse("desk:question-edit", args=[question.pk]), TEXTS | {"based_on": "1"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Version 2 was published meanwhile." in page
    assert "Zweite Zeile." in page
    assert 'name="based_on" value="2"' in page


def test_what_a_colleague_is_writing_is_not_overwritten(desk):
    question = factories.question()
    first, second = desk(factories.staff("editor")), desk(factories.staff("editor"))
    url = reverse("desk:question-edit", args=[question.pk])
    first.post(url, TEXTS | {"based_on": "1"})
    answer = second.post(url, TEXTS | {"based_on": "1", "body_de-sie": "Ganz anders."})
    assert answer.status_code == 409
    assert "Somebody else saved this version meanwhile." in answer.content.decode()
    assert Version.objects.get(published_at=None).texts.get(address="sie").body.startswith("Erste")


def test_previews_follow_what_is_typed(desk):
    question = factories.question()
    client = desk(factories.staff("editor"))
    long = "Ein ganzer Satz, der etwas sagt. " * 30
    page = client.post(reverse("desk:question-preview", args=[question.pk]), TEXTS | {"body_de-sie": long})
    text = page.content.decode()
    assert "Kurz, Sie.\nMehr dazu:" in text
    assert "/ 300" in text
    assert "/ 500" in text
    assert "Freundliche Grüße" in text


def test_publishing_lists_what_happens_and_leads_to_the_correction(desk):
    editor, question = factories.staff("editor"), factories.question()
    made.reply(factories.staff("agent"), question)
    client = desk(editor)
    client.post(reverse("desk:question-edit", args=[question.pk]), TEXTS | {"based_on": "1"})
    url = reverse("desk:question-publish", args=[question.pk])
    page = client.get(url).content.decode()
    assert "Correct 1 reply on 1 channel" in page
    assert "1 × edit the post" in page
    seen = page.split('name="seen" value="')[1].split('"')[0]
    page = client.post(url, {"replies": "keep", "reason": "", "seen": seen}).content.decode()
    assert "Say in a few words why no reply needs correcting." in page
    answer = client.post(url, {"replies": "correct", "seen": seen})
    assert answer.url == reverse("desk:correction", args=[Correction.objects.get().pk])


def test_wording_only_corrects_nothing(desk):
    question = factories.question()
    made.reply(factories.staff("agent"), question)
    client = desk(factories.staff("editor"))
    client.post(reverse("desk:question-edit", args=[question.pk]), TEXTS | {"based_on": "1"})
    url = reverse("desk:question-publish", args=[question.pk])
    seen = client.get(url).content.decode().split('name="seen" value="')[1].split('"')[0]
    answer = client.post(url, {"replies": "keep", "reason": "Nur ein Komma.", "seen": seen})
    assert answer.url == reverse("desk:question", args=[question.pk])
    assert Correction.objects.get().reason == "Nur ein Komma."


def test_wordings_come_go_and_come_back(desk):
    question = factories.question()
    client = desk(factories.staff("agent"))
    client.post(reverse("desk:wordings", args=[question.pk]), {"text": "Ruf mich an: 0431 123456"})
    wording = question.wordings.order_by("-pk").first()
    assert wording.text == "Ruf mich an: [Telefon]"
    client.post(reverse("desk:wording-remove", args=[question.pk, wording.pk]))
    assert question.wordings.current().count() == 1
    client.post(reverse("desk:wording-restore", args=[question.pk, wording.pk]))
    assert question.wordings.current().count() == 2
    assert "A wording needs words." in made.said(client, reverse("desk:wordings", args=[question.pk]), text="")


def test_title_and_state(desk):
    question = factories.question()
    client = desk(factories.staff("editor"))
    client.post(
        reverse("desk:question-title", args=[question.pk]), {"title": "Neu?", "title_en": "New?", "topic": "Anderes"}
    )
    client.post(reverse("desk:question-state", args=[question.pk]), {"confidence": "archived", "audience": "internal"})
    question.refresh_from_db()
    assert (question.title, question.answer.confidence, question.answer.audience) == ("Neu?", "archived", "internal")
    assert question.wordings.current().count() == 2


def test_any_two_versions_can_be_compared(desk):
    editor = factories.staff("editor")
    question = factories.question(by=editor)
    for hours in (72, 96):
        factories.publish(question, by=editor, hours=hours)
    url = reverse("desk:question", args=[question.pk])
    client = desk(editor)
    assert "<del>72</del><ins>96</ins>" in client.get(url).content.decode()
    assert "<del>48</del><ins>96</ins>" in client.get(f"{url}?old=1&new=3").content.decode()


@pytest.mark.parametrize(
    ("role", "edits"), [("agent", 403), ("approver", 403), ("editor", 200), ("lead", 200), ("operator", 403)]
)
def test_everybody_reads_and_editors_write(desk, role, edits):
    question = factories.question()
    client = desk(factories.staff(role))
    assert made.status(client, "desk:questions") == 200
    assert made.status(client, "desk:question", question.pk) == 200
    assert made.status(client, "desk:question-edit", question.pk) == edits
    assert made.status(client, "desk:question-new") == edits
    answer = client.post(
        reverse("desk:question-state", args=[question.pk]), {"confidence": "checked", "audience": "public"}
    )
    assert answer.status_code == (303 if edits == 200 else 403)
