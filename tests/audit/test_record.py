"""The record is append-only, whoever asks; only an entry's details can be erased."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from hilft.audit.commands import erase, look, record
from hilft.audit.models import Entry, Seal
from hilft.audit.verifying import verify
from tests import factories
from tests.audit.conftest import break_in, written

pytestmark = pytest.mark.django_db


def test_an_entry_says_who_did_what_to_what():
    user = factories.staff("lead")
    record(by=user, verb="test.did", subject=user, why="because")
    entry = Entry.objects.get(verb="test.did")
    assert (entry.actor, entry.subject_kind, entry.subject_id, entry.data) == (
        user,
        "people.user",
        user.pk,
        {"why": "because"},
    )


CHANGES = {
    "update": lambda: Entry.objects.update(verb="test.never"),
    "blank and more": lambda: Entry.objects.update(data={}, salt=None, verb="test.never"),
    "blank without its salt": lambda: Entry.objects.update(data={}),
    "delete": lambda: Entry.objects.all().delete(),
    "update a seal": lambda: Seal.objects.update(digest=b"0" * 32),
    "delete a seal": lambda: Seal.objects.all().delete(),
    "truncate": lambda: _run("TRUNCATE audit_entry"),
    "truncate seals": lambda: _run("TRUNCATE audit_seal"),
    "as a replica": lambda: _run("SET LOCAL session_replication_role = replica; DELETE FROM audit_entry"),
}


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL hilft.emptying = off; {sql}")


@pytest.mark.parametrize("change", CHANGES)
def test_nobody_changes_or_removes_an_entry(change: str):
    written(2)
    with pytest.raises(IntegrityError), transaction.atomic():
        CHANGES[change]()
    assert Entry.objects.count() == 2
    assert Seal.objects.count() == 2


def test_erased_details_leave_a_chain_that_holds_and_says_so():
    lead = factories.staff("lead")
    record(by=lead, verb="test.did", subject=lead, name="Jonas Petersen")
    entry = Entry.objects.get()
    erase(by=lead, entry=entry, reason="Art. 17")
    entry.refresh_from_db()
    assert (entry.verb, entry.data, entry.salt) == ("test.did", {}, None)
    said = Entry.objects.get(verb="audit.erase")
    assert (said.actor, said.subject_kind, said.subject_id, said.data) == (
        lead,
        "audit.entry",
        entry.pk,
        {"reason": "Art. 17"},
    )
    written(1)
    report = verify()
    assert (report.ok, report.erased, report.places) == (True, 1, 3)


def test_details_that_went_without_a_word_are_found():
    first, *_others = written(3)
    Entry.objects.filter(pk=first).update(data={}, salt=None)
    (finding,) = verify().findings
    assert (finding.kind, finding.entry) == ("changed", first)


def test_the_same_details_have_different_digests():
    for _ in range(2):
        record(by=None, verb="test.did", subject=None, name="Jonas Petersen")
    written(0)
    assert len({bytes(seal.details) for seal in Seal.objects.all()}) == 2


def test_a_look_is_written_once_an_hour_for_each_person_and_thing():
    lead, agent = factories.staff("lead"), factories.staff("agent")
    with time_machine.travel(factories.AT, tick=False):
        for by in (lead, lead, agent):
            look(by=by, verb="test.looked", subject=agent)
            look(by=by, verb="test.looked", words="Petersen")
        look(by=lead, verb="test.looked", words="Lorenz")
    assert Entry.objects.count() == 5
    with time_machine.travel(factories.AT + timedelta(hours=1), tick=False):
        look(by=lead, verb="test.looked", subject=agent)
    assert Entry.objects.count() == 6


def test_a_look_costs_one_statement(django_assert_num_queries):
    lead = factories.staff("lead")
    with django_assert_num_queries(1):
        look(by=lead, verb="test.looked", subject=lead)


def test_a_guard_that_is_off_is_found():
    written(1)
    break_in("SELECT 1")
    assert verify().ok
    _run("ALTER TABLE audit_entry DISABLE TRIGGER append_only")
    (finding,) = verify().findings
    assert (finding.kind, finding.says) == (
        "unguarded",
        "The trigger append_only of audit_entry is gone or off.",
    )
