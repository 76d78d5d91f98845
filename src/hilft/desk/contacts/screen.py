"""What a contact's page and the panel beside a conversation show: collected here, rendered by their templates."""

from typing import Any

from hilft.contacts import queries
from hilft.desk.frame import StaffRequest, page_of
from hilft.inbox.models import Conversation
from hilft.inbox.queries import conversations_of, history_of
from hilft.people.enums import Form
from hilft.people.models import Contact
from hilft.people.queries import keys_of_person

NOTES = 3
HISTORY = 20


def panel(conversation: Conversation) -> dict[str, Any]:
    """The person beside the conversation: identities, notes, and what else they wrote; takes five queries."""
    contact = conversation.handle.contact
    person = keys_of_person(contact)
    return {
        "contact": contact,
        "contact_notes": queries.notes_of(person)[:NOTES],
        "customer_numbers": queries.numbers_of(person),
        "handles": queries.identities(person),
        "history": history_of(person, besides=conversation.head),
    }


def page_context(request: StaffRequest, contact: Contact) -> dict[str, Any]:
    """Identities, history, notes and what made one person of several contacts."""
    person = keys_of_person(contact)
    handles = queries.identities(person)
    return {
        "view": "contacts",
        "contact": contact,
        "handles": handles,
        "members": list({handle.contact_id: handle.contact for handle in handles}.values()),
        "customer_numbers": queries.numbers_of(person),
        "merges": queries.merges_of(person),
        "suggestions": queries.suggestions(person),
        "notes": queries.notes_of(person),
        "page": page_of(request, conversations_of(person), size=HISTORY),
        "forms": Form.choices,
        "about": _about(request, contact),
    }


def _about(request: StaffRequest, contact: Contact) -> int:
    """Whom a new note is about: whom the page was opened for, else the head."""
    asked = request.GET.get("ueber", "")
    return int(asked) if asked.isdecimal() else contact.pk
