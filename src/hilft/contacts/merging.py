"""Contacts are held for one person, by somebody's word and with evidence; it can be undone in any order.

A merge moves nothing: handles, notes and conversations stay with their contact, which points to the
head that stands for the person. The merges that were not undone are the truth: each says "this head goes under that
one", so they form trees, and `merged_into` is the tree's root, kept for asking quickly. Undoing takes one away, and
what hung on it hangs together again as if it had never been.
"""

from collections.abc import Collection
from typing import Final

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.channels.ledger import values
from hilft.channels.registry import label
from hilft.contacts.enums import Evidence
from hilft.contacts.models import Merge
from hilft.contacts.queries import common_mails, common_numbers
from hilft.inbox.models import Message
from hilft.people.errors import Refusal
from hilft.people.models import Contact, Handle, User
from hilft.people.queries import require, same_person

TURN: Final = 7403
MAY_MERGE, OWN_WORD = "identity.merge", "identity.own_word"
"""Facts of a network's ledger: whether its identities may be held for one person, and whether only by their word."""


@transaction.atomic
def merge(
    *,
    by: User,
    source: Contact,
    target: Contact,
    evidence: str,
    words: str = "",
    message: Message | None = None,
) -> Merge:
    """Holds two contacts for one person; refuses without evidence, or where a network's rules forbid it."""
    require(by, "conversation.work")
    _take_turns()
    source, target = (Contact.objects.select_related("merged_into").get(pk=one.pk).head for one in (source, target))
    if source.pk == target.pk:
        raise Refusal(_("These are held for one person already."))
    both = list(same_person(source)) + list(same_person(target))
    allowed(both, own_word=Evidence(evidence) == Evidence.SAID)
    _holds(Evidence(evidence), words.strip(), message, source, target)
    made = Merge.objects.create(
        source=source, target=target, evidence=evidence, words=words.strip()[:300], message=message, by=by
    )
    Contact.objects.filter(Q(pk=source.pk) | Q(merged_into=source)).update(merged_into=target)
    told = {"message": message.pk} if message else {}
    record(by=by, verb="contacts.merge", subject=target, source=source.pk, merge=made.pk, evidence=evidence, **told)
    return made


@transaction.atomic
def undo(*, by: User, merge: Merge) -> Contact:
    """Takes a merge back; returns the contact that stands for itself again. A second time changes nothing."""
    require(by, "conversation.work")
    _take_turns()
    merge = Merge.objects.select_related("source", "target").get(pk=merge.pk)
    source = merge.source
    if merge.undone_at:
        return source
    merge.undone_at, merge.undone_by = now(), by
    merge.save(update_fields=["undone_at", "undone_by"])
    Contact.objects.filter(pk__in=_under(source)).update(merged_into=source)
    Contact.objects.filter(pk=source.pk).update(merged_into=None)
    record(by=by, verb="contacts.undo_merge", subject=merge.target, source=source.pk, merge=merge.pk)
    return Contact.objects.get(pk=source.pk)


def allowed(contacts: Collection[Contact], *, own_word: bool) -> None:
    """Refuses where a network of these contacts' identities forbids to tie them to anything else."""
    for kind in Handle.objects.filter(contact__in=contacts).order_by("kind").values_list("kind", flat=True).distinct():
        rules = values(kind)
        if not rules.get(MAY_MERGE, True):
            raise Refusal(
                _("Identities on %(network)s are never tied to a person here: its rules, or yours, forbid it.")
                % {"network": label(kind)}
            )
        if rules.get(OWN_WORD, False) and not own_word:
            raise Refusal(
                _(
                    "The rules of %(network)s ask for the customer's own word before their identity there is tied "
                    "to anything else. Choose the message in which they say so."
                )
                % {"network": label(kind)}
            )


def said_by(message: Message | None, contacts: Collection[Contact]) -> None:
    """Refuses a message that none of these contacts wrote."""
    if message is None or not message.is_inbound or message.conversation.handle.contact not in contacts:
        raise Refusal(_("Choose the message in which this customer says so."))


def _holds(evidence: Evidence, words: str, message: Message | None, source: Contact, target: Contact) -> None:
    """Whether what is claimed is so, as far as it can be looked up."""
    if evidence == Evidence.MAIL and not common_mails(source, target):
        raise Refusal(_("No e-mail address is proven for both."))
    if evidence == Evidence.NUMBER and not common_numbers(source, target):
        raise Refusal(_("No customer number is linked to both."))
    if evidence == Evidence.SAID:
        said_by(message, [*same_person(source), *same_person(target)])
    if evidence in {Evidence.COLLEAGUE, Evidence.OTHER} and not words:
        raise Refusal(_("Say in a few words who says so, or why."))


def _under(contact: Contact) -> set[int]:
    """The contacts that standing merges put under this one, directly or through others."""
    found: set[int] = set()
    fresh = {contact.pk}
    while fresh:
        fresh = set(Merge.objects.filter(target__in=fresh, undone_at=None).values_list("source", flat=True)) - found
        found |= fresh
    return found


def _take_turns() -> None:
    """Merges are rare, and two at once could tie a knot."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])
