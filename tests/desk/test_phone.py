"""The phone note at the desk: from the form to a conversation, a recorded call, and a correction made by a person."""

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hilft.base.clock import now
from hilft.channels.models import Account, Event
from hilft.channels.phone.commands import ensure_account, take_down
from hilft.channels.phone.notes import Note
from hilft.channels.phone.queries import phone_account
from hilft.desk.phone.forms import NoteForm
from hilft.inbox.intake import read_new_events
from hilft.inbox.matches import match
from hilft.inbox.models import Conversation, Message
from hilft.knowledge.commands import add_wording
from hilft.knowledge.matching import embed_pending
from hilft.knowledge.models import Matching, Question
from hilft.people.models import User
from hilft.publishing.commands import corrections, decisions, drafts
from hilft.publishing.models import Correction, CorrectionItem, Delivery, Placement
from tests import factories
from tests.desk import made
from tests.desk.conftest import Desk

pytestmark = pytest.mark.django_db
WORDS = "Der Router blinkt orange, seit ich umgezogen bin. Was kann ich tun?"
NUMBER, OFFICE = "+494066969214", "+494066969780"


def filled(**fields: object) -> dict[str, object]:
    """The form as somebody fills it in."""
    data = {
        "note": str(uuid.uuid4()),
        "text": WORDS,
        "name": "Helga Thomsen",
        "number": "040 66969 214",
        "language": "de",
        "form": "sie",
        "action": "save",
    }
    return data | fields


def called(by: User, text: str = WORDS, **fields: object) -> Conversation:
    """A phone note that has become a conversation."""
    values: dict[str, object] = {"number": NUMBER, "name": "Helga Thomsen", "language": "de", "form": "sie"}
    values |= {"id": uuid.uuid4().hex, "text": text, "by": by.name, "at": now()} | fields
    note = take_down(by=by, note=Note(**values))  # type: ignore[arg-type]
    read_new_events()
    return Message.objects.get(external_id=note.id).conversation


@pytest.fixture
def router() -> Question:
    """A hosted question that the matcher knows."""
    question = factories.question(title="Router blinkt nach dem Umzug orange. Was kann ich tun?")
    add_wording(by=None, question=question, text="Mein Router blinkt orange nach dem Umzug", language="de")
    embed_pending()
    return question


def test_a_note_becomes_a_conversation_that_can_be_answered_at_once(desk: Desk):
    agent = factories.staff("agent")
    client, url = desk(agent), reverse("desk:phone-note")
    data = filled(also="helga@post.example", call_back="on", call_back_number="040 66969780")
    answer = client.post(url, data)
    conversation = Conversation.objects.get()
    assert (answer.status_code, answer.url) == (303, reverse("desk:conversation", args=[conversation.pk]))
    assert (conversation.account, conversation.public, conversation.form) == (phone_account(), False, "sie")
    page = client.get(answer.url).content.decode()
    assert "The note is saved: Helga Thomsen" in page
    for shown in (WORDS, "+49 40 66969214", f'href="tel:{OFFICE}">+49 40 66969780', "helga@post.example", agent.name):
        assert shown in page
    assert "Call-back note: what Helga Thomsen was told" in page
    assert "Record what was said" in page
    row = client.get(reverse("desk:conversations")).content.decode()
    assert 'class="channel" title="Phone"' in row


def test_sent_twice_it_is_one_conversation(desk: Desk):
    client, data = desk(factories.staff("agent")), filled()
    first, second = (client.post(reverse("desk:phone-note"), data) for _ in range(2))
    assert (first.status_code, second.status_code, first.url) == (303, 303, second.url)
    assert (Conversation.objects.count(), Message.objects.count(), Event.objects.count()) == (1, 1, 1)
    changed = made.said(client, reverse("desk:phone-note"), **data | {"text": "Ganz andere Worte."})
    assert "This note is saved already." in changed
    assert Message.objects.get().text == WORDS


def test_each_form_has_an_id_of_its_own(desk: Desk):
    client = desk(factories.staff("agent"))
    pages = [client.get(reverse("desk:phone-note")).content.decode() for _ in range(2)]
    ids = {re.search(r'name="note" value="([0-9a-f]{32})"', page)[1] for page in pages}  # type: ignore[index]
    assert len(ids) == 2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": " "}, "This field is required."),
        ({"name": ""}, "This field is required."),
        ({"number": ""}, "This field is required."),
        ({"number": "66969214"}, "Nobody can be called at this number."),
        ({"number": "Helga"}, "Nobody can be called at this number."),
        ({"call_back_number": "12"}, "Nobody can be called at this number."),
        ({"call_back_at": "2026-01-02T10:00"}, "Choose a time in the future."),
        ({"call_back_at": "morgen"}, "Enter a valid date/time."),
        ({"language": "tlh"}, "Select a valid choice."),
        ({"form": "ihr"}, "Select a valid choice."),
        ({"note": "1"}, "Enter a valid UUID."),
    ],
)
def test_what_the_form_refuses_keeps_the_words(desk: Desk, wrong: dict[str, str], said: str):
    page = desk(factories.staff("agent")).post(reverse("desk:phone-note"), filled(**wrong)).content.decode()
    assert said in page
    assert "text" in wrong or WORDS in page
    assert not Event.objects.exists()


def test_a_call_back_is_wished_by_ticking_or_by_saying_where_or_when(desk: Desk):
    client, agent = desk(factories.staff("agent")), factories.staff("agent")
    later = timezone.localtime(now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    wishes: list[dict[str, object]] = [{}, {"call_back": "on"}, {"call_back_number": OFFICE}, {"call_back_at": later}]
    found = []
    for wish in wishes:
        form = NoteForm(filled(**wish))
        assert form.is_valid(), form.errors
        note = form.taken(by=agent)
        found.append((note.call_back, note.reach, bool(note.call_back_at)))
    assert found == [
        ("", NUMBER, False),
        (NUMBER, NUMBER, False),
        (OFFICE, OFFICE, False),
        (NUMBER, NUMBER, True),
    ]
    client.post(reverse("desk:phone-note"), filled(call_back_at=later))
    page = client.get(reverse("desk:conversation", args=[Conversation.objects.get().pk])).content.decode()
    assert "Call back" in page


def test_english_callers_have_no_form_of_address(desk: Desk):
    desk(factories.staff("agent")).post(reverse("desk:phone-note"), filled(text="No dial tone", language="en"))
    assert Conversation.objects.values_list("language", "form").get() == ("en", "unknown")


def test_hosted_answers_while_somebody_types(desk: Desk, router: Question):
    client, url = desk(factories.staff("agent")), reverse("desk:phone-suggestions")
    sie = client.post(url, {"text": WORDS, "language": "de", "form": "sie"}).content.decode()
    assert router.title in sie
    assert "Bitte warten Sie so lange." in sie
    assert "Warte bitte so lange." in client.post(url, {"text": WORDS, "form": "du"}).content.decode()
    assert "No hosted answer fits these words." in client.post(url, {"text": "Ahoi und moin zusammen"}).content.decode()
    assert "They appear here as you write" in client.post(url, {"text": "Router"}).content.decode()
    assert "They appear here as you write" in client.post(url, {}).content.decode()


def test_hosted_answers_without_script(desk: Desk, router: Question):
    data = filled(name="", number="040 6", action="suggest", call_back="on")
    page = desk(factories.staff("agent")).post(reverse("desk:phone-note"), data).content.decode()
    assert router.title in page
    assert "This field is required." not in page
    for kept in (WORDS, 'value="040 6"', str(data["note"])):
        assert kept in page
    assert re.search(r'name="call_back"[^>]* checked', page)
    assert not Event.objects.exists()


@pytest.mark.parametrize("hosted", [1, 3])
def test_suggestions_cost_the_same_however_many(desk: Desk, django_assert_num_queries, hosted: int):
    for number in range(hosted):
        factories.question(title=f"Router blinkt nach dem Umzug orange, Anschluss {number}. Was kann ich tun?")
    embed_pending()
    Matching.objects.update_or_create(pk=Matching.current().pk, defaults={"bar": 0.01})
    client, url = desk(factories.staff("agent")), reverse("desk:phone-suggestions")
    client.post(url, {"text": WORDS})
    with django_assert_num_queries(12):
        page = client.post(url, {"text": WORDS}).content.decode()
    assert page.count("<details") == hosted


def test_the_question_is_matched_like_any_other(router: Question):
    conversation = called(factories.staff("agent"))
    match(conversation.messages.get())
    conversation.refresh_from_db()
    assert conversation.question == router


def test_a_recorded_call_takes_the_usual_way_and_stands_in_the_ledger(desk: Desk):
    agent, approver = factories.staff("agent"), factories.staff("approver")
    conversation = called(agent, call_back=OFFICE)
    client = desk(agent)
    seen = conversation.messages.get().pk
    said = {"text": "Habe erklärt, dass die Umschaltung läuft.", "seen": seen}
    client.post(reverse("desk:draft-submit", args=[conversation.pk]), said)
    draft = conversation.drafts.get()
    assert draft.state == "waiting"
    delivery = decisions.approve(by=approver, draft=draft, digest=made.digest(draft))
    made.leave(delivery)
    delivery.refresh_from_db()
    placement = Placement.objects.get(delivery=delivery)
    assert (delivery.state, placement.external_id, placement.url) == (
        "delivered",
        delivery.idempotency.hex,
        f"tel:{OFFICE}",
    )
    assert (placement.public, placement.author, placement.approver) == (False, agent, approver)
    conversation.refresh_from_db()
    assert conversation.waiting_since is None
    assert (
        "told by phone: +49 40 66969780"
        in client.get(reverse("desk:conversation", args=[conversation.pk])).content.decode()
    )
    page = client.get(reverse("desk:placement", args=[placement.pk])).content.decode()
    assert "Call +49 40 66969780" in page
    assert "Look at the network" not in page


def test_when_the_answer_changes_a_person_calls_again(desk: Desk):
    agent, editor, approver = factories.staff("agent"), factories.staff("editor"), factories.staff("approver")
    question = factories.question()
    conversation = called(agent, call_back=OFFICE)
    draft = drafts.insert(by=agent, draft=drafts.begin(by=agent, conversation=conversation), question=question)
    draft = drafts.submit(by=agent, draft=draft, text=draft.text, seen=conversation.messages.get().pk)
    assert draft.state == "released"
    made.leave(draft.delivery)
    batch = Correction.objects.get(version=factories.publish(question, by=editor, hours=24))
    item = CorrectionItem.objects.get(correction=batch)
    assert (item.how, "24 Stunden" in item.text) == ("person", True)
    corrections.submit(by=editor, correction=batch)
    corrections.approve(by=approver, correction=batch, digest=corrections.digest_of(batch))
    corrections.carry_out(batch.pk)
    item.refresh_from_db()
    assert item.state == "person"
    assert "Helga Thomsen" in item.remark
    assert "+49 40 66969780" in item.remark
    assert Delivery.objects.count() == 1
    client = desk(agent)
    page = client.get(reverse("desk:correction", args=[batch.pk]))
    assert page.status_code == 200
    assert f'href="tel:{OFFICE}"' in page.content.decode()
    client.post(reverse("desk:correction-settle", args=[batch.pk, item.pk]))
    batch.refresh_from_db()
    assert (batch.state, Placement.objects.get().state) == ("done", "corrected")


def test_it_is_snoozed_and_assigned_like_any_other(desk: Desk):
    agent = factories.staff("agent")
    conversation, client = called(agent), desk(agent)
    client.post(reverse("desk:assign", args=[conversation.pk]), {"me": "1"})
    client.post(reverse("desk:snooze", args=[conversation.pk]), {"when": "3h"})
    conversation.refresh_from_db()
    assert (conversation.assignee, conversation.state) == (agent, "later")


def test_the_account_is_nobodys_to_pause(desk: Desk):
    account = ensure_account()
    client = desk(factories.staff("operator"))
    page = client.get(reverse("desk:accounts")).content.decode()
    assert f'id="account-{account.pk}"' in page
    assert "No network is connected yet" in page
    assert reverse("desk:account-state", args=[account.pk]) not in page
    url = reverse("desk:account-state", args=[account.pk])
    assert "always there" in made.said(client, url, state="removed")
    assert made.status(client, "desk:account-reconnect", account.pk) == 404
    assert Account.objects.get().state == "active"


@pytest.mark.parametrize(
    ("role", "status"), [("agent", 200), ("approver", 200), ("lead", 200), ("editor", 403), ("operator", 403)]
)
def test_who_takes_notes(desk: Desk, role: str, status: int):
    client: Client = desk(factories.staff(role))
    assert made.status(client, "desk:phone-note") == status
    assert client.post(reverse("desk:phone-suggestions"), {"text": ""}).status_code == status
    assert client.post(reverse("desk:phone-note"), filled()).status_code == (303 if status == 200 else 403)
    nav = client.get(reverse("desk:questions")).content.decode()
    assert (reverse("desk:phone-note") in nav) == (status == 200)
