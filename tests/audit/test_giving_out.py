"""The record at the command line: verified with an exit code, given out whole, resumed after a backup."""

import csv
import io
import json
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.management import call_command

from hilft.audit.commands import record
from hilft.audit.giving_out import COLUMNS
from hilft.audit.models import Entry, Seal
from hilft.audit.sealing import seal_all
from hilft.audit.witnesses import witness
from tests import factories
from tests.audit.conftest import break_in, written

pytestmark = pytest.mark.django_db


def said(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_verify_prints_what_it_checked_and_keeps_the_result():
    written(3)
    head = bytes(Seal.objects.get(place=3).digest).hex()
    assert said("audit_verify") == (
        f"Places checked       3\nHead                 {head}\nHeads kept outside   0\nDetails erased       0\n"
        "Not sealed yet       0\nNothing was changed, removed or inserted.\n"
    )
    assert Entry.objects.get(verb="audit.verify").data == {"ok": True, "places": 3, "head": head, "found": ""}


def test_verify_names_the_first_bad_entry_and_its_kind():
    second = written(3)[1]
    break_in("UPDATE audit_entry SET verb = 'test.never' WHERE id = %s", second)
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("audit_verify", stdout=out)
    assert ended.value.code == 1
    assert out.getvalue().splitlines()[-1] == f"CHANGED place 2, entry {second}: It does not say what was sealed."
    assert Entry.objects.get(verb="audit.verify").data["found"] == f"changed {second}"


def test_verify_since_a_day():
    written(1)
    assert said("audit_verify", "--since=2020-01-01").startswith("Places checked       1\n")


def test_an_export_can_be_verified_by_anybody():
    lead = factories.staff("lead", name="Ayşe Öz")
    record(by=lead, verb="test.did", subject=lead, name="Jonas", nested={"b": [1, 2.5, None], "a": "ß"})
    written(2)
    before = "00" * 32
    lines = [json.loads(line) for line in said("audit_export").splitlines()]
    for row in lines[:3]:
        content = json.dumps(row["data"], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        assert sha256(bytes.fromhex(row["salt"]) + content).hexdigest() == row["details"]
        names = ("entry", "at", "actor", "verb", "subject_kind", "subject_id", "details", "sealed_at")
        chained = json.dumps([before, *(row[name] for name in names)], separators=(",", ":")).encode()
        assert row["before"] == before
        assert sha256(chained).hexdigest() == row["digest"]
        before = row["digest"]
    assert [(row["place"], row["name"]) for row in lines] == [(1, "Ayşe Öz"), (2, ""), (3, ""), (None, "")]
    assert lines[3]["verb"] == "audit.export"


def test_a_csv_export_runs_no_formula():
    record(by=factories.staff("lead", name="=HYPERLINK(1)"), verb="test.did", subject=None)
    seal_all()
    header, row, _export = csv.reader(io.StringIO(said("audit_export", "--format=csv")))
    assert tuple(header) == COLUMNS
    assert row[COLUMNS.index("name")] == "'=HYPERLINK(1)"
    assert datetime.fromisoformat(row[COLUMNS.index("at")]) == Entry.objects.get(verb="test.did").at


def test_resuming_after_a_backup(folder: Path):
    entries = written(3)
    witness()
    break_in("DELETE FROM audit_seal WHERE place > 2")
    break_in("DELETE FROM audit_entry WHERE id > %s", entries[1])
    assert said("audit_resume", "--reason=Backup") == (
        "The record goes on. That it had reached place 3 and agrees up to 0 is in it.\n"
    )
    assert Entry.objects.get(verb="audit.resume").data["lost"] == 3


def test_there_is_nothing_to_resume_where_nothing_is_lost(folder: Path):
    written(3)
    witness()
    with pytest.raises(SystemExit) as ended:
        call_command("audit_resume", "--reason=Backup", stderr=io.StringIO())
    assert ended.value.code == 2
    assert not Entry.objects.filter(verb="audit.resume").exists()
