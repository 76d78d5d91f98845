"""Phone notes as a channel: numbers, raw events, and a publish that records what a person said."""

import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation
from django.utils.translation import gettext
from hypothesis import given, settings
from hypothesis import strategies as st

from hilft.audit.models import Entry
from hilft.channels.contract import Can, Config, Correct, Kind, Outgoing, Person, Ref, Refused, Unreadable
from hilft.channels.ledger import packaged
from hilft.channels.models import Account, Event
from hilft.channels.phone.adapter import Adapter
from hilft.channels.phone.commands import ensure_account, take_down
from hilft.channels.phone.notes import Note, raw_of
from hilft.channels.phone.numbers import NotANumber, e164, readable
from hilft.inbox.intake import read_new_events
from hilft.inbox.models import Conversation, Message
from hilft.people.errors import NotAllowed, Refusal
from hilft.people.models import Contact, Handle
from tests import factories

AT = datetime(2026, 11, 24, 10, 42, tzinfo=UTC)
HELGA, OFFICE = "+494066969214", "+494066969780"
"""Numbers that are reserved for films: Bundesnetzagentur, Mitteilung 148/2021, Amtsblatt 7/2021 (read 2026-11-24)."""


def note(**fields: object) -> Note:
    """A note as the form makes it."""
    values: dict[str, object] = {
        "id": uuid.uuid4().hex,
        "name": "Helga Thomsen",
        "number": HELGA,
        "text": "Kein Freizeichen, was nun?",
        "language": "de",
        "form": "sie",
        "by": "Mara Köhler",
        "at": AT,
    }
    return Note(**(values | fields))  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def adapter() -> Adapter:
    return Adapter(Config(account="7", handle="NordNetz", facts=packaged("phone")))


def told(parent: Ref | None = None, **fields: object) -> Outgoing:
    """What the outbox hands over when a call is recorded."""
    values: dict[str, object] = {
        "idempotency": uuid.uuid4().hex,
        "text": "Bitte den Stecker prüfen.",
        "to": Person(id=HELGA, handle=readable(HELGA)),
        "public": False,
        "parent": parent,
        "begun_at": AT,
    }
    return Outgoing(**(values | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("040 66969 214", HELGA),
        ("040/66969-214", HELGA),
        ("+49 (0)40 66969214", HELGA),
        ("0049 40 66969214", HELGA),
        (" 04066969214 ", HELGA),
        ("0152 28817386", "+4915228817386"),
        ("+43 1 58858-0", "+431588580"),
        ("+1 201-555-0123", "+12015550123"),
        ("+49 123 45678", "+4912345678"),
    ],
)
def test_one_number_has_one_spelling(written: str, number: str):
    assert e164(written) == number


@pytest.mark.parametrize(
    "written", ["", "Helga", "123", "110", "66969214", "494066969214", "+49", "+999 123456789", "0123 45678"]
)
def test_what_nobody_can_be_called_at(written: str):
    with pytest.raises(NotANumber):
        e164(written)


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_words_are_a_number_or_refused(written: str):
    try:
        number = e164(written)
    except NotANumber:
        return
    assert e164(number) == number
    assert e164(readable(number)) == number


def test_what_is_no_number_reads_as_it_is():
    assert readable(HELGA) == "+49 40 66969214"
    assert readable("Helga") == "Helga"


def test_what_the_telephone_can_and_allows(adapter: Adapter):
    ref = Ref("phone", "7", "1")
    assert (adapter.can(), adapter.correction, adapter.idempotent) == (Can.PRIVATE, Correct.PERSON, True)
    assert adapter.allowed("private", ref).ok
    for action in ("reply", "edit", "delete", "hide"):
        refused = adapter.allowed(action, ref)  # type: ignore[arg-type]
        assert (refused.ok, refused.instead, bool(refused.reason)) == (False, ("private",), True)
    assert (adapter.poll("x"), adapter.refresh([ref]), adapter.check().ok) == (([], "x"), [], True)
    assert list(adapter.listen("", threading.Event())) == []
    assert adapter.prefix(Person(id=HELGA, handle=HELGA), public=False) == ""


def test_a_note_reads_as_a_private_event(adapter: Adapter):
    kept = note(also="helga@post.example", call_back=OFFICE)
    (event,) = adapter.parse(raw_of(kept).body)
    assert (event.kind, event.public, event.ref) == (Kind.CREATED, False, Ref("phone", "7", kept.id))
    assert event.author == Person(id=HELGA, handle="+49 40 66969214", name="Helga Thomsen", url=f"tel:{HELGA}")
    assert (event.text, event.thread, event.at) == (kept.text, kept.id, AT)
    assert (event.language, event.form) == ("de", "sie")


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_other_bytes_are_unreadable(body: bytes):
    with pytest.raises(Unreadable):
        Adapter(Config(account="7", handle="NordNetz", facts=packaged("phone"))).parse(body)


@pytest.mark.django_db
def test_publishing_says_who_was_called_and_repeats_itself():
    agent = factories.staff("agent")
    kept = take_down(by=agent, note=note(call_back=OFFICE))
    account = ensure_account()
    adapter = Adapter(Config(account=str(account.pk), handle="NordNetz", facts=packaged("phone")))
    outgoing = told(Ref("phone", str(account.pk), kept.id))
    sent = adapter.publish(outgoing)
    assert (sent.ref.id, sent.ref.account, sent.at, sent.url) == (
        outgoing.idempotency,
        str(account.pk),
        AT,
        f"tel:{OFFICE}",
    )
    assert adapter.publish(outgoing) == adapter.lookup(outgoing) == sent
    assert adapter.publish(told(Ref("phone", str(account.pk), "gone"))).url == f"tel:{HELGA}"


def test_what_cannot_be_said_or_unsaid(adapter: Adapter):
    with pytest.raises(Refused, match="never public"):
        adapter.publish(told(public=True))
    with pytest.raises(Refused, match="no number"):
        adapter.publish(told(to=None))
    for act in (lambda: adapter.edit(Ref("phone", "7", "1"), told()), lambda: adapter.delete(Ref("phone", "7", "1"))):
        with pytest.raises(Refused, match="stays said"):
            act()


@pytest.mark.django_db
def test_there_is_one_account_however_often_it_is_asked_for():
    first = ensure_account()
    assert ensure_account() == first
    with translation.override("de"):
        name = gettext("Phone notes")
    assert [(a.kind, a.name, a.handle, a.state) for a in Account.objects.all()] == [
        ("phone", name, "NordNetz", "active")
    ]


@pytest.mark.django_db
def test_a_note_is_stored_first_and_becomes_a_conversation():
    agent = factories.staff("agent")
    kept = take_down(by=agent, note=note())
    event = Event.objects.get()
    assert (event.key, event.state) == (f"phone:{kept.id}", "new")
    assert Entry.objects.filter(verb="phone.take_down", actor=agent, data={"note": kept.id}).count() == 1
    assert read_new_events() == 1
    conversation = Conversation.objects.get()
    assert (conversation.account.kind, conversation.public, conversation.state) == ("phone", False, "open")
    assert (conversation.language, conversation.form, conversation.waiting_since) == ("de", "sie", AT)
    assert (conversation.handle.external_id, conversation.handle.shown) == (HELGA, "Helga Thomsen")
    assert conversation.preview == "Kein Freizeichen, was nun?"


@pytest.mark.django_db
def test_what_was_chosen_outweighs_what_the_words_suggest():
    take_down(by=factories.staff("agent"), note=note(text="Kannst du mir helfen?", form="sie"))
    take_down(by=factories.staff("agent"), note=note(text="Rechnung", language="en", form=""))
    read_new_events()
    assert list(Conversation.objects.order_by("pk").values_list("language", "form")) == [("de", "sie"), ("en", "sie")]
    assert list(Message.objects.order_by("pk").values_list("language", "form")) == [("de", "sie"), ("en", "unknown")]


@pytest.mark.django_db
def test_a_note_sent_twice_is_one():
    agent, first = factories.staff("agent"), note()
    take_down(by=agent, note=first)
    again = note(id=first.id, at=AT + timedelta(seconds=2))
    assert take_down(by=agent, note=again) == first
    read_new_events()
    assert (Event.objects.count(), Conversation.objects.count()) == (1, 1)
    assert Entry.objects.filter(verb="phone.take_down").count() == 1
    with pytest.raises(Refusal, match="saved already"):
        take_down(by=agent, note=note(id=first.id, text="Noch etwas."))


@pytest.mark.django_db
def test_one_person_with_one_number_is_one_contact():
    agent = factories.staff("agent")
    for written, name in (("040 66969214", "H. Thomsen"), ("+49 40 66969-214", "Helga Thomsen")):
        take_down(by=agent, note=note(number=e164(written), name=name))
    take_down(by=agent, note=note(number=OFFICE, name="Praxis"))
    read_new_events()
    assert (Conversation.objects.count(), Contact.objects.count()) == (3, 2)
    assert Handle.objects.get(external_id=HELGA).name == "Helga Thomsen"


@pytest.mark.django_db
def test_who_may_not_and_what_has_no_words():
    with pytest.raises(NotAllowed):
        take_down(by=factories.staff("editor"), note=note())
    with pytest.raises(Refusal, match="Write down"):
        take_down(by=factories.staff("agent"), note=note(text=" \n"))
    assert not Event.objects.exists()
