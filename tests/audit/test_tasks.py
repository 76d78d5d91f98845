"""The jobs of the record: sealing, the nightly verification, and the mail to somebody who is not the operator."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from hilft.audit.commands import record
from hilft.audit.models import Entry, Seal
from hilft.audit.tasks import seal_everything, seal_new, verify_all
from hilft.audit.witnesses import last_witness
from tests.audit.conftest import break_in, written

pytestmark = pytest.mark.django_db


def mails() -> list[dict[str, Any]]:
    return list(ProcrastinateJob.objects.filter(task_name="channels.mail").values_list("args", flat=True))


def test_sealing_keeps_the_head_outside(folder: Path):
    record(by=None, verb="test.did", subject=None)
    seal_new(0)
    seen = last_witness()
    assert seen is not None
    assert (seen.place, seen.digest) == (1, bytes(Seal.objects.get().digest).hex())


def test_the_hourly_pass_finds_what_lies_far_back():
    written(1)
    record(by=None, verb="test.did", subject=None)
    old = Entry.objects.order_by("-pk")[0].pk
    break_in("UPDATE audit_seal SET entry = entry + 20000")
    seal_new(0)
    assert not Seal.objects.filter(entry=old).exists()
    seal_everything(0)
    assert Seal.objects.filter(entry=old).exists()


def test_every_night_the_result_stands_in_the_record_and_nobody_gets_a_mail(folder: Path):
    written(2)
    verify_all(0)
    said = Entry.objects.get(verb="audit.verify")
    assert (said.actor, said.data["ok"], said.data["places"]) == (None, True, 2)
    assert Seal.objects.filter(entry=said.pk).exists()
    assert mails() == []


@pytest.mark.parametrize("damaged", [False, True])
def test_whoever_is_named_gets_the_head_and_the_result(
    folder: Path, settings: Any, caplog: pytest.LogCaptureFixture, damaged: bool
):
    settings.HILFT = replace(settings.HILFT, audit_witness="datenschutz@nordnetz.example")
    first = written(2)[0]
    if damaged:
        break_in("UPDATE audit_entry SET verb = 'test.never' WHERE id = %s", first)
    verify_all(0)
    (mail,) = mails()
    head = bytes(Seal.objects.get(place=3).digest).hex()
    assert mail["to"] == "datenschutz@nordnetz.example"
    assert mail["key"] == head
    assert f"The record is {'DAMAGED' if damaged else 'intact'}: 2 places" in mail["text"]
    assert f" 3 {head}\n" in mail["text"]
    assert [entry.message for entry in caplog.records] == (
        [f"The record is damaged: changed, entry {first}. It does not say what was sealed."] if damaged else []
    )


def test_a_mail_leaves_although_the_head_was_kept_a_moment_ago(folder: Path, settings: Any):
    settings.HILFT = replace(settings.HILFT, audit_witness="datenschutz@nordnetz.example")
    written(2)
    seal_new(0)
    verify_all(0)
    (mail,) = mails()
    assert mail["key"] == bytes(Seal.objects.get(place=3).digest).hex()
