"""Who coaches whom, and what the two write to each other; of the words nothing stands in the record."""

from django.db import transaction
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.people.errors import NotAllowed, Refusal
from hilft.people.models import User
from hilft.people.queries import require
from hilft.quality.models import Coach, Note


@transaction.atomic
def name_coach(*, by: User, user: User, coach: User | None) -> Coach | None:
    """Names who coaches somebody from now on, or that nobody does; earlier notes stay with the person alone."""
    require(by, "quality.manage")
    if coach and (coach.pk == user.pk or not coach.is_active):
        raise Refusal(_("Somebody else has to coach this person."))
    before = Coach.objects.select_for_update().filter(user=user).first()
    if before and coach and before.coach_id == coach.pk:
        return before
    Coach.objects.filter(user=user).delete()
    made = Coach.objects.create(user=user, coach=coach, since=now()) if coach else None
    record(by=by, verb="quality.name_coach", subject=user, coach=coach.pk if coach else None)
    return made


@transaction.atomic
def write_note(*, by: User, user: User, text: str) -> Note:
    """A note to somebody one coaches; only the two of them ever read it."""
    if not Coach.objects.select_for_update().filter(user=user, coach=by).exists():
        raise NotAllowed(_("You do not coach this person."))
    if not text.strip():
        raise Refusal(_("There is no text yet."))
    made = Note.objects.create(user=user, coach=by, text=text.strip(), at=now())
    record(by=by, verb="quality.write_note", subject=made)
    tell("quality", note=made.pk)
    return made


@transaction.atomic
def answer_note(*, by: User, note: Note, answer: str = "") -> Note:
    """The person says that they have read a note, with words of their own or without; once."""
    note = Note.objects.select_for_update().get(pk=note.pk)
    if note.user_id != by.pk:
        raise NotAllowed(_("This note was written to somebody else."))
    if note.answered_at:
        raise Refusal(_("You have answered this note already."))
    note.answer, note.answered_at = answer.strip(), now()
    note.save(update_fields=["answer", "answered_at"])
    record(by=by, verb="quality.answer_note", subject=note)
    tell("quality", note=note.pk)
    return note
