"""The lists of conversations: what each view holds, and how many."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, IntegerField, Min, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from hilft.base.clock import now
from hilft.inbox.enums import State
from hilft.inbox.handling.enums import Sorted
from hilft.inbox.handling.filters import SORTS, Filter, of_view
from hilft.inbox.handling.mentions import unread
from hilft.inbox.models import Conversation, Message
from hilft.people.models import User
from hilft.people.queries import require


class Counts(NamedTuple):
    """How many conversations each view holds, and the oldest open question."""

    open: int
    mine: int
    unassigned: int
    later: int
    followups: int
    mentions: int
    oldest: datetime | None


def counts(user: User) -> Counts:
    """The numbers beside the views, in one query."""
    live = Conversation.objects.standing().filter(state__in=[State.OPEN, State.LATER])
    row = live.aggregate(
        open=Count("pk", filter=Q(state=State.OPEN)),
        mine=Count("pk", filter=Q(state=State.OPEN, assignee=user)),
        unassigned=Count("pk", filter=Q(state=State.OPEN, assignee=None)),
        later=Count("pk", filter=Q(state=State.LATER)),
        followups=Count("pk") * 0 + _followups(),
        mentions=Count("pk") * 0 + unread(user),
        oldest=Min("waiting_since", filter=Q(state=State.OPEN)),
    )
    return Counts(**row)


def _followups() -> Coalesce:
    """How many follow-ups are due, as a part of the query that counts what is live, which an index answers alone."""
    due = Conversation.objects.standing().filter(follow_up_at__lte=now()).order_by()
    one = due.annotate(all=Value(1)).values("all").annotate(n=Count("pk"))
    return Coalesce(Subquery(one.values("n"), output_field=IntegerField()), 0)


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
