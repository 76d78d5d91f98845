"""The only writers of customer numbers: linked by a person who says how it is known, and taken away again."""

from collections.abc import Collection
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.contacts.enums import Known
from hilft.contacts.merging import allowed, said_by
from hilft.contacts.models import CustomerNumber, Verification
from hilft.contacts.queries import mails_of
from hilft.customers import asking
from hilft.customers.comparing import letters
from hilft.customers.connector import Trouble
from hilft.customers.enums import By
from hilft.inbox.models import Message
from hilft.people.errors import Refusal
from hilft.people.models import Contact, User
from hilft.people.queries import require, same_person

LONGEST, KEY = 60, 100


class Customer(NamedTuple):
    """A number as the customer system writes it, with the system's own key; as it was typed where that is silent."""

    number: str
    key: str


def link_number(
    *, by: User, contact: Contact, number: str, evidence: str, words: str = "", message: Message | None = None
) -> CustomerNumber:
    """Says that a contact has this number; refuses one that the system does not know, or without evidence.

    A system that is not there or in trouble stands in nobody's way: then the number is taken as it was typed.
    """
    require(by, "conversation.work")
    known = _known(number)
    if Known(evidence) == Known.MAIL:
        _stands_there(mails_of([contact.pk]), known)
    return _link(by=by, contact=contact, known=known, evidence=Known(evidence), words=words.strip(), message=message)


@transaction.atomic
def unlink_number(*, by: User, link: CustomerNumber) -> None:
    """The number is nobody's any more, until somebody brings it back; verifications by it end at once."""
    require(by, "conversation.work")
    gone = CustomerNumber.objects.filter(pk=link.pk, removed_at=None)
    if gone.update(removed_at=now(), removed_by=by):
        Verification.objects.filter(link=link, until__gt=now()).update(until=now())
        record(by=by, verb="contacts.unlink_number", subject=link.contact, link=link.pk)


@transaction.atomic
def restore_number(*, by: User, link: CustomerNumber) -> None:
    """Brings a number back that was taken away; refuses where it was linked anew since."""
    require(by, "conversation.work")
    _lock(link.contact)
    if CustomerNumber.objects.filter(contact=link.contact_id, bare=link.bare, removed_at=None).exists():
        raise Refusal(_("This number is linked already."))
    if CustomerNumber.objects.filter(pk=link.pk).update(removed_at=None, removed_by=None):
        record(by=by, verb="contacts.restore_number", subject=link.contact, link=link.pk)


@transaction.atomic
def _link(
    *, by: User, contact: Contact, known: Customer, evidence: Known, words: str, message: Message | None
) -> CustomerNumber:
    _lock(contact)
    allowed([contact], own_word=evidence == Known.SAID)
    if evidence == Known.SAID:
        said_by(message, list(same_person(contact)))
    if evidence in {Known.COLLEAGUE, Known.OTHER} and not words:
        raise Refusal(_("Say in a few words who says so, or why."))
    bare = letters(known.number)
    if CustomerNumber.objects.filter(contact=contact, bare=bare, removed_at=None).exists():
        raise Refusal(_("This number is linked already."))
    made = CustomerNumber.objects.create(
        contact=contact,
        number=known.number,
        bare=bare,
        key=known.key,
        evidence=evidence,
        words=words[:300],
        message=message if evidence == Known.SAID else None,
        by=by,
    )
    told = {"message": message.pk} if message and evidence == Known.SAID else {}
    record(by=by, verb="contacts.link_number", subject=contact, link=made.pk, evidence=evidence.value, **told)
    return made


def _known(number: str) -> Customer:
    """The customer of a number, asked for where there is somebody to ask."""
    typed = _fitting(" ".join(number.split()))
    try:
        found = asking.meant(asking.found(asking.the_system(), By.NUMBER, typed), typed)
    except Trouble as trouble:
        if trouble.kind == "gone":
            raise Refusal(_("The customer system does not know this number.")) from trouble
        return Customer(typed, "")
    if len(found) != 1:
        raise Refusal(
            _("The customer system knows several customers by this number.")
            if found
            else _("The customer system does not know this number.")
        )
    return Customer(_fitting(found[0].number), found[0].key if len(found[0].key) <= KEY else "")


def _fitting(number: str) -> str:
    if not letters(number) or max(len(number), len(letters(number))) > LONGEST:
        raise Refusal(_("A customer number has letters or digits, at most 60 of them."))
    return number


def _stands_there(mails: Collection[str], known: Customer) -> None:
    """Refuses unless the system has the customer under an address that this contact has proven."""
    try:
        found = [one for mail in sorted(mails) for one in asking.found(asking.the_system(), By.MAIL, mail)]
    except Trouble as trouble:
        raise Refusal(
            _("The customer system cannot be asked for the address now: %(why)s") % {"why": trouble}
        ) from trouble
    if letters(known.number) not in {letters(one.number) for one in found}:
        raise Refusal(_("The customer system has no proven e-mail address of this contact under that number."))


def _lock(contact: Contact) -> None:
    """One at a time for each contact."""
    Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
