"""Contacts at the desk: found, looked at, held for one person with evidence, noted down, and the way back."""

import pytest
from django.urls import reverse

from hilft.contacts import merging, noting
from hilft.contacts.enums import Evidence
from hilft.contacts.models import Merge, Note
from hilft.inbox.models import Message
from hilft.people.models import Contact, User
from tests import factories
from tests.desk.conftest import Desk
from tests.desk.made import said

pytestmark = pytest.mark.django_db


def asks(who: str, text: str = "Router blinkt orange, was tun?") -> Message:
    """A message of somebody on Mastodon."""
    return factories.message(factories.mastodon_account(), text, who=who)


def contact_of(message: Message) -> Contact:
    return Contact.objects.get(pk=message.conversation.handle.contact_id)


def person(agent: User, size: int) -> Contact:
    """One person of so many contacts, each with a message, a note and, but for the first, a merge."""
    first = contact_of(asks(f"p{next(factories.NUMBER)}"))
    for number in range(size):
        other = first if number == 0 else contact_of(asks(f"p{next(factories.NUMBER)}"))
        noting.note(by=agent, contact=other, text="Ruft gern an.")
        if other != first:
            merging.merge(by=agent, source=other, target=first, evidence=Evidence.COLLEAGUE, words="Telefon")
    return first


def test_two_contacts_are_held_for_one_person_with_a_message_as_evidence(desk: Desk):
    client = desk(factories.staff("agent"))
    one, two = asks("jonas", "Ich bin auch paula"), asks("paula", "Wo ist mein Techniker?")
    contact, other = contact_of(one), contact_of(two)
    address = reverse("desk:contact-merge", args=[contact.pk])

    assert f"?other={other.pk}" in client.get(address, {"q": "paul"}).content.decode()
    page = client.get(address, {"other": other.pk}).content.decode()
    assert ("Jonas: Ich bin auch paula" in page, Merge.objects.count()) == (True, 0)
    page = client.post(address, {"other": other.pk, "evidence": "said"})
    assert (page.status_code, "Choose the message in which this customer says so" in page.content.decode()) == (
        422,
        True,
    )
    page = said(client, address, other=other.pk, evidence="said", message=one.pk)

    assert ("Why this is one person" in page, "Wo ist mein Techniker?" in page) == (True, True)
    shown = client.get(reverse("desk:contact", args=[other.pk]))
    assert shown.headers["location"] == reverse("desk:contact", args=[contact.pk])
    beside = client.get(reverse("desk:conversation", args=[two.conversation_id])).content.decode()
    assert ("jonas" in beside, reverse("desk:contact", args=[contact.pk]) in beside) == (True, True)
    page = said(client, reverse("desk:contact-merge-undo", args=[Merge.objects.get().pk]))
    assert ("Two contacts again" in page, "Ich bin auch paula" in page) == (True, False)


def test_a_suggestion_leads_to_the_merge_and_does_nothing_by_itself(desk: Desk):
    client = desk(factories.staff("agent"))
    mail = factories.message(factories.portal_account(), "Hallo", who="jonas@post.example").conversation.handle.contact
    other = Contact.objects.create(name="Jonas P.")
    other.handles.create(kind="email", external_id="jonas@post.example", handle="Jonas@post.example")
    page = client.get(reverse("desk:contact", args=[mail.pk])).content.decode()
    assert "Jonas P. may be the same person: the same proven e-mail address." in page
    form = client.get(reverse("desk:contact-merge", args=[mail.pk]), {"other": other.pk, "evidence": "mail"})
    assert ('<option value="mail" selected>' in form.content.decode(), Merge.objects.count()) == (True, 0)


def test_notes_are_written_changed_deleted_and_brought_back(desk: Desk):
    agent = factories.staff("agent")
    client, contact = desk(agent), contact_of(message := asks("jonas"))
    page = said(client, reverse("desk:contact-note-new", args=[contact.pk]), text="Ruft gern an.")
    note = Note.objects.get()
    assert ("Ruft gern an." in page, note.contact) == (True, contact)
    page = said(client, reverse("desk:contact-note", args=[note.pk]), text="Ruft abends an.")
    assert "Ruft abends an." in page
    assert "Ruft gern an." in client.get(reverse("desk:contact-note", args=[note.pk])).content.decode()
    beside = client.get(reverse("desk:conversation", args=[message.conversation_id])).content.decode()
    assert "Ruft abends an." in beside
    said(client, reverse("desk:contact-note-delete", args=[note.pk]))
    assert "Ruft abends an." not in client.get(reverse("desk:contact", args=[contact.pk])).content.decode()
    said(client, reverse("desk:contact-note-restore", args=[note.pk]))
    assert "Ruft abends an." in client.get(reverse("desk:contact", args=[contact.pk])).content.decode()


def test_a_note_is_about_the_identity_that_the_page_was_opened_for(desk: Desk):
    agent = factories.staff("agent")
    client, head = desk(agent), person(agent, 2)
    member = Contact.objects.get(merged_into=head)
    page = client.get(reverse("desk:contact", args=[head.pk]), {"ueber": member.pk}).content.decode()
    assert f'<option value="{member.pk}" selected>' in page
    said(client, reverse("desk:contact-note-new", args=[head.pk]), text="Nur hier.", about=member.pk)
    assert Note.objects.get(text="Nur hier.").contact == member
    stranger = contact_of(asks("fremd"))
    said(client, reverse("desk:contact-note-new", args=[head.pk]), text="Falsch.", about=stranger.pk)
    assert not Note.objects.filter(text="Falsch.").exists()


def test_the_form_of_address_is_corrected(desk: Desk):
    client, contact = desk(factories.staff("agent")), contact_of(asks("jonas"))
    said(client, reverse("desk:contact-form", args=[contact.pk]), form="du")
    said(client, reverse("desk:contact-form", args=[contact.pk]), form="euer")
    contact.refresh_from_db()
    assert contact.form == "du"


def test_everybody_is_found_and_a_search_stands_in_the_record(desk: Desk):
    client = desk(factories.staff("editor"))
    asks("jonas"), asks("paula")
    page = client.get(reverse("desk:contacts")).content.decode()
    assert ("Jonas" in page, "Paula" in page) == (True, True)
    page = client.get(reverse("desk:contacts"), {"q": "paul"}).content.decode()
    assert ("jonas" in page, "Paula" in page) == (False, True)
    assert "Nobody found" in client.get(reverse("desk:contacts"), {"q": "niemand"}).content.decode()


@pytest.mark.parametrize("size", [1, 3])
def test_number_of_queries(desk: Desk, django_assert_num_queries, size: int):
    agent = factories.staff("agent")
    client, head = desk(agent), person(agent, size)
    other = contact_of(asks("jemand"))
    with django_assert_num_queries(19):
        client.get(reverse("desk:contact", args=[head.pk]))
    with django_assert_num_queries(11):
        client.get(reverse("desk:contacts"))
    with django_assert_num_queries(17):
        client.get(reverse("desk:contact-merge", args=[head.pk]), {"other": other.pk})
