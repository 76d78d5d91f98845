"""Experts: departments of one person, found by topic; whoever is asked inside hilft is told on the desk as well."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hilft.base.clock import now
from hilft.channels.commands import connect_account
from hilft.escalation.commands.handovers import chase, hand_over, left
from hilft.escalation.commands.settings import save_department, save_expert, save_level
from hilft.escalation.enums import Reach
from hilft.escalation.models import Department, Dispatch, HandOver
from hilft.escalation.queries import departments
from hilft.inbox.handling.mentions import mentions_of
from hilft.inbox.models import Conversation
from hilft.people.errors import NotAllowed, Refusal
from hilft.people.hours.commands import add_absence
from hilft.people.models import User
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def expert() -> User:
    connect_account(by=None, kind="email", name="Post", handle="post@x.example", settings={}, secrets={})
    return factories.staff("editor", name="Eva Esim")


def conversation() -> Conversation:
    return factories.message(factories.mastodon_account(), "Meine eSIM geht nicht.").conversation


def handed(department: Department, by: User | None = None) -> HandOver:
    asked = "Ist das Profil noch gültig?"
    return hand_over(by=by or factories.staff("agent"), conversation=conversation(), department=department, asked=asked)


def test_an_expert_is_asked_like_a_department(expert: User):
    lead = factories.staff("lead")
    inside = save_expert(by=lead, topics=["eSIM"], person=expert)
    outside = save_expert(by=lead, topics=["Roaming"], name="Dr. Rot", address="rot@uni.example")
    assert [(one.name, one.reach, one.is_expert) for one in (inside, outside)] == [
        ("Eva Esim", Reach.INSIDE, True),
        ("Dr. Rot", Reach.MAIL, True),
    ]
    for department, to in ((inside, expert.email), (outside, "rot@uni.example")):
        handed(department)
        assert Dispatch.objects.latest("pk").to == to
    save_expert(by=lead, expert=outside, topics=["eSIM"], person=lead)
    outside.refresh_from_db()
    assert (outside.name, outside.reach, outside.levels.get().owner) == (lead.name, Reach.INSIDE, lead)


def test_experts_who_know_the_topic_come_first_and_others_last(expert: User):
    other = save_department(by=None, name="Rechnung", topics=[], reach="inside")
    technical = save_department(by=None, name="Technik", topics=["eSIM"], reach="inside")
    for department in (other, technical):
        save_level(by=None, department=department, name="Team", owner=expert)
    knows = save_expert(by=None, topics=["eSIM"], person=expert)
    another = save_expert(by=None, topics=["Roaming"], name="Dr. Rot", address="rot@uni.example")
    assert departments(topic="esim") == [knows, technical, other, another]


@pytest.mark.parametrize("given", [{"topics": []}, {"name": "Dr. Rot"}, {"address": "rot@uni.example"}])
def test_an_expert_needs_a_topic_a_name_and_a_way(given: dict[str, object], expert: User):
    lead, given = factories.staff("lead"), {"topics": ["eSIM"]} | given
    with pytest.raises(Refusal):
        save_expert(by=lead, **given)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        save_expert(by=factories.staff("agent"), topics=["eSIM"], person=expert)
    assert not Department.objects.exists()


def test_whoever_is_asked_inside_finds_it_on_the_desk_and_is_reminded_there(expert: User):
    agent, other = factories.staff("agent", name="Ana"), factories.staff("agent")
    handover = handed(save_expert(by=None, topics=["eSIM"], person=expert), by=agent)
    (mention,) = mentions_of(expert)
    assert mention.note.text == f"Anfrage {handover.pk} an Eva Esim: Ist das Profil noch gültig?"
    assert (mention.note.author, mention.note.conversation_id) == (agent, handover.conversation_id)
    assert not mentions_of(other)
    Dispatch.objects.update(sent_at=now())
    left(Dispatch.objects.select_related("turn__level", "turn__handover").get())
    with time_machine.travel(now() + timedelta(days=3), tick=False):
        assert chase() == 1
    assert [one.note.text.partition(":")[0] for one in mentions_of(expert)] == [
        f"Erinnerung an Anfrage {handover.pk}",
        f"Anfrage {handover.pk} an Eva Esim",
    ]


def test_a_deputy_is_asked_at_once_for_somebody_who_is_away(expert: User):
    deputy, today = factories.staff("lead"), timezone.localdate(now())
    department = save_expert(by=None, topics=["eSIM"], person=expert, deputy=deputy)
    alone = save_expert(by=None, topics=["SIM"], name="Allein", person=expert)
    add_absence(by=expert, user=expert, first=today, last=today)
    turn = handed(department).turns.get()
    assert (turn.to_deputy, Dispatch.objects.get(turn=turn).to) == (True, deputy.email)
    assert (len(mentions_of(deputy)), len(mentions_of(expert))) == (1, 0)
    assert handed(alone).turns.get().to_deputy is False, "there is nobody else"


def test_the_desk_offers_experts_under_the_topic(expert: User):
    lead, client = factories.staff("lead"), Client(headers={"accept-language": "en"})
    client.force_login(lead)
    data = {"topics": "eSIM, SIM", "person": expert.pk, "acknowledge_minutes": 60, "answer_minutes": 90}
    page = client.post(reverse("desk:expert-new"), data | {"is_active": "on"}, follow=True).content.decode()
    assert ["Saved: Eva Esim" in page, ">expert<" in page] == [True, True]
    found = conversation()
    Conversation.objects.filter(pk=found.pk).update(topic="esim")
    page = client.get(reverse("desk:handover-new", args=[found.pk])).content.decode()
    assert '<optgroup label="Know about “esim”">' in page
    assert "selected>Eva Esim (SIM, eSIM)</option>" in page
    saved = Department.objects.get()
    page = client.get(reverse("desk:expert", args=[saved.pk])).content.decode()
    assert ['value="SIM, eSIM"' in page, 'value="90"' in page] == [True, True]
    assert "Say on what" not in page
    page = client.post(reverse("desk:expert", args=[saved.pk]), data | {"person": ""}).content.decode()
    assert "Name somebody who works in hilft, or somebody else with an address." in page
    plain = save_department(by=None, name="Technik", topics=[], reach="inside")
    assert client.get(reverse("desk:expert", args=[plain.pk])).status_code == 404
