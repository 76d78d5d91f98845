"""Who works when, on the desk: the leads' page, everybody's own hours, and what a deactivation ends."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from hilft.inbox.commands import assign
from hilft.people.hours.commands import add_absence, set_hours
from hilft.people.hours.models import Absence, WorkingHours
from hilft.people.models import Availability, Skill, Team
from tests import factories
from tests.desk.conftest import Desk
from tests.desk.made import ROLES, asked, said, status

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 25, 12, tzinfo=ZoneInfo("Europe/Berlin"))
OFFICE = [[(540, 1020)]] * 5 + [[], []]
NIGHTS = [[(1320, 1800)]] * 5 + [[], []]


def seen(client: Client, name: str, *args: object) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def test_who_enters(desk: Desk):
    other = factories.staff("agent")
    found = {}
    for role in (*ROLES, "trainer"):
        user = factories.staff(role)
        client = desk(user)
        pages = [("desk:people",), ("desk:person", user.pk), ("desk:person", other.pk), ("desk:staff-data",)]
        found[role] = [status(client, *page) for page in pages]
    assert found == {
        "agent": [403, 200, 403, 200],
        "approver": [403, 200, 403, 200],
        "editor": [403, 200, 403, 200],
        "lead": [200, 200, 200, 200],
        "operator": [200, 200, 403, 200],
        "trainer": [403, 200, 403, 200],
    }


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_however_many(desk: Desk, django_assert_num_queries, rows: int):
    lead = factories.staff("lead")
    for _ in range(rows):
        user = factories.staff("agent")
        set_hours(by=user, user=user, week=OFFICE)
    client = desk(lead)
    with django_assert_num_queries(13):
        page = seen(client, "desk:people")
    assert page.count('class="row-link"') == rows + 1


@time_machine.travel(NOON, tick=False)
def test_a_lead_sees_who_works_now_and_who_is_away_until_when(desk: Desk):
    lead, deputy = factories.staff("lead", name="Lea Lange"), factories.staff("agent", name="Dag Deputy")
    day, night, away = (factories.staff("agent", name=name) for name in ("Tom Tag", "Nora Nacht", "Uwe Urlaub"))
    set_hours(by=lead, user=day, week=OFFICE)
    set_hours(by=lead, user=night, week=NIGHTS)
    add_absence(by=lead, user=away, first=date(2026, 11, 24), last=date(2026, 12, 4), deputy=deputy)
    page = seen(desk(lead), "desk:people")
    here, off, gone = (page.split(f'id="{name}-title"')[1].split("</section>")[0] for name in ("here", "off", "away"))
    assert ["Tom Tag" in here, "Dag Deputy" in here, "no hours entered" in here, "until Wed 17:00" in here] == [
        True
    ] * 4
    assert ["Nora Nacht" in off, "again on Wed, 25. Nov" in off] == [True] * 2
    assert ["Uwe Urlaub" in gone, "until 12/04/2026" in gone, "deputy: Dag Deputy" in gone] == [True] * 3


@time_machine.travel(NOON, tick=False)
def test_hours_are_typed_and_shown_as_people_write_them(desk: Desk):
    agent = factories.staff("agent")
    client, url = desk(agent), reverse("desk:person", args=[agent.pk])
    data = {
        "day0": "22:00-6",
        "day1": "8–12, 13–17:30",
        "region": "BE",
        "days": "2026-12-24 8:00–12:00\n2026-12-31 closed",
    }
    assert "Saved." in said(client, url, **data)
    kept = WorkingHours.objects.get(user=agent)
    assert kept.week == [[[1320, 1800]], [[480, 720], [780, 1050]], [], [], [], [], []]
    assert kept.days == {"2026-12-24": [[480, 720]], "2026-12-31": []}
    page = client.get(url).content.decode()
    shown = ["22:00–6:00", "8:00–12:00, 13:00–17:30", "2026-12-31 closed", 'value="BE" selected']
    assert [words in page for words in shown] == [True] * 4
    assert "Write times like this" in client.post(url, {"day0": "morgens"}).content.decode()
    assert "shifts follow one another" in client.post(url, {"day0": "8–12, 11–13"}).content.decode()
    assert "Saved." in said(client, url, day0="")
    assert not WorkingHours.objects.exists()


@time_machine.travel(NOON, tick=False)
def test_an_absence_is_entered_and_taken_out_without_a_reason(desk: Desk):
    agent, deputy = factories.staff("agent"), factories.staff("agent", name="Dag Deputy")
    client, url = desk(agent), reverse("desk:absence-new", args=[agent.pk])
    given = {"first": "2026-12-01", "last": "2026-12-04", "deputy": deputy.pk}
    assert "The last day comes before the first." in client.post(url, given | {"last": "2026-11-30"}).content.decode()
    page = said(client, url, **given)
    assert ["Dag Deputy</span>" in page, "12/01/2026 – 12/04/2026" in page] == [True, True]
    absence = Absence.objects.get()
    assert status(desk(deputy), "desk:person", agent.pk) == 403
    assert desk(deputy).post(reverse("desk:absence-end", args=[absence.pk])).status_code == 403
    assert "No absence is entered." in said(
        desk(factories.staff("lead")), reverse("desk:absence-end", args=[absence.pk])
    )


@time_machine.travel(NOON, tick=False)
def test_giving_something_to_somebody_who_is_away_says_until_when_and_who_stands_in(desk: Desk):
    agent, deputy = factories.staff("agent", name="Uwe Urlaub"), factories.staff("agent", name="Dag Deputy")
    add_absence(by=agent, user=agent, first=date(2026, 11, 25), last=date(2026, 12, 4), deputy=deputy)
    conversation = asked().conversation
    page = said(desk(deputy), reverse("desk:assign", args=[conversation.pk]), to=agent.pk)
    assert "Uwe Urlaub is away until 12/04/2026. Dag Deputy stands in." in page


def test_an_operator_gives_teams_and_languages_and_ends_everything_at_once(desk: Desk):
    agent, operator = factories.staff("agent"), factories.staff("operator")
    conversation = asked().conversation
    assign(by=agent, conversation=conversation, to=agent)
    client, signed_in, elsewhere = desk(operator), desk(agent), desk(agent)
    url = reverse("desk:staff-edit", args=[agent.pk])
    data = {"name": agent.name, "email": agent.email, "roles": ["agent"], "active": "on"}
    said(client, url, **data, team="Frühschicht", languages=["en"])
    team = Team.objects.get(name="Frühschicht")
    assert (list(agent.teams.all()), Availability.objects.get(user=agent).languages) == ([team], ["en"])
    assert "Frühschicht" in seen(client, "desk:staff")
    assert "<span>Frühschicht</span>" in client.get(url).content.decode()
    assert status(signed_in, "desk:conversations") == 200

    del data["active"]
    said(client, url, **data, teams=[team.pk], languages=["en"])
    assert [status(one, "desk:conversations") for one in (signed_in, elsewhere)] == [302, 302]
    assert Session.objects.count() == 1, "the operator's own"
    conversation.refresh_from_db()
    assert conversation.assignee is None
    said(client, url, **data, active="on")
    assert status(signed_in, "desk:conversations") == 302, "no session comes to life again"


def test_skills_are_added_renamed_and_retired(desk: Desk):
    lead, url = factories.staff("lead"), reverse("desk:skills")
    client = desk(lead)
    assert "Added: Krisen" in said(client, url, name="Krisen", name_en="Crises")
    assert "There is a skill of this name already." in client.post(url, {"name": "krisen"}).content.decode()
    skill = Skill.objects.get().pk
    assert "Saved: Krisenarbeit" in said(client, reverse("desk:skill", args=[skill]), name="Krisenarbeit")
    retire = reverse("desk:skill-retire", args=[skill])
    described = reverse("desk:training-role-edit", args=["agent"])
    said(client, described, tasks="Antwortet.", **{"skill-krisen": "2"})
    assert "Krisenarbeit" in seen(client, "desk:training-role", "agent")
    assert "is retired." in said(client, retire, retired="yes")
    assert "Krisenarbeit" not in seen(client, "desk:training-role", "agent")
    assert "skill-krisen" not in seen(client, "desk:training-role-edit", "agent")
    said(client, described, tasks="Antwortet.")
    said(client, retire, retired="no")
    assert "Krisenarbeit" in seen(client, "desk:training-role", "agent"), "what it needs comes back with it"
    needed = reverse("desk:skill-retire", args=[factories.required("draft").pk])
    assert "It is required for something." in said(client, needed, retired="yes")
    roles = ("agent", "editor", "operator", "trainer")
    assert [status(desk(factories.staff(role)), "desk:skills") for role in roles] == [403, 403, 200, 200]
