"""What screens ask about people."""

from django.db.models import QuerySet

from hilft.people.errors import NotAllowed
from hilft.people.models import User
from hilft.people.rules import may


def active_staff() -> QuerySet[User]:
    """Everyone who can sign in, by name."""
    return User.objects.filter(is_active=True).order_by("name", "pk")


def all_staff() -> QuerySet[User]:
    """Everyone who ever worked here, active ones first, by name."""
    return User.objects.order_by("-is_active", "name", "pk")


def access_staff(user: User, pk: int) -> User:
    """One member of staff, for those who manage staff."""
    require(user, "staff.manage")
    return User.objects.get(pk=pk)


def require(user: User, action: str) -> None:
    """Raises NotAllowed unless the person's roles cover the action."""
    if not may(user, action):
        raise NotAllowed(action)
