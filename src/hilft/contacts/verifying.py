"""Verification before personal data: what the customer said is compared here, and only the result is kept.

It belongs to one number in one conversation. Who is seen as one person changes with merges; so whether a number is
the writer's is asked anew each time, and what was verified elsewhere counts for nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.contacts.models import CustomerNumber, Verification
from hilft.contacts.queries import verification_of, wrong_attempts
from hilft.customers import asking
from hilft.customers.comparing import agrees
from hilft.customers.connector import Trouble
from hilft.customers.mapping import Field, Record
from hilft.customers.models import System
from hilft.inbox.models import Conversation
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.queries import require, same_person
from hilft.people.rules import may

WITHIN: Final = timedelta(hours=1)


class Compared(NamedTuple):
    """What was compared, and whether everything was right."""

    means: Sequence[str]
    right: bool


def verify(*, by: User, conversation: Conversation, link: CustomerNumber, said: Mapping[str, str]) -> Verification:
    """Compares what was said, by the fields' pointers, with the record as the system has it now.

    Everything that was said has to be right, and it has to be enough of it. Refuses too little, a system that does not
    answer, and whoever has no attempt left.
    """
    require(by, "conversation.work")
    system = asking.the_system()
    if system is None:
        raise Refusal(_("No customer system is connected."))
    try:
        known = asking.record_of(system, number=link.number, key=link.key)
    except Trouble as trouble:
        raise Refusal(_("Nothing could be compared: %(why)s") % {"why": trouble}) from trouble
    compared = _compared(system, known, said)
    return _keep(by=by, conversation=conversation, link=link, system=system, compared=compared)


@transaction.atomic
def see_personal(*, by: User, conversation: Conversation, link: CustomerNumber) -> Verification:
    """Lets somebody see personal fields once, which is recorded; refuses while nobody is verified here."""
    require(by, "conversation.work")
    _is_theirs(conversation, link)
    holding = verification_of(link, conversation)
    if holding is None:
        raise Refusal(_("Verify the customer first: personal data is shown after that."))
    record(by=by, verb="contacts.see_personal", subject=conversation, link=link.pk, verification=holding.pk)
    return holding


def tries_left(system: System, link: CustomerNumber, conversation: Conversation, user: User) -> int:
    """How many wrong attempts this person has left here and with this number; a lead has twice as many as others."""
    most = system.attempts * (2 if may(user, "verification.more") else 1)
    return max(0, most - wrong_attempts(link, conversation, since=now() - WITHIN))


def too_often(user: User) -> str:
    """What to do when no attempt is left."""
    if may(user, "verification.more"):
        return _("It went wrong too often: wait until an hour is over.")
    return _("It went wrong too often within an hour: a team lead has to do it now.")


def _compared(system: System, known: Record, said: Mapping[str, str]) -> Compared:
    """Refuses half a check, and fewer than needed: nothing was compared then, and nothing counts."""
    values = {value.field.pointer: value.value for value in known.values}
    given = {pointer: words.strip() for pointer, words in said.items() if words.strip()}
    asked = {name: fields for name, fields in system.checks.items() if any(f.pointer in given for f in fields)}
    if any(field.pointer not in given for fields in asked.values() for field in fields):
        raise Refusal(_("What is checked together has to be filled in together."))
    if len(asked) < system.needed:
        raise Refusal(_("Fill in at least %(n)s of the checks.") % {"n": system.needed})
    fields: list[Field] = [field for fields in asked.values() for field in fields]
    right = all(agrees(field.kind, given[field.pointer], values[field.pointer]) for field in fields)
    return Compared(list(asked), right)


@transaction.atomic
def _keep(
    *, by: User, conversation: Conversation, link: CustomerNumber, system: System, compared: Compared
) -> Verification:
    """Writes the result, one at a time for the conversation and the number, so that attempts are counted rightly."""
    Conversation.objects.select_for_update(of=("self",)).get(pk=conversation.pk)
    list(CustomerNumber.objects.select_for_update().filter(bare=link.bare).order_by("pk").values_list("pk"))
    _is_theirs(conversation, link)
    if not tries_left(system, link, conversation, by):
        raise Refusal(too_often(by))
    until = now() + timedelta(hours=system.hours) if compared.right else None
    made = Verification.objects.create(
        link=link, conversation=conversation, means=compared.means, passed=compared.right, until=until, by=by
    )
    told = {"until": until.isoformat()} if until else {}
    means = list(compared.means)
    record(by=by, verb="contacts.verify", subject=conversation, link=link.pk, passed=made.passed, means=means, **told)
    return made


def _is_theirs(conversation: Conversation, link: CustomerNumber) -> None:
    """Refuses a number that is not linked to whoever writes in this conversation, as it stands now."""
    person = same_person(Conversation.objects.select_related("handle__contact").get(pk=conversation.pk).handle.contact)
    if not CustomerNumber.objects.filter(pk=link.pk, contact__in=person, removed_at=None).exists():
        raise Refusal(_("This number is not linked to whoever writes here."))
