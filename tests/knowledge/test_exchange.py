"""Exports of other systems: taken in twice with the same result, damaged ones with row and reason and no change."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from hilft.audit.models import Entry as AuditEntry
from hilft.knowledge.commands import Written, write_version
from hilft.knowledge.exchange.entries import Damaged
from hilft.knowledge.exchange.giving_out import lines
from hilft.knowledge.exchange.taking_in import Taken, take_in
from hilft.knowledge.models import Imported, Question, Text, Version, Wording
from hilft.people.errors import NotAllowed
from hilft.people.models import User
from tests import factories
from tests.channels.conftest import _english

__all__ = ["_english"]

pytestmark = pytest.mark.django_db
EXPORTS = Path(__file__).parent / "exports"
KINDS = [
    ("csv", "fragen.csv"),
    ("json", "faq.json"),
    ("discourse", "discourse.json"),
    ("zendesk", "zendesk.json"),
    ("khoros", "khoros.json"),
]


@pytest.fixture
def editor() -> User:
    return factories.staff("editor")


def bring(editor: User, kind: str, data: bytes | str, **options: Any) -> list[Taken]:
    return take_in(by=editor, data=data.encode() if isinstance(data, str) else data, format_=kind, source="", **options)


def everything() -> list[Any]:
    """What an import could have changed."""
    return [
        list(Question.objects.order_by("pk").values_list("pk", "title", "title_en", "topic")),
        list(Wording.objects.order_by("pk").values_list("pk", "text", "language", "removed_at")),
        list(Version.objects.order_by("pk").values_list("pk", "number", "published_at", "note")),
        list(Text.objects.order_by("pk").values_list("version", "language", "address", "body", "short")),
        list(Imported.objects.order_by("pk").values_list("source", "key", "question", "digest")),
    ]


@pytest.mark.parametrize(("kind", "file"), KINDS)
def test_twice_gives_the_same(editor: User, kind: str, file: str):
    data = (EXPORTS / file).read_bytes()
    first = bring(editor, kind, data, publish=True)
    assert {one.outcome for one in first} == {"new"}
    before, records = everything(), AuditEntry.objects.count()
    second = bring(editor, kind, data, publish=True)
    assert {one.outcome for one in second} == {"same"}
    assert everything() == before
    assert AuditEntry.objects.count() == records + 1


@pytest.mark.parametrize(("kind", "file"), KINDS)
def test_a_rehearsal_says_the_same_and_keeps_nothing(editor: User, kind: str, file: str):
    data = (EXPORTS / file).read_bytes()
    before = everything()
    rehearsed = bring(editor, kind, data, publish=True, rehearse=True)
    assert everything() == before
    assert bring(editor, kind, data, publish=True) == rehearsed


def test_what_becomes_of_each(editor: User):
    for kind, file in KINDS:
        bring(editor, kind, (EXPORTS / file).read_bytes(), publish=True)
    router = Question.objects.get(title="Router blinkt nach dem Umzug orange")
    assert router.topic == "festnetz"
    assert router.answer.current is not None
    assert router.answer.current.texts.get(address="du").body == (
        "Die Leitung wird **umgeschaltet**:\n\n1. Router eine Stunde ausschalten\n2. wieder einschalten\n\n"
        "Mehr steht [hier](https://nordnetz.example/umzug)."
    )
    assert "Seit gestern nur orange. Was mach ich?" in router.wordings.values_list("text", flat=True)
    replacement = Question.objects.get(title="Was kostet eine Ersatzkarte?")
    assert (replacement.answer.current, replacement.answer.versions.get().texts.get().address) == (None, "sie")
    technician = Question.objects.get(title="Wann kommt der Techniker; und wie sage ich ab?")
    assert technician.answer.versions.count() == 0
    english = Question.objects.get(title="Where do I find my bills?")
    assert english.answer.versions.get().texts.get().language == "en"
    bills = Question.objects.get(title="Wo finde ich meine Rechnungen?")
    assert (bills.topic, bills.answer.current is not None) == ("Rechnung", True)
    assert not Question.objects.filter(title="Entwurf").exists()
    esim = Question.objects.get(title="eSIM auf neues Handy & altes behalten")
    assert "ein neues Profil laden" in esim.answer.versions.get().texts.first().body  # type: ignore[union-attr]
    assert Question.objects.get(title="Kein Netz in Kiel").answer.versions.count() == 0


DAMAGED = [
    ("csv", "Frage;Antwort\nWas?;Das.\nWie?;So;zu viel\n", 3, "has 3 cells"),
    ("csv", "A;B\n1;2\n", 1, "No column holds the question"),
    ("csv", 'Frage\n"offen\n', 2, "not CSV"),
    ("csv", "Nr;Frage\n1;Was?\n1;Wie?\n", 3, "stands in row 2 already"),
    ("csv", f"Frage\n{'x' * 201}\n", 2, "longer than 200"),
    ("csv", "Frage;Antwort\n;Das.\n", 2, "no question"),
    ("json", '[{"id": 1, "question": "Was?"}, 7]', 2, "not an object"),
    ("json", '{"id": 1, "question": "Was?"}\n{"id": 2, "quest\n', 2, "not a JSON object"),
    ("json", "garbage", 1, "not JSON"),
    ("json", '[{"id": 1, "question": "Was?", "wordings": [1]}]', 1, "not a list of texts"),
    ("json", "[]", 1, "no question in this file"),
    ("discourse", '[{"id": 1, "title": "Was?", "post_stream": {"posts": []}}]', 1, "no posts"),
    ("discourse", '[{"id": 1, "title": "Was?"}]', 1, "post_stream is missing"),
    ("zendesk", '{"articles": [{"id": 1, "title": "Was?"}, {"title": "Wie?"}]}', 2, "id is missing"),
    ("zendesk", '{"tickets": []}', 1, "no list of objects under articles"),
    ("khoros", '{"data": {"items": [{"id": "2", "depth": 1, "topic": {"id": "1"}}]}}', 1, "not in the file"),
    ("khoros", '{"data": {"items": [{"id": "2", "depth": 0, "topic": {"id": "2"}}]}}', 1, "subject is missing"),
]


@pytest.mark.parametrize(("kind", "data", "row", "reason"), DAMAGED)
def test_a_damaged_file_names_row_and_reason_and_changes_nothing(
    editor: User, kind: str, data: str, row: int, reason: str
):
    factories.question()
    before = everything()
    with pytest.raises(Damaged) as damaged:
        bring(editor, kind, data)
    assert damaged.value.row == row
    assert reason in damaged.value.reason
    assert everything() == before


def test_what_changed_there_becomes_a_version_here_and_nothing_of_ours_is_overwritten(editor: User):
    entry = {"id": "f1", "question": "Wie sperre ich?", "answer": "Im Kundenkonto.", "wordings": ["sperren"]}
    bring(editor, "json", json.dumps([entry]), publish=True)
    question = Question.objects.get(title="Wie sperre ich?")
    changed = entry | {"answer": "In der App.", "wordings": ["sperren", "Karte weg"]}
    (one,) = bring(editor, "json", json.dumps([changed]))
    assert (one.outcome, question.answer.versions.filter(published_at=None).count()) == ("changed", 1)
    assert set(question.wordings.values_list("text", flat=True)) == {"Wie sperre ich?", "sperren", "Karte weg"}
    write_version(by=editor, question=question, texts={("de", "sie"): Written("Von Hand.", "")}, note="Meine")
    (held,) = bring(editor, "json", json.dumps([changed | {"answer": "Ganz anders."}]))
    assert held.outcome == "held"
    assert question.answer.versions.get(published_at=None).texts.get().body == "Von Hand."


def test_everything_comes_out_and_in_again(editor: User):
    question = factories.question(hours=48)
    factories.publish(question, hours=24)
    (line,) = list(lines())
    told = msgspec.json.decode(line)
    assert [version["number"] for version in told["versions"]] == [1, 2]
    assert "24 Stunden" in told["current"]["texts"][0]["body"]
    (one,) = bring(editor, "json", line, publish=True)
    assert (one.outcome, one.published) == ("new", True)
    again = msgspec.json.decode(list(lines())[-1])
    assert again["id"] != told["id"], "published versions never change, so it is a question of its own here"
    same = ("title", "topic", "current")
    assert [again[name] for name in same[:2]] == [told[name] for name in same[:2]]
    assert again["current"]["texts"] == told["current"]["texts"]
    assert {w["text"] for w in again["wordings"]} == {w["text"] for w in told["wordings"]}


def test_only_editors_take_in(editor: User):
    with pytest.raises(NotAllowed):
        bring(factories.staff("agent"), "json", "[]")
    client = Client(headers={"accept-language": "en"})
    client.force_login(factories.staff("agent"))
    assert client.get(reverse("desk:exchange")).status_code == 403
    assert client.get(reverse("desk:export")).status_code == 200


def test_the_page_rehearses_and_takes_in(editor: User):
    client = Client(headers={"accept-language": "en"})
    client.force_login(editor)
    where = reverse("desk:exchange")

    def send(**more: object) -> str:
        with (EXPORTS / "fragen.csv").open("rb") as file:
            return client.post(where, {"file": file, "format": "csv"} | more).content.decode()

    assert "A rehearsal: nothing was kept." in send()
    assert Question.objects.count() == 0
    assert "There is no column Titel" in send(mapping="title=Titel")
    assert "Each line has the form" in send(mapping="title")
    page = send(go="1", publish="on")
    assert "3 questions: 3 new, 0 changed, 0 as they were." in page
    assert "1 answer is published." in page
    assert "3 questions: 0 new, 0 changed, 3 as they were." in send(go="1", publish="on")


def test_the_command_says_what_it_did(editor: User, capsys: pytest.CaptureFixture[str], tmp_path: Path):
    call_command("take_in", str(EXPORTS / "khoros.json"), format="khoros", by=editor.email)
    assert capsys.readouterr().out.splitlines()[0] == "2 new"
    broken = tmp_path / "kaputt.json"
    broken.write_text("[1]")
    with pytest.raises(SystemExit):
        call_command("take_in", str(broken), format="json", by=editor.email)
    assert "row 1: This is not an object. Nothing was changed." in capsys.readouterr().err
    call_command("give_out")
    out = capsys.readouterr().out.splitlines()
    assert Counter(json.loads(line)["topic"] for line in out) == {"Mobilfunk": 1, "Störung": 1}
