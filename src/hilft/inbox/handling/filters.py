"""What a list of conversations is narrowed down to, by its address: the same for lists, counts and saved views."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from django.db.models import Q

from hilft.inbox.enums import State
from hilft.inbox.handling.enums import Sorted
from hilft.people.models import User

NAMES: Final = ("tag", "network", "language", "topic", "sort")
SORTS: Final = {
    "waiting": ("waiting_since", "pk"),
    "newest": ("-last_message_at", "-pk"),
    "oldest": ("created_at", "pk"),
}


class Filter(NamedTuple):
    """Empty parts narrow nothing down."""

    tag: str = ""
    network: str = ""
    language: str = ""
    topic: str = ""
    sort: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, Any]) -> "Filter":
        """As an address says it."""
        return cls(**{name: str(asked.get(name, "")).strip() for name in NAMES})

    def condition(self) -> Q:
        """What conversations must be like."""
        found = Q()
        if self.tag:
            found &= Q(tags__contains=[self.tag])
        if self.network:
            found &= Q(account__kind=self.network)
        if self.language:
            found &= Q(language=self.language)
        if self.topic:
            found &= Q(topic=self.topic)
        return found


def of_view(user: User, view: str) -> Q:
    """The conversations that a view holds."""
    match view:
        case "mine":
            return Q(state=State.OPEN, assignee=user)
        case "unassigned":
            return Q(state=State.OPEN, assignee=None)
        case "later":
            return Q(state=State.LATER)
        case "done":
            return Q(state=State.DONE, sorted_out=Sorted.NO)
        case Sorted.SPAM | Sorted.FOREIGN:
            return Q(sorted_out=view)
        case "followups":
            return Q(follow_up_at__isnull=False)
        case "all":
            return Q()
        case _:
            return Q(state=State.OPEN)
