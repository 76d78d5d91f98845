"""The second pair of eyes: the queue, one text beside its source, and the decision."""

import re

import pytest
from django.urls import reverse

from hilft.approvals.models import Approval
from hilft.base.clock import now
from hilft.inbox.models import Conversation
from hilft.knowledge.models import Answer
from hilft.publishing.commands import corrections, group_replies
from hilft.publishing.models import Draft
from tests import factories
from tests.desk import made

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queue_costs_the_same_whatever_its_length(desk, django_assert_num_queries, rows):
    agent, editor = factories.staff("agent"), factories.staff("editor")
    for _ in range(rows):
        made.waiting(agent)
    corrections.submit(by=editor, correction=made.batch(editor))
    client = desk(factories.staff("approver"))
    with django_assert_num_queries(13):
        page = client.get(reverse("desk:approvals")).content.decode()
    assert page.count('class="row-link"') == rows + 1


def test_every_row_keeps_its_name_so_that_a_renewed_list_gives_the_focus_back(desk):
    agent, editor, question = factories.staff("agent"), factories.staff("editor"), factories.question()
    draft = made.waiting(agent)
    batch = made.batch(editor)
    corrections.submit(by=editor, correction=batch)
    Answer.objects.filter(question=question).update(confidence="draft")
    question.refresh_from_db()
    asked = [made.asked().conversation for _ in range(2)]
    Conversation.objects.filter(pk__in=[one.pk for one in asked]).update(question=question)
    group = group_replies.answer(by=agent, question=question, conversations=[one.pk for one in asked])
    client = desk(factories.staff("approver"))
    names = [
        sorted(re.findall(r'class="row-link" id="([^"]+)"', client.get(reverse("desk:approvals")).content.decode()))
        for _ in range(2)
    ]
    assert names == [[f"correction-{batch.pk}", f"draft-{draft.pk}", f"group-{group.pk}"]] * 2


def test_the_text_stands_beside_what_it_was_made_from(desk):
    agent = factories.staff("agent", name="Mara Köhler")
    draft = made.waiting(agent, "Viel Erfolg!", question=factories.question())
    page = desk(factories.staff("approver")).get(reverse("desk:approval", args=[draft.pk])).content.decode()
    assert "<ins> Viel Erfolg!</ins>" in page
    assert "Changed or free text: by its author" in page
    assert "Router blinkt orange, was tun?" in page
    assert "Mara Köhler" in page
    assert made.digest(draft) in page


def test_it_names_the_words_for_which_a_text_was_held(desk):
    agent = factories.staff("agent")
    draft = made.waiting(agent, "Die 20 Euro schreiben wir Ihnen gut.", question=factories.question())
    draft.conversation.messages.update(text="Sonst gehe ich zum Anwalt, oder zur Verbraucherzentrale.")
    page = desk(factories.staff("approver")).get(reverse("desk:approval", args=[draft.pk])).content.decode()
    found = re.findall(r"<dt>([^<]+speaks of)</dt><dd>(\w+)<br><span[^>]*>([^<]+)</span>", page)
    assert found == [
        ("The text speaks of", "money", "schreiben wir Ihnen gut"),
        ("The customer speaks of", "law", "Anwalt · Verbraucherzentrale"),
    ]


def test_releasing_opens_the_next_one(desk):
    agent, approver = factories.staff("agent"), factories.staff("approver")
    first, second = made.waiting(agent), made.waiting(agent)
    client = desk(approver)
    answer = client.post(reverse("desk:approval-approve", args=[first.pk]), {"digest": made.digest(first)})
    assert (answer.status_code, answer.url) == (303, reverse("desk:approval", args=[second.pk]))
    first.refresh_from_db()
    assert first.state == "released"
    answer = client.post(reverse("desk:approval-approve", args=[second.pk]), {"digest": made.digest(second)})
    assert answer.url == reverse("desk:approvals")
    assert Approval.objects.filter(decision="approved", checker=approver).count() == 2


def test_a_changed_text_is_refused(desk):
    draft = made.waiting(factories.staff("agent"))
    seen = made.digest(draft)
    Draft.objects.filter(pk=draft.pk).update(text="Etwas anderes.")
    url = reverse("desk:approval-approve", args=[draft.pk])
    assert "The text has changed since." in made.said(desk(factories.staff("approver")), url, digest=seen)
    draft.refresh_from_db()
    assert draft.state == "waiting"


def test_sending_back_needs_a_reason(desk):
    draft = made.waiting(factories.staff("agent"))
    client, url = desk(factories.staff("approver")), reverse("desk:approval-reject", args=[draft.pk])
    assert "A rejection needs a reason" in made.said(client, url, digest=made.digest(draft), reason=" ")
    made.said(client, url, digest=made.digest(draft), reason="Bitte den Termin nennen.")
    draft.refresh_from_db()
    assert (draft.state, draft.stopped) == ("editing", "Bitte den Termin nennen.")


def test_own_texts_are_shown_but_not_decidable(desk):
    both = factories.staff("agent", "approver")
    draft = made.waiting(both)
    client = desk(both)
    page = client.get(reverse("desk:approval", args=[draft.pk])).content.decode()
    assert "You have written this yourself." in page
    assert reverse("desk:approval-approve", args=[draft.pk]) not in page
    answer = client.post(reverse("desk:approval-approve", args=[draft.pk]), {"digest": made.digest(draft)})
    assert answer.status_code == 403


def test_what_was_decided_meanwhile_leads_back(desk):
    draft = made.waiting(factories.staff("agent"))
    Draft.objects.filter(pk=draft.pk).update(state="editing")
    Approval.objects.update(decision="void", decided_at=now())
    client = desk(factories.staff("approver"))
    assert client.get(reverse("desk:approval", args=[draft.pk])).url == reverse("desk:approvals")
    fragment = client.get(reverse("desk:approval", args=[draft.pk]), headers={"HX-Request": "true"})
    assert "Decided already, or taken back" in fragment.content.decode()


@pytest.mark.parametrize(
    ("role", "decides"), [("agent", 403), ("approver", 303), ("editor", 403), ("lead", 303), ("operator", 403)]
)
def test_everybody_sees_the_queue_and_few_decide(desk, role, decides):
    draft = made.waiting(factories.staff("agent"))
    client = desk(factories.staff(role))
    assert made.status(client, "desk:approvals") == 200
    assert made.status(client, "desk:approval", draft.pk) == 200
    answer = client.post(reverse("desk:approval-approve", args=[draft.pk]), {"digest": made.digest(draft)})
    assert answer.status_code == decides


def test_nothing_waits(desk):
    assert (
        "Nothing waits for a second pair of eyes"
        in desk(factories.staff("lead")).get(reverse("desk:approvals")).content.decode()
    )


def test_strangers_sign_in_first(client):
    assert client.get(reverse("desk:approvals")).status_code == 302
