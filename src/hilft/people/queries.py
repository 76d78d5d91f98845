"""What screens ask about people."""

from django.db.models import F, Q, QuerySet

from hilft.people.errors import NotAllowed
from hilft.people.models import Availability, Contact, Team, User
from hilft.people.rules import MAY, may


def active_staff() -> QuerySet[User]:
    """Everyone who can sign in, by name."""
    return User.objects.filter(is_active=True).order_by("name", "pk")


def answering() -> list[tuple[int, str]]:
    """Key and name of everybody who can be given a conversation, by name; large teams have hundreds."""
    roles = sorted(MAY["conversation.work"])
    return list(active_staff().filter(roles__overlap=roles).values_list("pk", "name"))


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
    head = contact.merged_into_id or contact.pk
    return Contact.objects.filter(Q(pk=head) | Q(merged_into=head)).order_by(
        F("merged_into").asc(nulls_first=True), "pk"
    )


def keys_of_person(contact: Contact) -> list[int]:
    """Their keys, asked for by themselves: within another query the database looks through everything."""
    return list(same_person(contact).values_list("pk", flat=True))


def require(user: User, action: str) -> None:
    """Raises NotAllowed unless the person's roles cover the action."""
    if not may(user, action):
        raise NotAllowed(action)
