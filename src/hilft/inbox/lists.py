"""The lists of conversations: what each view holds, and how many."""

from datetime import datetime
from typing import Final, NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet

from hilft.base.clock import now
from hilft.inbox.handling.enums import Sorted
from hilft.inbox.handling.filters import SORTS, Filter, of_view
from hilft.inbox.models import Conversation, Message
from hilft.people.models import User
from hilft.people.queries import require

MOST: Final = 10_000
"""Rows of a list that can be paged, and so far it is counted: of fifty thousand, each page would read them all."""

_VIEWS: Final = (
    "state = 'open'",
    "state = 'open' AND assignee_id = %(user)s",
    "state = 'open' AND assignee_id IS NULL",
    "state = 'later'",
    "follow_up_at <= %(now)s",
)
_STANDING: Final = "SELECT FROM inbox_conversation WHERE merged_into_id IS NULL"
_COUNTS: Final = ", ".join(
    f"(SELECT count(*) FROM ({_STANDING} AND {view} LIMIT %(most)s) AS v)"  # noqa: S608  our own words
    for view in _VIEWS
)
COUNTED: Final = f"""
    SELECT {_COUNTS},
        (SELECT count(*) FROM inbox_mention WHERE read_at IS NULL AND user_id = %(user)s),
        (SELECT min(waiting_since) FROM inbox_conversation WHERE merged_into_id IS NULL AND state = 'open')
"""  # noqa: S608  our own words, values are given beside


class Counts(NamedTuple):
    """How many conversations each view holds, one above `MOST` where there are more; since when the oldest waits."""

    open: int
    mine: int
    unassigned: int
    later: int
    followups: int
    mentions: int
    oldest: datetime | None


def counts(user: User) -> Counts:
    """The numbers beside the views, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, {"user": user.pk, "now": now(), "most": MOST + 1})
        return Counts(*cursor.fetchone())


def conversations(user: User, *, view: str, search: str = "", narrowed: Filter | None = None) -> QuerySet[Conversation]:
    """A view's conversations: what is due next first, done ones newest first, unless the filter sorts otherwise."""
    require(user, "desk.see")
    narrowed = narrowed or Filter()
    found = Conversation.objects.standing().filter(of_view(user, view), narrowed.condition())
    if narrowed.sort in SORTS:
        found = found.order_by(*SORTS[narrowed.sort])
    elif view in {"done", "all", Sorted.SPAM, Sorted.FOREIGN}:
        found = found.order_by("-last_message_at", "-pk")
    elif view in {"later", "followups"}:
        found = found.order_by("later_until" if view == "later" else "follow_up_at", "pk")
    else:
        found = found.due_first()
    if search:
        found = found.filter(
            Q(preview__icontains=search)
            | Q(subject__icontains=search)
            | Q(handle__name__icontains=search)
            | Q(handle__handle__icontains=search)
            | Q(pk__in=Message.objects.filter(text__icontains=search).values("conversation"))
        )
    return found.select_related("account", "handle", "question", "assignee")
