"""Batches of corrections: what happens to each reply, who decides, and how far it is."""

import pytest
from django.urls import reverse

from hilft.approvals.models import Approval
from hilft.base.clock import now
from hilft.publishing.commands import corrections
from hilft.publishing.models import Correction, CorrectionItem, Delivery
from hilft.publishing.tasks import sweep
from tests import factories
from tests.desk import made

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(desk, django_assert_num_queries, rows):
    editor = factories.staff("editor")
    for _ in range(rows):
        made.batch(editor)
    client = desk(editor)
    with django_assert_num_queries(10):
        page = client.get(reverse("desk:corrections")).content.decode()
    assert page.count('class="row-link"') == rows


@pytest.mark.parametrize("replies", [1, 3])
def test_a_batch_costs_the_same_whatever_its_size(desk, django_assert_num_queries, replies):
    editor = factories.staff("editor")
    batch = made.batch(editor, replies=replies)
    client = desk(editor)
    with django_assert_num_queries(13):
        page = client.get(reverse("desk:correction", args=[batch.pk])).content.decode()
    assert page.count("Leave out") == replies


def test_from_plan_to_coverage(desk):
    editor, approver = factories.staff("editor"), factories.staff("approver")
    batch = made.batch(editor, replies=2)
    page = desk(editor).get(reverse("desk:correction", args=[batch.pk])).content.decode()
    assert "<del>48</del><ins>72</ins>" in page
    assert desk(editor).post(reverse("desk:correction-submit", args=[batch.pk])).status_code == 303
    page = desk(approver).get(reverse("desk:correction", args=[batch.pk])).content.decode()
    assert "Release 2 corrections" in page
    digest = corrections.digest_of(Correction.objects.get(pk=batch.pk))
    desk(approver).post(reverse("desk:correction-approve", args=[batch.pk]), {"digest": digest})
    corrections.carry_out(batch.pk)
    for delivery in Delivery.objects.filter(action="edit"):
        made.leave(delivery)
    corrections.finish(batch.pk)
    page = desk(editor).get(reverse("desk:correction", args=[batch.pk])).content.decode()
    assert "2 of 2 replies say what holds." in page
    assert "<del>48</del><ins>72</ins>" in page


def test_the_maker_does_not_decide(desk):
    lead = factories.staff("lead")
    batch = made.batch(lead)
    corrections.submit(by=lead, correction=batch)
    client, url = desk(lead), reverse("desk:correction-approve", args=[batch.pk])
    assert (
        "You have submitted this yourself." in client.get(reverse("desk:correction", args=[batch.pk])).content.decode()
    )
    assert client.post(url, {"digest": corrections.digest_of(batch)}).status_code == 403


def test_a_changed_batch_is_refused(desk):
    editor = factories.staff("editor")
    batch = corrections.submit(by=editor, correction=made.batch(editor))
    digest = corrections.digest_of(batch)
    batch.items.update(text="Etwas anderes.")
    page = made.said(
        desk(factories.staff("approver")), reverse("desk:correction-approve", args=[batch.pk]), digest=digest
    )
    assert "The batch has changed since." in page


def test_leaving_out_changing_and_what_does_not_fit(desk):
    editor = factories.staff("editor")
    batch = made.batch(editor, replies=2)
    first, second = batch.items.order_by("pk")
    client = desk(editor)
    client.post(reverse("desk:correction-item", args=[batch.pk, first.pk]), {"text": ""})
    client.post(
        reverse("desk:correction-item", args=[batch.pk, second.pk]), {"text": "Von Hand.\r\nZwei.", "included": "1"}
    )
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.text) == ("left_out", "planned", "Von Hand.\nZwei.")
    page = made.said(
        client, reverse("desk:correction-item", args=[batch.pk, second.pk]), text="x" * 200_000, included="1"
    )
    assert "The text is too long for this network." in page
    client.post(reverse("desk:correction-item", args=[batch.pk, second.pk]), {"text": ""})
    page = made.said(client, reverse("desk:correction-submit", args=[batch.pk]))
    assert "Every reply is left out." in page


def test_a_change_after_submitting_voids_the_request(desk):
    editor = factories.staff("editor")
    batch = corrections.submit(by=editor, correction=made.batch(editor))
    item = batch.items.get()
    desk(editor).post(reverse("desk:correction-item", args=[batch.pk, item.pk]), {"text": "Anders.", "included": "1"})
    batch.refresh_from_db()
    assert (batch.state, Approval.objects.get(rule="second-person").decision) == ("planned", "void")


def test_dropping_needs_a_reason(desk):
    editor = factories.staff("editor")
    batch = made.batch(editor)
    client, url = desk(editor), reverse("desk:correction-drop", args=[batch.pk])
    assert "Say in a few words" in made.said(client, url, reason="")
    made.said(client, url, reason="Nur ein Komma.")
    batch.refresh_from_db()
    assert (batch.state, batch.reason) == ("dropped", "Nur ein Komma.")


def test_sent_back_with_a_reason(desk):
    editor, approver = factories.staff("editor"), factories.staff("approver")
    batch = corrections.submit(by=editor, correction=made.batch(editor))
    url = reverse("desk:correction-reject", args=[batch.pk])
    made.said(desk(approver), url, digest=corrections.digest_of(batch), reason="Zeile 2 fehlt.")
    page = desk(editor).get(reverse("desk:correction", args=[batch.pk])).content.decode()
    assert "Zeile 2 fehlt." in page


def test_nobody_decided_in_time(desk):
    editor = factories.staff("editor")
    batch = corrections.submit(by=editor, correction=made.batch(editor))
    Approval.objects.filter(decision="waiting").update(expires_at=now())
    sweep(0)
    batch.refresh_from_db()
    assert batch.state == "planned"
    page = desk(editor).get(reverse("desk:correction", args=[batch.pk])).content.decode()
    assert "Submit for approval" in page
    assert batch.reason in page


def test_what_needs_a_person_is_settled(desk):
    editor = factories.staff("editor")
    batch = made.batch(editor)
    Correction.objects.filter(pk=batch.pk).update(state="running")
    CorrectionItem.objects.filter(correction=batch).update(state="person", how="person")
    item = batch.items.get()
    client = desk(factories.staff("agent"))
    assert "I have taken care of it" in client.get(reverse("desk:correction", args=[batch.pk])).content.decode()
    client.post(reverse("desk:correction-settle", args=[batch.pk, item.pk]))
    batch.refresh_from_db()
    assert batch.state == "done"


@pytest.mark.parametrize(
    ("role", "sees", "plans", "decides"),
    [
        ("agent", 200, 403, 403),
        ("approver", 200, 403, 303),
        ("editor", 200, 303, 403),
        ("lead", 200, 303, 303),
        ("operator", 403, 403, 403),
    ],
)
def test_who_sees_plans_and_decides(desk, role, sees, plans, decides):
    editor = factories.staff("editor")
    client = desk(factories.staff(role))
    planned, waiting = made.batch(editor), corrections.submit(by=editor, correction=made.batch(editor))
    assert made.status(client, "desk:corrections") == sees
    assert made.status(client, "desk:correction", planned.pk) == sees
    assert client.post(reverse("desk:correction-submit", args=[planned.pk])).status_code == plans
    digest = corrections.digest_of(waiting)
    answer = client.post(reverse("desk:correction-approve", args=[waiting.pk]), {"digest": digest})
    assert answer.status_code == decides
