"""What a contact's page and the panel beside a conversation show: collected here, rendered by their templates."""

from typing import Any

from hilft.contacts import queries
from hilft.desk.frame import StaffRequest, page_of
from hilft.inbox.models import Conversation
from hilft.inbox.queries import conversations_of
from hilft.people.enums import Form
from hilft.people.models import Contact

NOTES = 3
HISTORY = 20


def panel(conversation: Conversation) -> dict[str, Any]:
    """The contact beside the conversation; takes one query."""
    contact = conversation.handle.contact
    return {"contact": contact, "contact_notes": list(queries.notes_of(contact)[:NOTES])}


def page_context(request: StaffRequest, contact: Contact) -> dict[str, Any]:
    """Identities, history, notes and what made one person of several contacts."""
    handles = queries.identities(contact)
    return {
        "view": "contacts",
        "contact": contact,
        "handles": handles,
        "members": list({handle.contact_id: handle.contact for handle in handles}.values()),
        "merges": queries.merges_of(contact),
        "suggestions": queries.suggestions(contact),
        "notes": list(queries.notes_of(contact)),
        "page": page_of(request, conversations_of(contact), size=HISTORY),
        "forms": Form.choices,
        "about": _about(request, contact),
    }


def _about(request: StaffRequest, contact: Contact) -> int:
    """Whom a new note is about: whom the page was opened for, else the head."""
    asked = request.GET.get("ueber", "")
    return int(asked) if asked.isdecimal() else contact.pk
