"""What screens ask about contacts."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce, Lower

from hilft.base.clock import now
from hilft.base.prepared import Given, prepared
from hilft.contacts.enums import Evidence
from hilft.contacts.models import CustomerNumber, Merge, Note, Verification
from hilft.customers.comparing import letters
from hilft.inbox.enums import Direction
from hilft.inbox.models import Conversation, Message
from hilft.inbox.queries import access_conversation
from hilft.people.models import Contact, Handle, User
from hilft.people.queries import keys_of_person, require

PROVING = ("email", "portal")
"""Channels on which whoever writes has proven an e-mail address."""


class Suggestion(NamedTuple):
    """Another contact that may be the same person, and what speaks for it by itself."""

    contact: Contact
    evidence: Evidence


def contacts(user: User, *, search: str = "") -> QuerySet[Contact]:
    """Everybody who ever wrote to us, one row a person, the newest first; found by name, handle or customer number."""
    require(user, "desk.see")
    found = Contact.objects.filter(merged_into=None)
    if search:
        hits = Contact.objects.filter(
            Q(name__icontains=search)
            | Q(pk__in=Handle.objects.filter(_named(search)).values("contact"))
            | Q(pk__in=_with_numbers([letters(search)]).values("contact"))
        )
        found = found.filter(pk__in=hits.annotate(person=Coalesce("merged_into", "pk")).values("person"))
    return found.order_by("-pk")


def handles_of(heads: Collection[Contact]) -> dict[int, list[Handle]]:
    """For a list: every person's identities, by the key of their head."""
    by_head: dict[int, list[Handle]] = {head.pk: [] for head in heads}
    everybody = Contact.objects.filter(Q(pk__in=by_head) | Q(merged_into__in=by_head))
    for handle in Handle.objects.filter(contact__in=everybody.values("pk")).select_related("contact").order_by("pk"):
        by_head[handle.contact.merged_into_id or handle.contact_id].append(handle)
    return by_head


def access_contact(user: User, pk: int) -> Contact:
    """One contact, for those who see the desk."""
    require(user, "desk.see")
    return Contact.objects.select_related("merged_into").get(pk=pk)


def access_note(user: User, pk: int) -> Note:
    """One note, for those who work on conversations."""
    require(user, "conversation.work")
    return Note.objects.select_related("contact__merged_into").get(pk=pk)


def access_merge(user: User, pk: int) -> Merge:
    """One merge, for those who work on conversations."""
    require(user, "conversation.work")
    return Merge.objects.select_related("source", "target").get(pk=pk)


def access_number(user: User, pk: int) -> CustomerNumber:
    """One customer number that is linked, for those who work on conversations."""
    require(user, "conversation.work")
    return CustomerNumber.objects.select_related("contact__merged_into").get(pk=pk, removed_at=None)


def access_removed_number(user: User, pk: int) -> CustomerNumber:
    """One that is linked no longer, to be brought back."""
    require(user, "conversation.work")
    return CustomerNumber.objects.select_related("contact__merged_into").get(pk=pk, removed_at__isnull=False)


def access_number_in(user: User, conversation: int, pk: int) -> tuple[Conversation, CustomerNumber]:
    """A conversation and a customer number of whoever writes in it, as standing merges have it now."""
    require(user, "conversation.work")
    found = access_conversation(user, conversation)
    person = keys_of_person(found.handle.contact)
    return found, CustomerNumber.objects.select_related("contact").get(pk=pk, contact__in=person, removed_at=None)


def verification_of(link: CustomerNumber, conversation: Conversation) -> Verification | None:
    """The verification that holds for this number in this conversation now."""
    holding = Verification.objects.filter(link=link, conversation=conversation, passed=True, until__gt=now())
    return holding.select_related("by").order_by("-pk").first()


def wrong_attempts(link: CustomerNumber, conversation: Conversation, *, since: datetime) -> int:
    """How often it went wrong of late, in this conversation or with this number anywhere."""
    tried = Q(conversation=conversation) | Q(link__bare=link.bare)
    return Verification.objects.filter(tried, passed=False, at__gt=since).count()


def numbers_of(person: Collection[int]) -> list[CustomerNumber]:
    """The customer numbers of the contacts that are one person, the oldest first."""
    return _numbers(list(person))


@prepared
def _numbers(contacts: Given) -> QuerySet[CustomerNumber]:
    found = CustomerNumber.objects.filter(contact__among=contacts, removed_at=None)
    return found.select_related("contact", "by", "message").order_by("pk")


def identities(person: Collection[int]) -> list[Handle]:
    """The handles on all channels of the contacts that are one person, each with its contact."""
    return _identities(list(person))


@prepared
def _identities(person: Given) -> QuerySet[Handle]:
    return Handle.objects.filter(contact__among=person).select_related("contact").order_by("pk")


def merges_of(person: Collection[int]) -> list[Merge]:
    """What made one person of these contacts and still stands, the newest first."""
    standing = Merge.objects.filter(source__in=person, undone_at=None)
    return list(standing.select_related("source", "target", "by", "message").order_by("-pk"))


def notes_of(person: Collection[int]) -> list[Note]:
    """What people here keep in mind about a person, the newest first; each with how often it was `changed`."""
    return _notes(list(person))


@prepared
def _notes(person: Given) -> QuerySet[Note]:
    notes = Note.objects.filter(contact__among=person, deleted_at=None)
    return notes.select_related("by", "contact").annotate(changed=Count("versions")).order_by("-pk")


def said_in(contacts: Collection[int]) -> QuerySet[Message]:
    """What these contacts wrote, the newest first, to choose from what they said about themselves."""
    found = Message.objects.filter(conversation__handle__contact__in=contacts, direction=Direction.IN, deleted_at=None)
    return found.select_related("conversation__handle", "conversation__account").order_by("-at", "-pk")


def suggestions(person: Collection[int], *, most: int = 5) -> list[Suggestion]:
    """Who may be the same person, because something that both have says so; nothing is merged by itself."""
    by_mail = _heads_of(_with_mails(mails_of(person)).values("contact"))
    by_number = _heads_of(_with_numbers(bare_numbers_of(person)).values("contact"))
    found: dict[int, Suggestion] = {}
    for evidence, heads in ((Evidence.MAIL, by_mail), (Evidence.NUMBER, by_number)):
        for one in heads.exclude(pk__in=person).order_by("pk")[:most]:
            found.setdefault(one.pk, Suggestion(one, evidence))
    return list(found.values())[:most]


def mails_of(person: Collection[int]) -> set[str]:
    """The e-mail addresses that a person has proven by writing from them, or by a link sent there."""
    handles = Handle.objects.filter(contact__in=person, kind__in=PROVING)
    return set(handles.order_by("pk").values_list(Lower("external_id"), flat=True))


def common_mails(one: Contact, other: Contact) -> set[str]:
    """The addresses that both have proven."""
    return mails_of(keys_of_person(one)) & mails_of(keys_of_person(other))


def bare_numbers_of(person: Collection[int]) -> set[str]:
    """The customer numbers of a person, as they are compared."""
    found = CustomerNumber.objects.filter(contact__in=person, removed_at=None)
    return set(found.order_by("pk").values_list("bare", flat=True))


def common_numbers(one: Contact, other: Contact) -> set[str]:
    """The customer numbers that are linked to both."""
    return bare_numbers_of(keys_of_person(one)) & bare_numbers_of(keys_of_person(other))


def _heads_of(contacts: QuerySet[Any, Any]) -> QuerySet[Contact]:
    same = Contact.objects.filter(pk__in=contacts)
    return Contact.objects.filter(pk__in=same.annotate(person=Coalesce("merged_into", "pk")).values("person"))


def _with_numbers(bare: Collection[str]) -> QuerySet[CustomerNumber]:
    return CustomerNumber.objects.filter(bare__in=[number for number in bare if number], removed_at=None)


def _with_mails(mails: set[str]) -> QuerySet[Handle]:
    return Handle.objects.annotate(mail=Lower("external_id")).filter(mail__in=mails, kind__in=PROVING)


def _named(search: str) -> Q:
    return Q(handle__icontains=search) | Q(name__icontains=search)
