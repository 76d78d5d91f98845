"""The only writer of phone notes, and of the one account that they belong to."""

import msgspec
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.channels.commands import connect_account, store
from hilft.channels.models import Account
from hilft.channels.phone.notes import KIND, Note, raw_of
from hilft.channels.phone.queries import note_of, phone_account
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.queries import require


def ensure_account() -> Account:
    """The installation's phone account, made when it is missing: calling this again, or twice at once, adds none."""
    found = phone_account()
    if found:
        return found
    with translation.override(settings.LANGUAGE_CODE):
        name = _("Phone notes")
    try:
        with transaction.atomic():
            return connect_account(by=None, kind=KIND, name=name, handle=settings.HILFT.brand, settings={}, secrets={})
    except IntegrityError:
        return Account.objects.get(kind=KIND)


@transaction.atomic
def take_down(*, by: User, note: Note) -> Note:
    """Keeps what a caller asked and brings it to the desk; the same note sent again changes nothing.

    Refuses other words under the id of a note that is kept already: they would be lost.
    """
    require(by, "draft.write")
    if not note.text.strip():
        raise Refusal(_("Write down what the customer asks."))
    account = Account.objects.select_for_update().get(pk=ensure_account().pk)
    kept = note_of(str(account.pk), note.id)
    if kept:
        if msgspec.structs.replace(note, at=kept.at) != kept:
            raise Refusal(_("This note is saved already. Add what came later as an internal note."))
        return kept
    store(account, [raw_of(note)])
    record(by=by, verb="phone.take_down", subject=account, note=note.id)
    return note
