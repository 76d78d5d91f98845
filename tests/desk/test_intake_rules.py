"""Rules for what comes in on the desk: written, tried on what came in, ordered, deleted."""

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hilft.base.clock import now
from hilft.inbox.handling.enums import Do
from hilft.inbox.handling.intake_rules import save_intake_rule
from hilft.inbox.handling.models import IntakeRule
from hilft.inbox.handling.steps import Wanted
from tests import factories
from tests.desk.conftest import Desk

pytestmark = pytest.mark.django_db


def form(*, when: list[tuple[str, str, str]], then: list[dict[str, object]], **fields: object) -> dict[str, object]:
    """What the browser sends."""
    sent: dict[str, object] = {"label": "Rechnungen", "label_en": "Bills", "active": "on"} | fields
    for prefix in ("when", "then"):
        sent |= {f"{prefix}-TOTAL_FORMS": 4, f"{prefix}-INITIAL_FORMS": 0}
    for number, (fact, how, value) in enumerate(when):
        sent |= {f"when-{number}-fact": fact, f"when-{number}-how": how, f"when-{number}-value": value}
    for number, step in enumerate(then):
        sent |= {f"then-{number}-{name}": value for name, value in step.items()}
    return sent


def test_a_rule_is_written_tried_and_kept(desk: Desk):
    lead = factories.staff("lead")
    factories.message(factories.portal_account(), "Die Rechnung stimmt nicht", at=now())
    client = desk(lead)
    sent = form(
        when=[("text", "has", "rechnung, betrag"), ("public", "is", "yes")],
        then=[{"do": "tag", "words": "Rechnung, Geld"}, {"do": "snooze", "hours": 2}],
    )
    page = client.post(reverse("desk:intake-rule-new"), sent | {"preview": "1"}).content.decode()
    assert "Of 1 message of the last 30 days it would have acted on 1." in page
    assert not IntakeRule.objects.exists()
    assert client.post(reverse("desk:intake-rule-new"), sent).status_code == 303
    rule = IntakeRule.objects.get()
    assert rule.when == {"text": {"has": ["rechnung", "betrag"]}, "public": True}
    assert rule.then == [{"do": "tag", "value": ["Rechnung", "Geld"]}, {"do": "snooze", "value": 2}]
    page = client.get(reverse("desk:intake-rule", args=[rule.pk])).content.decode()
    assert 'value="rechnung, betrag"' in page
    assert 'value="Rechnung, Geld"' in page
    client.post(reverse("desk:intake-rule-delete", args=[rule.pk]))
    assert not IntakeRule.objects.exists()


def test_words_of_closed_sets_are_kept_as_codes_and_shown_as_words(desk: Desk):
    lead = factories.staff("lead")
    client = desk(lead)
    sent = form(when=[("network", "any", "Facebook, telefon"), ("risks", "any", "Geld")], then=[{"do": "close"}])
    assert client.post(reverse("desk:intake-rule-new"), sent).status_code == 303
    rule = IntakeRule.objects.get()
    assert rule.when == {"network": {"any": ["facebook", "phone"]}, "risks": {"any": ["money"]}}
    assert "channel: Facebook or Phone" in client.get(reverse("desk:intake-rules")).content.decode()
    page = client.get(reverse("desk:intake-rule", args=[rule.pk])).content.decode()
    assert 'value="Facebook, Phone"' in page
    assert '<datalist id="values-network">' in page


@pytest.mark.parametrize(
    "sent",
    [
        form(when=[("text", "min", "3")], then=[{"do": "close"}]),
        form(when=[], then=[{"do": "close"}]),
        form(when=[("public", "is", "yes")], then=[{"do": "tag"}]),
    ],
)
def test_what_makes_no_sense_is_named_and_changes_nothing(desk: Desk, sent: dict[str, object]):
    page = desk(factories.staff("lead")).post(reverse("desk:intake-rule-new"), sent)
    assert page.status_code == 200
    assert "errorlist" in page.content.decode()
    assert not IntakeRule.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_everybody_reads_the_rules_and_leads_change_them(
    rows: int, desk: Desk, django_assert_num_queries: DjangoAssertNumQueries
):
    lead, when, then = factories.staff("lead"), {"public": True}, [Wanted(Do.TAG, ["A"])]
    for number in range(rows):
        label = f"Regel {number}"
        save_intake_rule(by=lead, rule=None, label=label, label_en="", when=when, then=then, last=False, active=True)
    client = desk(factories.staff("agent"))
    client.get(reverse("desk:intake-rules"))
    with django_assert_num_queries(9):
        page = client.get(reverse("desk:intake-rules")).content.decode()
    assert page.count("Tag with: A") == rows
    rule = IntakeRule.objects.order_by("-pk")[0]
    assert client.post(reverse("desk:intake-rule-move", args=[rule.pk]), {"up": "1"}).status_code == 403
    assert client.get(reverse("desk:intake-rule", args=[rule.pk])).status_code == 403
    desk(lead).post(reverse("desk:intake-rule-move", args=[rule.pk]), {"up": "1"})
    assert IntakeRule.objects.order_by("position")[max(rows - 2, 0)] == rule
