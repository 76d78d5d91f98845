"""Rules on the desk: read by everybody, changed by team leads, tried on what was submitted; and one's own record."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from hilft.approvals.models import Approval, Rule
from hilft.audit.models import Entry
from hilft.base.clock import now
from hilft.desk.rules.values import RISK_WORDS
from hilft.publishing.commands import decisions, drafts
from hilft.publishing.models import Draft
from hilft.reading.risk import RISKS
from tests import factories
from tests.desk import made

pytestmark = pytest.mark.django_db


def form(**fields: object) -> dict[str, object]:
    """What the browser sends; conditions as `fact=how:value` in the order given."""
    given = {"label": "Preise nennen", "label_en": "Prices", "tier": 3, "active": "on"}
    conditions = fields.pop("conditions", [])
    sent = given | fields | {"form-TOTAL_FORMS": 6, "form-INITIAL_FORMS": 0}
    for number, (fact, how, value) in enumerate(conditions):  # type: ignore[arg-type,var-annotated]
        sent |= {f"form-{number}-fact": fact, f"form-{number}-how": how, f"form-{number}-value": value}
    return sent


def test_a_new_rule_is_asked_before_the_last_and_decides(desk):
    lead = factories.staff("lead")
    answer = desk(lead).post(reverse("desk:rule-new"), form(tier=0, conditions=[("public", "is", "ja")]))
    assert (answer.status_code, answer.url) == (303, reverse("desk:rules"))
    codes = list(Rule.objects.order_by("position").values_list("code", flat=True))
    assert codes[-2:] == ["preise-nennen", "second-person"]
    assert Rule.objects.get(code="preise-nennen").when == {"public": True}
    assert made.waiting(factories.staff("agent"), "Freier Text.").state == "released"
    assert Entry.objects.filter(verb="approvals.save_rule", actor=lead).count() == 1


def test_conditions_come_back_as_they_were_written(desk):
    rule = Rule.objects.get(code="risky-words")
    client = desk(factories.staff("lead"))
    page = client.get(reverse("desk:rule", args=[rule.pk])).content.decode()
    assert 'value="law, money, health, minors, danger, press"' in page
    sent = form(label=rule.label, conditions=[("risks", "any", "law, money"), ("changed_share", "min", "20")])
    client.post(reverse("desk:rule", args=[rule.pk]), sent)
    rule.refresh_from_db()
    assert rule.when == {"risks": {"any": ["law", "money"]}, "changed_share": {"min": 20}}


@pytest.mark.parametrize(
    "condition",
    [("public", "is", "maybe"), ("public", "min", "1"), ("risks", "is", "law"), ("changed_share", "max", "x")],
)
def test_a_condition_that_makes_no_sense_is_named_and_changes_nothing(desk, condition):
    before = list(Rule.objects.order_by("pk").values())
    page = desk(factories.staff("lead")).post(reverse("desk:rule-new"), form(conditions=[condition]))
    assert page.status_code == 200
    assert "errorlist" in page.content.decode()
    assert list(Rule.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (("purpose", "is", "Eine Antwort"), {"purpose": "reply"}),
        (("asked_risks", "any", "Recht, press , Money"), {"asked_risks": {"any": ["law", "press", "money"]}}),
        (("channel", "any", "community, E-Mail"), {"channel": {"any": ["portal", "email"]}}),
        (("language", "is", "Englisch"), {"language": "en"}),
        (("language", "is", "not recognised"), {"language": "unknown"}),
        (("topic", "is", "Recht"), {"topic": "Recht"}),
    ],
)
def test_words_of_either_language_and_codes_are_understood_and_kept_as_codes(desk, written, kept):
    desk(factories.staff("lead")).post(reverse("desk:rule-new"), form(conditions=[written]))
    assert Rule.objects.get(code="preise-nennen").when == kept


def test_what_there_is_not_is_refused_with_what_there_is(desk):
    sent = form(conditions=[("risks", "any", "Recht, Wetter")])
    page = desk(factories.staff("lead")).post(reverse("desk:rule-new"), sent).content.decode()
    assert "“Wetter” is not one of them. There is: law, money, health, minors, press, danger." in page
    assert not Rule.objects.filter(code="preise-nennen").exists()


@pytest.mark.parametrize(
    ("language", "words", "offered"),
    [
        ("en", ["what it is for: a reply", "the customer speaks of: danger, law, or press"], "money"),
        ("de", ["wofür es ist: eine Antwort", "wer schreibt, spricht von: Gefahr, Recht oder Presse"], "Geld"),
    ],
)
def test_the_list_shows_words_and_the_editor_offers_them(desk, language, words, offered):
    client = desk(factories.staff("lead"))
    page = client.get(reverse("desk:rules"), headers={"accept-language": language}).content.decode()
    assert [word for word in words if word in page] == words
    page = client.get(reverse("desk:rule-new"), headers={"accept-language": language}).content.decode()
    options = page.partition('<datalist id="values-risks">')[2].partition("</datalist>")[0]
    assert f'<option value="{offered}">' in options
    assert 'data-complete="values-" data-complete-by="id_form-0-fact" data-complete-after=","' in page


def test_every_risk_has_its_word():
    assert tuple(RISK_WORDS) == RISKS


def test_the_preview_says_what_would_have_been_held(desk):
    agent = factories.staff("agent")
    for text in ("Eins.", "Zwei.", "Ihr Anwalt irrt."):
        made.waiting(agent, text)
    sent = form(tier=0, conditions=[("public", "is", "yes")]) | {"preview": "1"}
    page = desk(factories.staff("lead")).post(reverse("desk:rule-new"), sent).content.decode()
    assert "1 of 3 texts would have been held; by today's rules it is 3." in page
    assert "This rule would have decided about 2 texts." in page
    assert not Rule.objects.filter(label="Preise nennen").exists()


def test_rules_change_their_order_and_can_go(desk):
    client, rule = desk(factories.staff("lead")), Rule.objects.get(code="machine")
    client.post(reverse("desk:rule-move", args=[rule.pk]), {"up": "1"})
    codes = list(Rule.objects.order_by("position").values_list("code", flat=True))
    assert codes.index("machine") + 1 == codes.index("personal-data")
    client.post(reverse("desk:rule-delete", args=[rule.pk]))
    assert not Rule.objects.filter(code="machine").exists()


def test_nobody_else_changes_a_rule(desk):
    rule = Rule.objects.get(code="machine")
    for role in ("agent", "approver", "editor", "operator"):
        client = desk(factories.staff(role))
        assert client.get(reverse("desk:rules")).status_code == 200
        assert client.post(reverse("desk:rule", args=[rule.pk]), form()).status_code == 403
        assert client.post(reverse("desk:rule-delete", args=[rule.pk])).status_code == 403
    assert Rule.objects.filter(code="machine").exists()


def test_after_twenty_nine_clean_checks_only_a_sample_is_held_and_a_rejection_leads_back(desk):
    agent, approver = factories.staff("agent"), factories.staff("approver")
    for number in range(29):
        draft = made.waiting(agent, f"Antwort {number}.")
        assert draft.state == "waiting"
        decisions.approve(by=approver, draft=draft, digest=made.digest(draft))
    page = desk(agent).get(reverse("desk:own-record")).content.decode()
    assert "30 % of your changed or free texts are looked at first" in page
    assert "30 more checks in a row without a rejection, and it is 15 %." in page

    states = [made.waiting(agent, f"Danach {number}.") for number in range(40)]
    held = [draft for draft in states if draft.state == "waiting"]
    assert 0 < len(held) < 40
    assert all(draft.sampled for draft in states)
    again = drafts.submit(by=agent, draft=drafts.withdraw(by=agent, draft=held[0]), text="Noch einmal.", seen=10**9)
    assert again.state == "waiting", "who takes a text back does not draw anew"

    decisions.reject(by=approver, draft=again, digest=made.digest(again), reason="Das stimmt nicht.")
    assert made.waiting(agent, "Und jetzt?").state == "waiting"
    page = desk(agent).get(reverse("desk:own-record")).content.decode()
    assert "100 % of your changed or free texts are looked at first" in page
    assert "Das stimmt nicht." not in page


def test_the_picture_of_the_sequential_test_is_drawn_in_german_too():
    client = Client(headers={"accept-language": "de"})
    client.force_login(factories.staff("agent"))
    page = client.get(reverse("desk:own-record")).content.decode()
    paths = re.findall(r'<path class="plot-(\w+)" d="([-0-9. MLZh]+)"', page)
    assert [name for name, _path in paths] == ["bad", "good", "here"]
    assert paths[2][1] == "M0.0 240.0h0"
    assert "Gut nennt er nichts vor 31 Prüfungen." in page


def test_a_second_person_edits_and_the_author_agrees(desk):
    agent, approver = factories.staff("agent", name="Mara Köhler"), factories.staff("approver", name="Petra Voss")
    draft = made.waiting(agent, "Das dauert halt.")
    seen = made.digest(draft)
    desk(approver).post(
        reverse("desk:approval-edit", args=[draft.pk]), {"digest": seen, "text": "Das dauert zwei Tage."}
    )
    assert desk(approver).post(
        reverse("desk:approval-approve", args=[draft.pk]), {"digest": made.digest(draft)}
    ).status_code in {400, 403, 409}
    page = desk(agent).get(reverse("desk:approval", args=[draft.pk])).content.decode()
    assert "Petra Voss changed your text. It leaves when you agree." in page
    assert "<del>halt</del><ins>zwei Tage</ins>" in page
    desk(agent).post(reverse("desk:approval-approve", args=[draft.pk]), {"digest": made.digest(draft)})
    made.leave(Draft.objects.get(pk=draft.pk).delivery)
    placement = Draft.objects.get(pk=draft.pk).delivery.placement
    assert (placement.text, placement.author, placement.approver) == ("Das dauert zwei Tage.", approver, agent)
    assert Approval.objects.get(decision="approved").edited


def test_questions_and_replies_stand_beside_the_text(desk):
    agent, approver = factories.staff("agent"), factories.staff("approver")
    draft = made.waiting(agent, "Das dauert.")
    desk(approver).post(reverse("desk:approval-remark", args=[draft.pk]), {"text": "Wie lange denn?"})
    page = desk(agent).get(reverse("desk:approval", args=[draft.pk])).content.decode()
    assert "Wie lange denn?" in page
    assert (
        desk(factories.staff("editor"))
        .post(reverse("desk:approval-remark", args=[draft.pk]), {"text": "Ich auch."})
        .status_code
        == 403
    )
    desk(agent).post(reverse("desk:approval-remark", args=[draft.pk]), {"text": "Zwei Tage."})
    assert "Zwei Tage." in desk(approver).get(reverse("desk:approval", args=[draft.pk])).content.decode()


def test_a_lead_releases_alone_and_somebody_is_told(desk):
    lead, approver = factories.staff("lead"), factories.staff("approver", name="Petra Voss")
    draft = made.waiting(lead, "Wir melden uns um 18 Uhr.")
    page = desk(lead).get(reverse("desk:approval", args=[draft.pk])).content.decode()
    assert "Nobody else can decide in time?" in page
    url = reverse("desk:approval-glass", args=[draft.pk])
    sent = {"digest": made.digest(draft), "reason": "Störung, niemand da.", "told": approver.pk}
    assert desk(factories.staff("agent")).post(url, sent).status_code == 403
    desk(lead).post(url, sent)
    assert Draft.objects.get(pk=draft.pk).state == "released"
    entry = Entry.objects.get(verb="approvals.break_glass")
    assert (entry.actor, entry.data["reason"], entry.data["told"]) == (lead, "Störung, niemand da.", approver.pk)
    assert now() > Draft.objects.get(pk=draft.pk).created_at
