"""What plans draw: each reply at most once, by lot, of people's texts, and never from before they were switched on."""

import pytest
from django.db import IntegrityError

from hilft.approvals.models import Rule
from hilft.audit.models import Entry
from hilft.base.clock import now
from hilft.people.errors import NotAllowed, Refusal
from hilft.publishing.commands import decisions, drafts
from hilft.publishing.models import Draft, Placement
from hilft.quality.commands.drawing import draw
from hilft.quality.commands.planning import save_plan, save_scorecard
from hilft.quality.models import Plan, Sample, Scorecard
from hilft.quality.queries import every_plan, newest_card
from hilft.quality.rules import lot
from tests import factories
from tests.desk import made
from tests.quality.made import drawn, plan

pytestmark = pytest.mark.django_db
CRITERION = {"name": "Ton", "name_en": "Tone", "about": "", "about_en": "", "weight": 2, "critical": False}


def test_a_reply_is_drawn_once_whatever_plans_it_falls_under():
    before = made.reply(factories.staff("agent"), factories.question())
    first, _second = plan(), plan()
    reply = made.reply(factories.staff("agent"), factories.question())
    assert [draw(), draw()] == [1, 0]
    sample = Sample.objects.get()
    assert (sample.placement, sample.plan, sample.author) == (reply, first, reply.author)
    assert (sample.lot, sample.twice) == (lot(first.seed, "drawn", reply.pk), False)
    assert sample.scorecard == newest_card("antwort")
    assert before.published_at < first.since
    entry = Entry.objects.get(verb="quality.draw")
    assert (entry.subject_id, entry.data) == (first.pk, {"drawn": 1})


def test_a_share_is_drawn_by_lot_and_a_paused_plan_draws_nothing():
    some, paused = plan(percent=40), plan(active=False)
    for _reply in range(4):
        made.reply(factories.staff("agent"), factories.question())
    draw()
    below = {pk for pk in Placement.objects.values_list("pk", flat=True) if lot(some.seed, "drawn", pk) < 0.4}
    assert set(Sample.objects.values_list("placement", flat=True)) == below
    assert not paused.samples.exists()


def test_new_authors_marked_replies_and_tiers():
    reply = made.reply(factories.staff("agent"), factories.question())
    plans = [plan(whose="new"), plan(whose="marked"), plan(tiers=[0]), plan(channel="email")]
    Plan.objects.update(since=reply.published_at)
    facts = Draft.objects.get(delivery__placement=reply).facts
    tier = Rule.objects.get(code=reply.rule).tier
    found = []
    for one in plans:
        Plan.objects.update(active=False)
        Plan.objects.filter(pk=one.pk).update(active=True)
        Draft.objects.update(sampled=True)
        found.append(draw())
        Sample.objects.all().delete()
    assert found == [int(facts["author_share"] == 1), 1, int(tier == 0), 0]


def test_who_had_a_hand_in_the_text_is_known():
    plan()
    agent, approver, other, asks = (factories.staff(role) for role in ("agent", "approver", "approver", "lead"))
    draft = made.waiting(agent)
    decisions.reject(by=other, draft=draft, digest=made.digest(draft), reason="Bitte mit Datum.")
    draft = drafts.submit(by=agent, draft=draft, text="Wir melden uns.", seen=draft.seen)
    decisions.remark(by=asks, draft=draft, text="Bis wann?")
    decisions.edit(by=approver, draft=draft, digest=made.digest(draft), text="Wir melden uns bis morgen um zehn.")
    made.leave(decisions.approve(by=agent, draft=draft, digest=made.digest(draft)))
    draw()
    sample = Sample.objects.get()
    assert (sample.author, sample.hands) == (approver, sorted([agent.pk, approver.pk, other.pk, asks.pk]))


def test_what_was_drawn_stays_as_it_was_drawn():
    sample = drawn()
    with pytest.raises(IntegrityError, match="stays as it was drawn"):
        Sample.objects.filter(pk=sample.pk).update(hands=[])


def test_a_scorecard_gets_another_version_and_never_changes():
    lead, sample = factories.staff("lead"), drawn()
    fields = {"key": "antwort", "title": "Antworten", "title_en": "Replies", "enough": 70}
    made_of = save_scorecard(by=lead, criteria=[CRITERION, CRITERION | {"name": " "}], **fields)
    assert (made_of.number, [one.key for one in made_of.parts]) == (2, ["tone"])
    assert newest_card("antwort") == made_of
    assert drawn().scorecard == made_of
    sample.refresh_from_db()
    assert sample.scorecard.number == 1
    with pytest.raises(IntegrityError, match="written once"):
        Scorecard.objects.filter(number=1).update(enough=1)


@pytest.mark.parametrize(
    "criteria", [[], [CRITERION, CRITERION], [CRITERION | {"weight": 11}], [CRITERION | {"weight": 0}]]
)
def test_what_is_no_scorecard(criteria: list[dict[str, object]]):
    with pytest.raises(Refusal):
        save_scorecard(by=factories.staff("lead"), key="antwort", title="A", title_en="", enough=80, criteria=criteria)
    assert Scorecard.objects.count() == 1


def test_plans_are_the_leads_and_begin_when_they_are_switched_on():
    found, lead = plan(active=False), factories.staff("lead")
    fields = {name: getattr(found, name) for name in ("name", "card", "whose", "channel", "tiers", "percent")}
    fields |= {"twice_percent": 0, "dispute_days": 7, "active": True}
    with pytest.raises(NotAllowed):
        save_plan(by=factories.staff("trainer"), plan=found, **fields)
    with pytest.raises(Refusal):
        save_plan(by=lead, plan=found, **(fields | {"card": "nicht-da"}))
    before, seed = now(), found.seed
    saved = save_plan(by=lead, plan=found, **fields)
    assert (saved.since > before, saved.seed) == (True, seed)
    since = saved.since
    assert save_plan(by=lead, plan=saved, **fields).since == since
    assert [(one.drawn, one.waiting) for one in every_plan()] == [(0, 0)]
    assert Entry.objects.filter(verb="quality.save_plan", actor=lead).count() == 2
