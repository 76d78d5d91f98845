"""The only writers of notes on contacts."""

from django.db import transaction
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.contacts.models import Note, NoteVersion
from hilft.people.errors import Refusal
from hilft.people.models import Contact, User
from hilft.people.queries import require

LONGEST = 5000


@transaction.atomic
def note(*, by: User, contact: Contact, text: str) -> Note:
    """Keeps something in mind about this contact, whoever it is merged with."""
    require(by, "conversation.work")
    made = Note.objects.create(contact=contact, text=_said(text), by=by)
    record(by=by, verb="contacts.note", subject=contact, note=made.pk)
    return made


@transaction.atomic
def change_note(*, by: User, note: Note, text: str) -> Note:
    """Says it differently; what it said before is kept."""
    require(by, "conversation.work")
    kept = Note.objects.select_for_update().get(pk=note.pk)
    said = _said(text)
    if kept.deleted_at:
        raise Refusal(_("This note is deleted."))
    if said == kept.text:
        return kept
    NoteVersion.objects.create(note=kept, text=kept.text, by=by, until=now())
    kept.text, kept.changed_at = said, now()
    kept.save(update_fields=["text", "changed_at"])
    record(by=by, verb="contacts.change_note", subject=kept.contact, note=kept.pk)
    return kept


@transaction.atomic
def delete_note(*, by: User, note: Note) -> None:
    """Takes a note away, until somebody brings it back."""
    require(by, "conversation.work")
    if Note.objects.filter(pk=note.pk, deleted_at=None).update(deleted_at=now()):
        record(by=by, verb="contacts.delete_note", subject=note.contact, note=note.pk)


@transaction.atomic
def restore_note(*, by: User, note: Note) -> None:
    """Brings a deleted note back."""
    require(by, "conversation.work")
    if Note.objects.filter(pk=note.pk, deleted_at__isnull=False).update(deleted_at=None):
        record(by=by, verb="contacts.restore_note", subject=note.contact, note=note.pk)


def _said(text: str) -> str:
    if not text.strip():
        raise Refusal(_("An empty note says nothing."))
    return text.strip()[:LONGEST]
