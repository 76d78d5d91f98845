"""Whatever a superuser does to the record, verification names it, be it one row or the whole chain computed anew."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hilft.audit.chain import BEGINNING, details_of, digest_of
from hilft.audit.commands import record, resume
from hilft.audit.models import Entry, Seal
from hilft.audit.sealing import fact_of, seal_all
from hilft.audit.verifying import verify
from hilft.audit.witnesses import NAME, last_witness, lost, witness
from hilft.base.clock import now
from tests import factories
from tests.audit.conftest import break_in, written

pytestmark = pytest.mark.django_db


def found() -> list[tuple[str, int | None, int | None]]:
    return [(str(finding.kind), finding.place, finding.entry) for finding in verify().findings]


def forge() -> None:
    """Computes the whole chain anew, as somebody would who knows how it is made."""
    seals, before = list(Seal.objects.order_by("place")), BEGINNING
    rows = []
    for place, seal in enumerate(seals, 1):
        entry = Entry.objects.get(pk=seal.entry)
        details = details_of(entry.data, entry.salt)
        digest = digest_of(before, fact_of(entry), details, seal.at)
        rows.append(Seal(place=place, entry=entry.pk, details=details, before=before, digest=digest, at=seal.at))
        before = digest
    break_in("DELETE FROM audit_seal")
    Seal.objects.bulk_create(rows)


def test_an_intact_record():
    written(5)
    report = verify()
    assert (report.ok, report.places, report.unsealed, report.notes) == (True, 5, 0, [])
    assert report.head == bytes(Seal.objects.get(place=5).digest).hex()


def test_an_empty_record():
    report = verify()
    assert (report.ok, report.places, report.head) == (True, 0, "")


@pytest.mark.parametrize(
    "change",
    [
        "verb = 'test.never'",
        "at = at + interval '1 second'",
        "subject_id = 7",
        "subject_kind = 'people.user'",
        "data = '{\"number\": 99}'",
        "salt = gen_random_uuid()",
    ],
)
def test_a_changed_entry(change: str):
    third = written(5)[2]
    break_in(f"UPDATE audit_entry SET {change} WHERE id = %s", third)
    assert found() == [("changed", 3, third)]


def test_an_entry_in_another_persons_name():
    third = written(5)[2]
    break_in("UPDATE audit_entry SET actor_id = %s WHERE id = %s", factories.staff("lead").pk, third)
    assert found() == [("changed", 3, third)]


def test_a_removed_entry():
    third = written(5)[2]
    break_in("DELETE FROM audit_entry WHERE id = %s", third)
    assert found() == [("removed", 3, third)]


def test_an_entry_removed_with_its_seal():
    third = written(5)[2]
    break_in("DELETE FROM audit_seal WHERE place = 3")
    break_in("DELETE FROM audit_entry WHERE id = %s", third)
    assert found() == [("removed", 3, None)]


def test_an_entry_removed_with_its_seal_and_the_gap_closed():
    _one, _two, third, fourth, _five = written(5)
    break_in("DELETE FROM audit_seal WHERE place = 3")
    break_in("DELETE FROM audit_entry WHERE id = %s", third)
    for place in (4, 5):
        break_in("UPDATE audit_seal SET place = place - 1 WHERE place = %s", place)
    assert found() == [("removed", 3, fourth)]


def test_the_first_entries_removed():
    first, second, *_rest = written(5)
    break_in("DELETE FROM audit_seal WHERE place < 3")
    break_in("DELETE FROM audit_entry WHERE id IN (%s, %s)", first, second)
    assert found() == [("removed", 1, None)]


def test_a_seal_alone_removed():
    third = written(5)[2]
    break_in("DELETE FROM audit_seal WHERE place = 3")
    seal_all(everything=True)
    assert [kind for kind, *_where in found()] == ["removed"]
    assert Seal.objects.get(entry=third).place == 6


def test_two_entries_that_changed_places():
    _first, _second, _third, fourth, fifth = written(5)
    break_in("UPDATE audit_seal SET place = 100 WHERE place = 4")
    break_in("UPDATE audit_seal SET place = 4 WHERE place = 5")
    break_in("UPDATE audit_seal SET place = 5 WHERE place = 100")
    assert found()[0] == ("moved", 4, fifth)
    assert {entry for _kind, _place, entry in found()} <= {fourth, fifth}


def test_an_entry_put_between_others():
    written(5)
    record(by=None, verb="test.forged", subject=None)
    entry = Entry.objects.get(verb="test.forged")
    for place in (5, 4, 3):
        break_in("UPDATE audit_seal SET place = place + 1 WHERE place = %s", place)
    before = bytes(Seal.objects.get(place=2).digest)
    details, at = details_of(entry.data, entry.salt), now()
    digest = digest_of(before, fact_of(entry), details, at)
    Seal.objects.create(place=3, entry=entry.pk, details=details, before=before, digest=digest, at=at)
    assert found() == [("inserted", 3, entry.pk)]


def test_an_entry_put_in_with_an_old_number_and_an_old_time():
    with time_machine.travel(now() - timedelta(hours=3), tick=False):
        third = written(5)[2]
        break_in("DELETE FROM audit_seal")
        break_in("DELETE FROM audit_entry WHERE id = %s", third)
        seal_all()
    assert found() == []
    break_in(
        "INSERT INTO audit_entry (id, at, verb, subject_kind, data) SELECT %s, at, 'test.forged', '', '{}' "
        "FROM audit_entry WHERE id = %s",
        third,
        third - 1,
    )
    seal_all(everything=True)
    assert found() == [("inserted", 5, third)]


def test_what_is_not_sealed_is_told_and_after_a_while_is_a_finding():
    with time_machine.travel(factories.AT, tick=False):
        record(by=None, verb="test.did", subject=None)
        report = verify()
        assert (report.ok, report.unsealed, report.unsealed_since) == (True, 1, factories.AT)
    with time_machine.travel(factories.AT + timedelta(minutes=6), tick=False):
        assert found() == [("unsealed", None, Entry.objects.get().pk)]


def test_a_record_cut_off_at_its_end(folder: Path):
    entries = written(5)
    witness()
    break_in("DELETE FROM audit_seal WHERE place > 3")
    break_in("DELETE FROM audit_entry WHERE id > %s", entries[2])
    assert found() == [("removed", 4, None)]
    written(4)
    assert found() == [("changed", 5, None)]


def test_a_record_computed_anew_from_a_changed_entry_on(folder: Path):
    third = written(5)[2]
    break_in("UPDATE audit_entry SET verb = 'test.never' WHERE id = %s", third)
    forge()
    assert found() == []
    break_in("UPDATE audit_entry SET verb = 'test.did' WHERE id = %s", third)
    forge()
    witness()
    break_in("UPDATE audit_entry SET verb = 'test.never' WHERE id = %s", third)
    forge()
    assert found() == [("changed", 5, None)]


def test_an_emptied_record(folder: Path):
    written(5)
    witness()
    break_in("TRUNCATE audit_entry, audit_seal")
    assert found() == [("removed", 1, None)]


def test_a_restored_backup_is_said_and_then_goes_on(folder: Path):
    entries = written(3)
    witness()
    with time_machine.travel(now() + timedelta(minutes=2), tick=False):
        written(3)
        witness()
        break_in("DELETE FROM audit_seal WHERE place > 3")
        break_in("DELETE FROM audit_entry WHERE id > %s", entries[-1])
        written(4)
        after, gone = lost()
        assert (after, gone) == (3, last_witness())
        assert [kind for kind, *_where in found()] == ["changed"]
        resume(by=None, after=after, lost=gone, reason="Backup of Tuesday")
        seal_all()
        report = verify()
        assert report.findings == []
        assert report.notes == [f"On {now():%Y-%m-%d %H:%M} the record was resumed after place 3: Backup of Tuesday"]
        break_in("UPDATE audit_entry SET verb = 'test.never' WHERE id = %s", entries[0])
        forge()
        assert found() == [("changed", 3, None)]


def test_the_file_of_heads_grows_by_a_line_a_minute_and_survives_a_torn_one(folder: Path):
    written(1)
    with time_machine.travel(factories.AT, tick=False):
        first = witness()
        written(1)
        assert witness() is None
    with (folder / NAME).open("a") as lines:
        lines.write("2026-11-03T10:4")
        lines.write("\n")
    with time_machine.travel(factories.AT + timedelta(minutes=1), tick=False):
        second = witness()
        assert witness() is None
    assert first is not None
    assert second is not None
    assert [first.place, second.place] == [1, 2]
    assert last_witness() == second
    assert verify().witnessed == 2


def test_since_a_day_looks_only_at_what_came_after():
    with time_machine.travel(now() - timedelta(days=2), tick=False):
        first = written(2)[0]
    written(2)
    break_in("UPDATE audit_entry SET verb = 'test.never' WHERE id = %s", first)
    report = verify(now() - timedelta(days=1))
    assert (report.ok, report.places) == (True, 2)
    assert not verify().ok


def test_a_clock_that_jumps_back_breaks_nothing(folder: Path):
    with time_machine.travel(now() + timedelta(days=30), tick=False):
        written(2)
        witness()
    written(2)
    assert witness() is not None
    assert verify().ok


AT_PLACE = "id = (SELECT entry FROM audit_seal WHERE place = %s)"
TAMPERINGS = {
    "change": f"UPDATE audit_entry SET verb = 'test.never' WHERE {AT_PLACE}",
    "blank": f"UPDATE audit_entry SET data = '{{}}', salt = NULL WHERE {AT_PLACE}",
    "delete": f"DELETE FROM audit_entry WHERE {AT_PLACE}",
    "unseal": "DELETE FROM audit_seal WHERE place = %s",
    "mislead": "UPDATE audit_seal SET entry = -place WHERE place = %s",
    "redate": "UPDATE audit_seal SET at = at + interval '1 hour' WHERE place = %s",
    "resign": "UPDATE audit_seal SET digest = sha256(digest) WHERE place = %s",
    "relink": "UPDATE audit_seal SET before = sha256(before) WHERE place = %s",
}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.tuples(st.sampled_from(sorted(TAMPERINGS)), st.integers(1, 8)), min_size=1, max_size=5))
def test_no_sequence_of_tampering_goes_unseen(folder: Path, acts: list[tuple[str, int]]):
    (folder / NAME).unlink(missing_ok=True)
    with transaction.atomic():
        written(8)
        witness()
        for act, place in acts:
            break_in(TAMPERINGS[act], place)
        seal_all(everything=True)
        report = verify()
        assert not report.ok, acts
        assert report.findings[0].place is None or report.findings[0].place <= max(place for _act, place in acts) + 1
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_entry")
        assert cursor.fetchone() == (0,)
