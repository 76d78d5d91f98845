"""What screens ask about people."""

from typing import Any

from django.db.models import F, Q, QuerySet

from hilft.base.prepared import Given, prepared
from hilft.people.errors import NotAllowed
from hilft.people.models import Availability, Contact, Team, User
from hilft.people.rules import MAY, may


def active_staff() -> QuerySet[User]:
    """Everyone who can sign in, by name."""
    return User.objects.filter(is_active=True).order_by("name", "pk")


def answering() -> list[tuple[int, str]]:
    """Key and name of everybody who can be given a conversation, by name; large teams have hundreds."""
    return _answering()


@prepared
def _answering() -> QuerySet[User, tuple[int, str]]:
    return active_staff().filter(roles__overlap=sorted(MAY["conversation.work"])).values_list("pk", "name")


def availability_of(user: User) -> Availability:
    """What somebody takes; as for everybody who has said nothing yet."""
    return Availability.objects.filter(user=user).first() or Availability(user=user)


def all_staff() -> QuerySet[User]:
    """Everyone who ever worked here, active ones first, by name."""
    return User.objects.order_by("-is_active", "name", "pk")


def teams() -> QuerySet[Team]:
    """All teams, by name."""
    return Team.objects.order_by("name", "pk")


def access_staff(user: User, pk: int) -> User:
    """One member of staff, for those who manage staff."""
    require(user, "staff.manage")
    return User.objects.get(pk=pk)


def same_person(contact: Contact) -> QuerySet[Contact]:
    """The contacts that are held for one person with this one, itself among them, the head first."""
    return _held_for(contact.merged_into_id or contact.pk)


def _held_for(head: Any) -> QuerySet[Contact]:
    found = Contact.objects.filter(Q(pk=head) | Q(merged_into=head))
    return found.order_by(F("merged_into").asc(nulls_first=True), "pk")


def keys_of_person(contact: Contact) -> list[int]:
    """Their keys, asked for by themselves: within another query the database looks through everything."""
    return [one.pk for one in _person(contact.merged_into_id or contact.pk)]


@prepared
def _person(head: Given) -> QuerySet[Contact]:
    return _held_for(head).only("merged_into")


def require(user: User, action: str) -> None:
    """Raises NotAllowed unless the person's roles cover the action."""
    if not may(user, action):
        raise NotAllowed(action)
