"""What the knowledge base does when the packages below it have news."""

from typing import Any

from django.dispatch import receiver

from hilft.knowledge.care import give_back
from hilft.people.models import User
from hilft.people.signals import left


@receiver(left)
def on_left(user: User, by: User, **_: Any) -> None:
    """Answers of somebody who no longer works on them find another owner."""
    give_back(owner=user, by=by)
