"""Deadlines and hand-overs on the desk: what the list and a conversation say, the leads' pages, and their settings."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from hilft.base.clock import now
from hilft.channels.commands import connect_account
from hilft.escalation.commands.clocks import watch
from hilft.escalation.commands.handovers import hand_over
from hilft.escalation.commands.settings import save_department, save_level, save_promise, save_schedule
from hilft.escalation.figures import median
from hilft.escalation.models import Clock, Department, Dispatch, FaultReport, HandOver, Level, Promise, Schedule
from hilft.inbox.models import Conversation
from hilft.people.models import User
from tests import factories
from tests.desk.conftest import Desk

pytestmark = pytest.mark.django_db

WEEK = [[(480, 1200)]] * 5 + [[(540, 960)], []]


def promised(minutes: int = 60) -> Promise:
    return save_promise(by=None, kind="", priority="", what="first", minutes=minutes, schedule=None)


def department(name: str = "Technik", **fields: Any) -> Department:
    if not fields.get("account"):
        mail = connect_account(by=None, kind="email", name="Post", handle="post@x.example", settings={}, secrets={})
        fields["account"] = mail
    made = save_department(by=None, name=name, topics=["Störung"], reach="mail", **fields)
    save_level(by=None, department=made, name="Schicht", address=f"{name.lower()}@technik.example")
    return made


def asked(name: str = "lena", **fields: Any) -> Conversation:
    return factories.message(factories.mastodon_account(), "Kein Internet!", who=name, **fields).conversation


def handed(by: User, name: str = "lena") -> HandOver:
    found = Department.objects.first() or department()
    return hand_over(by=by, conversation=asked(name), department=found, asked="Bitte Leitung prüfen.")


def page(client: Client, name: str, /, *args: Any) -> str:
    return client.get(reverse(f"desk:{name}", args=args)).content.decode()


def post(client: Client, name: str, /, *args: Any, **data: Any) -> str:
    return client.post(reverse(f"desk:{name}", args=args), data, follow=True).content.decode()


def test_the_list_puts_what_is_due_first_and_says_how_soon(desk: Desk):
    long_ago = asked("eins", at=now() - timedelta(hours=3))
    promised(60)
    soon = asked("zwei", at=now() - timedelta(minutes=50))
    late = asked("drei", at=now() - timedelta(minutes=90))
    html = page(desk(factories.staff("agent")), "conversations")
    order = sorted((html.index(f'id="row-{one.pk}"'), one.pk) for one in (long_ago, soon, late))
    assert [pk for _, pk in order] == [late.pk, soon.pk, long_ago.pk]
    assert (html.count("chip-danger"), html.count("was due"), html.count("chip-warn")) == (1, 1, 1)


def test_a_conversation_shows_its_clock_and_its_priority_changes_it(desk: Desk):
    promised(60)
    save_promise(by=None, kind="", priority="urgent", what="first", minutes=15, schedule=None)
    conversation, client = asked(), desk(factories.staff("agent"))
    assert "promised within 1 hour" in page(client, "conversation", conversation.pk)
    assert "promised within 15 minutes" in post(client, "priority", conversation.pk, priority="urgent")
    post(client, "priority", conversation.pk, priority="nonsense")
    assert Clock.objects.get().minutes == 15


def test_a_report_of_a_fault_is_marked_mended_and_taken_back(desk: Desk):
    conversation, client = asked(), desk(factories.staff("agent"))
    html = post(client, "fault", conversation.pk, act="mark")
    assert ("Tell the customer by" in html, "11/04/2026, 24:00" in html) == (True, True)
    assert FaultReport.objects.get().at == factories.AT
    assert "Mended" in post(client, "fault", conversation.pk, act="mend")
    post(client, "fault", conversation.pk, act="unmark")
    post(client, "fault", conversation.pk, act="nonsense")
    assert FaultReport.objects.count() == 0


def test_handing_over_proposes_by_topic_and_shows_what_leaves(desk: Desk):
    department("Rechnung")
    fitting = department("Zentrale")
    Department.objects.filter(name="Rechnung").update(topics=["Vertrag"])
    conversation, agent = asked(), factories.staff("agent")
    Conversation.objects.filter(pk=conversation.pk).update(topic="störung")
    client = desk(agent)
    html = page(client, "handover-new", conversation.pk)
    assert html.index("Zentrale") < html.index("Rechnung")
    assert f'<option value="{fitting.pk}" selected>' in html
    Conversation.objects.filter(pk=conversation.pk).update(topic="")
    assert '<option value="" selected>Choose a department' in page(client, "handover-new", conversation.pk)
    assert ("Kein Internet!" in html, "as they stand, nothing else" in html) == (True, True)
    assert client.post(reverse("desk:handover-new", args=[conversation.pk]), {"asked": ""}).status_code == 422
    html = post(client, "handover-new", conversation.pk, department=fitting.pk, asked="Bitte prüfen.", history="on")
    made = HandOver.objects.get()
    assert (made.department, made.by, made.asked, made.upto is not None) == (fitting, agent, "Bitte prüfen.", True)
    assert "request: on its way" in html
    assert client.get(reverse("desk:handover-new", args=[conversation.pk])).status_code == 200


def test_without_departments_it_says_what_to_do(desk: Desk):
    assert "No department can be asked yet" in page(desk(factories.staff("agent")), "handover-new", asked().pk)
    assert "Nothing lies with a department" in page(desk(factories.staff("agent")), "handovers")


def test_what_people_do_with_a_hand_over(desk: Desk):
    agent = factories.staff("agent")
    handover, client = handed(agent), desk(agent)
    assert "taken on" in post(client, "handover-acknowledge", handover.pk)
    html = post(client, "handover-answer", handover.pk, text="Am Telefon: morgen.")
    assert (f"Technik answered ({agent.name}):" in html or "Technik hat geantwortet" in html, "answered" in html) == (
        True,
        True,
    )
    post(client, "handover-close", handover.pk)
    assert HandOver.objects.get().state == "closed"
    other = handed(agent, "jonas")
    assert page(client, "conversations").count("with Technik") == 1
    assert "Nobody is left to ask there." in post(client, "handover-pass-on", other.pk)
    assert "nobody answers" in page(client, "handovers")
    assert "Technik does not answer" in page(client, "conversations")


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_cost_the_same_whatever_their_length(desk: Desk, django_assert_num_queries: Any, rows: int):
    promised(60)
    lead = factories.staff("lead")
    for number in range(rows):
        handed(lead, f"gast{number}")
    client = desk(lead)
    page(client, "handovers")
    with django_assert_num_queries(14):
        html = page(client, "handovers")
    assert html.count('class="row-link" id="handover-') == rows, "renewed rows give the focus back by id"
    with django_assert_num_queries(14):
        html = page(client, "deadlines")
    assert html.count('class="row-link"') == rows
    page(client, "deadline-settings")
    with django_assert_num_queries(11):
        page(client, "departments")


def test_the_leads_page_counts_and_measures(desk: Desk):
    promised(60)
    lead = factories.staff("lead")
    handover = handed(lead)
    asked("neu", at=now() - timedelta(minutes=5))
    watch()
    at = now()
    handover.turns.update(since=at - timedelta(minutes=90), acknowledged_at=at - timedelta(minutes=60))
    html = page(desk(lead), "deadlines")
    figures = [part.partition("<")[0] for part in html.split('class="tile-figure">')[1:]]
    assert figures == ["2", "1", "1", "1"]
    by_age = [int(part.partition("<")[0]) for part in html.split('<dd class="tabular">')[1:]]
    assert by_age == [1, 0, 0, 1]
    assert ("30 minutes" in html, "not known yet" in html) == (True, True)
    assert desk(factories.staff("agent")).get(reverse("desk:deadlines")).status_code == 403


def test_the_median_counts_what_is_open():
    minute = timedelta(minutes=1)
    assert median([]) == (None, 0, 0)
    assert median([(5 * minute, True)]) == (5 * minute, 1, 0)
    assert median([(1 * minute, True), (2 * minute, False), (3 * minute, False)]) == (None, 3, 2)
    # S(1) = 3/4, censored at 2, S(3) = 3/8: the mean of closed cases would say 2.
    times = [(1 * minute, True), (2 * minute, False), (3 * minute, True), (9 * minute, False)]
    assert median(times) == (3 * minute, 4, 2)


def test_hours_are_written_as_people_write_them(desk: Desk):
    lead = factories.staff("lead")
    client = desk(lead)
    days = {f"day{number}": "8:00–20:00" for number in range(5)} | {"day5": "9-12, 13:30-16", "day6": ""}
    form = {"name": "Service", "region": "SH", "days": "2026-12-24 8:00-12:00\n2026-12-31 geschlossen", "since": ""}
    html = post(client, "schedule-new", **(form | days))
    version = Schedule.objects.get(name="Service").versions.get()
    assert version.week[5] == [[540, 720], [810, 960]]
    assert version.days == {"2026-12-24": [[480, 720]], "2026-12-31": []}
    assert ("9:00–12:00, 13:30–16:00" in html, "Schleswig-Holstein" in html, "2 days differ" in html) == (True,) * 3
    schedule = version.schedule
    html = page(client, "schedule", schedule.pk)
    assert 'value="9:00–12:00, 13:30–16:00"' in html
    for wrong in ({"day0": "acht bis zwölf"}, {"day0": "12:00-8:00"}, {"days": "morgen 8-12"}, {"name": ""}):
        url = reverse("desk:schedule", args=[schedule.pk])
        assert client.post(url, form | days | wrong).status_code == 422
    post(client, "schedule", schedule.pk, **(form | days | {"day6": "10-12", "since": "2027-01-01T00:00"}))
    assert schedule.versions.count() == 2


def test_promises_are_made_and_deleted(desk: Desk):
    schedule = save_schedule(by=None, name="Service", week=WEEK).schedule
    client = desk(factories.staff("lead"))
    form = {"what": "first", "kind": "email", "priority": "", "minutes": 480, "schedule": schedule.pk}
    form |= {"warn": 50, "alarm": 80}
    html = post(client, "deadline-settings", **form)
    assert "8 hours" in html
    assert client.post(reverse("desk:deadline-settings"), form).status_code == 422
    post(client, "promise-delete", Promise.objects.get().pk)
    assert Promise.objects.count() == 0
    assert desk(factories.staff("agent")).get(reverse("desk:deadline-settings")).status_code == 403


def test_departments_and_levels_are_entered(desk: Desk):
    client = desk(factories.staff("lead"))
    assert "No department yet" in page(client, "departments")
    form = {"name": "Rechnungsstelle", "topics": "Rechnung, Vertrag", "reach": "mail", "is_active": "on"}
    post(client, "department-new", **form)
    made = Department.objects.get()
    assert (made.topics, made.is_active) == (["Rechnung", "Vertrag"], True)
    level = {"name": "Team", "address": "rechnung@nord.example", "acknowledge_minutes": 60, "answer_minutes": 480}
    html = post(client, "level-new", made.pk, **level)
    assert "take on within 1 hour, answer within 8 hours" in html
    assert client.post(reverse("desk:level-new", args=[made.pk]), level | {"address": ""}).status_code == 422
    post(client, "level", made.pk, 1, **(level | {"deputy_address": "vertretung@nord.example"}))
    post(client, "level-new", made.pk, **(level | {"name": "Leitung"}))
    post(client, "level-delete", made.pk, 2)
    assert list(Level.objects.values_list("number", "deputy_address")) == [(1, "vertretung@nord.example")]
    assert client.post(reverse("desk:department-new"), form).status_code == 422
    post(client, "department", made.pk, **(form | {"name": "Rechnung", "reach": "inside"}))
    assert Department.objects.get().name == "Rechnung"
    assert "Owner in hilft" in page(client, "level-new", made.pk)


@pytest.mark.parametrize(
    ("form", "language", "words"),
    [
        ("sie", "de", "Wir melden uns hier bei Ihnen"),
        ("du", "de", "Wir melden uns hier bei dir"),
        ("unknown", "en", "Thank you for your patience"),
    ],
)
def test_a_word_in_between_is_proposed_when_the_promise_is_nearly_over(
    desk: Desk, form: str, language: str, words: str
):
    promised(60)
    agent = factories.staff("agent")
    handover = handed(agent)
    Conversation.objects.update(form=form, language=language)
    client = desk(agent)
    with time_machine.travel(factories.AT + timedelta(minutes=40), tick=False):
        assert words not in page(client, "conversation", handover.conversation_id)
    with time_machine.travel(factories.AT + timedelta(minutes=50), tick=False):
        html = page(client, "conversation", handover.conversation_id)
        assert words in html
        assert Dispatch.objects.count() == 1, "nothing is sent by itself"
        post(client, "handover-close", handover.pk)
        assert words not in page(client, "conversation", handover.conversation_id)
