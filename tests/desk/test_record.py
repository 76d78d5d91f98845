"""The record on a screen: searched, paged, given out, verified, erased; and every look at personal data in it."""

import ast
import json
import re
from typing import Any

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import translation
from procrastinate.contrib.django.models import ProcrastinateJob

from hilft.audit.commands import note_verified, record
from hilft.audit.models import Entry
from hilft.audit.sealing import seal_all
from hilft.audit.verifying import verify
from hilft.cli.instance import SOURCE
from hilft.desk.record.subjects import PAGES, SUBJECTS
from hilft.desk.record.words import VERBS
from hilft.inbox.handling import steps
from hilft.inbox.models import Conversation
from hilft.publishing.models import Placement
from tests import factories
from tests.audit.conftest import break_in
from tests.desk import made

pytestmark = pytest.mark.django_db


def shown(client: Any, **asked: object) -> list[str]:
    """What the rows say, without their times."""
    page = client.get(reverse("desk:record"), asked).content.decode()
    rows = re.findall(r'<li id="entry-\d+">\s*<p>(.*?)</p>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", "", row).split()) for row in rows]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(desk, django_assert_num_queries, rows):
    lead = factories.staff("lead")
    client = desk(lead)
    client.get(reverse("desk:record"))
    for _ in range(rows):
        record(by=lead, verb="inbox.close", subject=lead)
    with django_assert_num_queries(15):
        page = client.get(reverse("desk:record"), {"verb": "inbox.close"}).content.decode()
    assert page.count('<li id="entry-') == rows


def test_narrowing_by_person_action_subject_and_day(desk):
    lead, agent = factories.staff("lead", name="Lea"), factories.staff("agent", name="Ayşe")
    conversation = factories.message(factories.portal_account()).conversation
    record(by=agent, verb="inbox.close", subject=conversation)
    record(by=agent, verb="inbox.note", subject=agent)
    record(by=None, verb="publishing.delivered", subject=conversation)
    client = desk(lead)
    there = f"Conversation {conversation.pk}"
    assert shown(client, actor=agent.pk) == [
        f"Ayşe wrote a note · Member of staff {agent.pk}",
        f"Ayşe closed a conversation · {there}",
    ]
    assert shown(client, verb="publishing.delivered") == [f"hilft published a reply · {there}"]
    assert shown(client, kind="inbox.conversation", number=conversation.pk) == [
        f"hilft published a reply · {there}",
        f"Ayşe closed a conversation · {there}",
    ]
    assert shown(client, actor=agent.pk, until="2020-01-01") == []
    assert shown(client, actor=agent.pk, verb="inbox.note", since="2020-01-01") == [
        f"Ayşe wrote a note · Member of staff {agent.pk}"
    ]


def test_paging_by_number_while_more_come(desk):
    lead = factories.staff("lead")
    client = desk(lead)
    for number in range(45):
        record(by=None, verb="inbox.note", subject=None, number=number)
    page = client.get(reverse("desk:record"), {"verb": "inbox.note"}).content.decode()
    (older,) = re.findall(r'rel="next" href="([^"]+)"', page)
    record(by=None, verb="inbox.note", subject=None, number=99)
    page = client.get(reverse("desk:record") + older.replace("&amp;", "&")).content.decode()
    assert page.count('<li id="entry-') == 5
    assert 'rel="next"' not in page
    assert ">Newest<" in page


@pytest.mark.parametrize("asked", [{"number": "x"}, {"since": "31.11."}, {"actor": "1e9"}, {"before": "²"}])
def test_impossible_wishes_narrow_nothing(desk, asked):
    client = desk(factories.staff("lead"))
    assert len(shown(client, **asked)) == 2


def test_the_chain_is_intact_or_the_damage_is_named(desk):
    lead = factories.staff("lead")
    client = desk(lead)
    assert "not verified yet" in client.get(reverse("desk:record")).content.decode()
    record(by=lead, verb="inbox.close", subject=lead)
    seal_all()
    note_verified(by=None, report=verify())
    page = client.get(reverse("desk:record")).content.decode()
    assert "intact" in page
    assert verify().head in page
    entry = Entry.objects.get(verb="inbox.close")
    break_in("UPDATE audit_entry SET verb = 'inbox.open' WHERE id = %s", entry.pk)
    note_verified(by=None, report=verify())
    page = client.get(reverse("desk:record")).content.decode()
    assert f"The last verification found: changed {entry.pk}." in page


def test_verification_is_a_job_and_stands_in_the_record(desk):
    operator = factories.staff("operator")
    page = made.said(desk(operator), reverse("desk:record-verify"))
    assert "The record is being verified." in page
    assert ProcrastinateJob.objects.filter(task_name="audit.verify", status="todo").count() == 1
    assert Entry.objects.get(verb="audit.ask_to_verify").actor == operator


@pytest.mark.parametrize(("name", "kind"), [("ndjson", "application/x-ndjson"), ("csv", "text/csv; charset=utf-8")])
def test_an_export_holds_what_was_asked_for_and_is_recorded(desk, name, kind):
    lead = factories.staff("lead")
    client = desk(lead)
    record(by=lead, verb="inbox.close", subject=lead)
    record(by=lead, verb="inbox.note", subject=lead)
    answer = client.get(reverse("desk:record-export"), {"format": name, "verb": "inbox.close"})
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert answer["content-type"] == kind
    assert len(lines) == (1 if name == "ndjson" else 2)
    if name == "ndjson":
        assert json.loads(lines[0])["verb"] == "inbox.close"
    said = Entry.objects.get(verb="audit.export")
    assert (said.actor, said.data) == (lead, {"format": name, "asked": {"verb": "inbox.close"}})


def test_operators_erase_details_for_a_reason(desk):
    operator = factories.staff("operator")
    client = desk(operator)
    record(by=operator, verb="inbox.search", subject=None, words="Jonas Petersen")
    entry = Entry.objects.get(verb="inbox.search")
    assert "Jonas Petersen" in client.get(reverse("desk:record")).content.decode()
    assert "Say why" in made.said(client, reverse("desk:record-erase", args=[entry.pk]), reason=" ")
    assert "The details are erased." in made.said(client, reverse("desk:record-erase", args=[entry.pk]), reason="17")
    page = client.get(reverse("desk:record")).content.decode()
    assert "Jonas Petersen" not in page
    assert "details erased" in page
    assert verify().ok
    own = Entry.objects.get(verb="audit.erase")
    assert "is not erased" in made.said(client, reverse("desk:record-erase", args=[own.pk]), reason="17")


@pytest.mark.parametrize("role", made.ROLES)
def test_leads_and_operators_come_here_and_only_operators_erase(desk, role):
    record(by=None, verb="inbox.search", subject=None, words="x")
    client = desk(factories.staff(role))
    allowed = 200 if role in {"lead", "operator"} else 403
    assert made.status(client, "desk:record") == allowed
    assert made.status(client, "desk:record-export") == allowed
    assert client.post(reverse("desk:record-verify")).status_code == (303 if allowed == 200 else 403)
    erased = client.post(reverse("desk:record-erase", args=[Entry.objects.order_by("pk")[0].pk]), {"reason": "17"})
    assert erased.status_code == (303 if role == "operator" else 403)


def looks(verb: str) -> list[tuple[str, int | None, dict[str, object]]]:
    found = Entry.objects.filter(verb=verb).order_by("pk")
    return [(entry.subject_kind, entry.subject_id, entry.data) for entry in found]


def test_every_screen_with_a_conversation_says_who_looked(desk):
    approver = factories.staff("approver")
    client = desk(approver)
    placement = made.reply(factories.staff("agent"), factories.question())
    waiting = made.waiting(factories.staff("agent"))
    other = made.asked().conversation
    screens = [
        ("conversation", placement.conversation_id),
        ("conversation-log", placement.conversation_id),
        ("placement", placement.pk),
        ("approval", waiting.pk),
        ("duplicate", other.pk),
    ]
    for name, pk in screens:
        assert made.status(client, f"desk:{name}", pk) == 200
    assert looks("inbox.open") == [
        ("inbox.conversation", pk, {}) for pk in (placement.conversation_id, waiting.conversation_id, other.pk)
    ]
    assert Placement.objects.count() == 1
    assert Conversation.objects.count() == 3


def test_every_search_for_people_says_who_looked_for_what(desk):
    client = desk(factories.staff("agent"))
    for name, words in [("conversations", "Petersen"), ("palette", "Lorenz"), ("placements", "0171"), ("palette", "x")]:
        client.get(reverse(f"desk:{name}"), {"q": words})
    client.get(reverse("desk:conversations"), {"q": "Petersen"})
    assert looks("inbox.search") == [("", None, {"words": words}) for words in ("Petersen", "Lorenz", "0171")]


def test_signing_in_and_out_are_recorded(client):
    user = factories.staff("agent")
    for password in ("wrong", "a long password"):
        client.post(reverse("account_login"), {"login": user.email, "password": password})
    client.post(reverse("account_logout"))
    found = Entry.objects.filter(subject_id=user.pk, subject_kind="people.user").order_by("pk")
    assert list(found.values_list("verb", "actor")) == [
        ("people.sign_in_failed", None),
        ("people.sign_in", user.pk),
        ("people.sign_out", user.pk),
    ]


def test_every_verb_of_the_source_has_words():
    used = set()
    for file in (SOURCE / "hilft").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "verb" and isinstance(node.value, ast.Constant):
                used.add(node.value.value)
    used |= {"approvals.approved", "approvals.rejected", *steps.VERBS.values()}
    used -= {"bench.did"}
    assert {verb for verb in used if "." in verb} == set(VERBS)
    with translation.override("en"):
        english = {verb: str(says) for verb, says in VERBS.items()}
    with translation.override("de"):
        assert [verb for verb, says in VERBS.items() if str(says) == english[verb]] == []


def test_every_subject_is_a_model_with_words_and_its_page_exists():
    models = {model._meta.label_lower for model in apps.get_models()}
    assert set(SUBJECTS) <= models
    assert set(PAGES) <= set(SUBJECTS)
    assert [bool(reverse(name, args=[7])) for name in PAGES.values()] == [True] * len(PAGES)
