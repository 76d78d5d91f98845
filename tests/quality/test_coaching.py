"""Coaching notes are for the person and the coach who wrote them: nobody else reads them, the record least of all."""

import json

import pytest
from django.db import IntegrityError

from hilft.audit.models import Entry
from hilft.people.errors import NotAllowed, Refusal
from hilft.quality.commands.coaching import answer_note, name_coach, write_note
from hilft.quality.models import Coach
from hilft.quality.queries import coach_of, coached_by, notes_by, notes_to
from tests import factories

pytestmark = pytest.mark.django_db
SECRET = "Du klingst müde, nimm dir Zeit."
REPLY = "Danke, das hilft mir."


def test_a_note_and_its_answer():
    agent, coach, lead = factories.staff("agent"), factories.staff("trainer"), factories.staff("lead")
    name_coach(by=lead, user=agent, coach=coach)
    note = write_note(by=coach, user=agent, text=SECRET)
    assert (list(notes_to(agent)), list(notes_by(coach, agent)), coach_of(agent)) == ([note], [note], coach)
    for by in (coach, lead):
        with pytest.raises(NotAllowed):
            answer_note(by=by, note=note, answer="x")
    answered = answer_note(by=agent, note=note, answer=REPLY)
    assert answered.answer == REPLY
    with pytest.raises(Refusal):
        answer_note(by=agent, note=note)
    told = Entry.objects.filter(verb__startswith="quality.").order_by("pk")
    assert [(entry.verb, entry.actor) for entry in told] == [
        ("quality.name_coach", lead),
        ("quality.write_note", coach),
        ("quality.answer_note", agent),
    ]
    said = json.dumps(list(Entry.objects.values_list("data", flat=True)))
    assert [words in said for words in (SECRET, REPLY)] == [False, False]


def test_a_new_coach_reads_nothing_of_the_former_ones_and_these_nothing_any_more():
    agent, first, second = factories.staff("agent"), factories.staff("trainer"), factories.staff("agent")
    lead = factories.staff("lead")
    name_coach(by=lead, user=agent, coach=first)
    note = write_note(by=first, user=agent, text=SECRET)
    name_coach(by=lead, user=agent, coach=second)
    assert [list(notes_by(who, agent)) for who in (first, second, lead)] == [[], [], []]
    assert (list(notes_to(agent)), [one.user for one in coached_by(second)]) == ([note], [agent])
    with pytest.raises(NotAllowed):
        write_note(by=first, user=agent, text="Noch etwas.")
    name_coach(by=lead, user=agent, coach=None)
    assert (coach_of(agent), list(notes_to(agent))) == (None, [note])


def test_only_leads_name_a_coach_and_nobody_coaches_themselves():
    agent, lead = factories.staff("agent"), factories.staff("lead")
    for role in ("agent", "trainer", "operator"):
        with pytest.raises(NotAllowed):
            name_coach(by=factories.staff(role), user=agent, coach=lead)
    with pytest.raises(Refusal):
        name_coach(by=lead, user=agent, coach=agent)
    name_coach(by=lead, user=agent, coach=lead)
    with pytest.raises(IntegrityError, match="coach_is_another"):
        Coach.objects.update(coach=agent)


def test_an_empty_note_is_none_and_strangers_write_none():
    agent, coach = factories.staff("agent"), factories.staff("trainer")
    with pytest.raises(NotAllowed):
        write_note(by=coach, user=agent, text=SECRET)
    name_coach(by=factories.staff("lead"), user=agent, coach=coach)
    with pytest.raises(Refusal):
        write_note(by=coach, user=agent, text="  ")
