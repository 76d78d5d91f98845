"""Saved views: a list's address under a name, with how many conversations it holds."""

from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.inbox.enums import State
from hilft.inbox.handling.filters import Filter, of_view
from hilft.inbox.handling.models import SavedView
from hilft.inbox.models import Conversation
from hilft.people.errors import NotAllowed, Refusal
from hilft.people.models import Team, User
from hilft.people.queries import require
from hilft.people.rules import may

KEPT: Final = ("view", "q", "tag", "network", "language", "topic", "sort")
LIVE: Final = frozenset({"open", "mine", "unassigned", "later", "followups"})
MOST: Final = 20
"""Views that are counted beside the list."""


def saved_views(user: User) -> QuerySet[SavedView]:
    """The person's own views and their teams', in the order that they were put in."""
    found = SavedView.objects.filter(Q(owner=user) | Q(team__members=user)).select_related("team").distinct()
    return found.order_by("position", "pk")


def counted(user: User, views: Iterable[SavedView]) -> list[tuple[SavedView, int | None]]:
    """The views with how many conversations each holds, in one query; only what is live is counted, and no search."""
    views = list(views)[:MOST]
    read = {f"n{view.pk}": QueryDict(view.query) for view in views}
    asked = {name: query for name, query in read.items() if not query.get("q") and query.get("view", "open") in LIVE}
    parts = {
        name: Count("pk", filter=of_view(user, query.get("view", "open")) & Filter.of(query.dict()).condition())
        for name, query in asked.items()
    }
    live = Q(state__in=[State.OPEN, State.LATER]) | Q(follow_up_at__isnull=False)
    found = Conversation.objects.standing().filter(live).aggregate(**parts) if parts else {}
    return [(view, found.get(f"n{view.pk}")) for view in views]


@transaction.atomic
def save_view(*, by: User, name: str, query: str, team: Team | None = None) -> SavedView:
    """Keeps a list's address under a name, for oneself or a team that one is in or leads."""
    require(by, "desk.see")
    name = " ".join(name.split())[:60]
    if not name:
        raise Refusal(_("A view needs a name."))
    if team and not (may(by, "macro.share") or team.members.filter(pk=by.pk).exists()):
        raise NotAllowed("view.share")
    given = QueryDict(query)
    kept = QueryDict(mutable=True)
    for part in KEPT:
        if given.get(part):
            kept[part] = str(given[part])
    last = SavedView.objects.aggregate(last=Max("position"))["last"] or 0
    view = SavedView.objects.create(
        name=name, query=kept.urlencode()[:500], owner=None if team else by, team=team, position=last + 1
    )
    record(by=by, verb="inbox.save_view", subject=view, name=name, query=view.query)
    return view


@transaction.atomic
def move_view(*, by: User, view: SavedView, up: bool) -> None:
    """Puts a view one place earlier or later in the person's list."""
    _own(by, view)
    views = list(saved_views(by))
    place = next(number for number, one in enumerate(views) if one.pk == view.pk)
    other = place - 1 if up else place + 1
    if 0 <= other < len(views):
        views[place].position, views[other].position = views[other].position, views[place].position
        SavedView.objects.bulk_update([views[place], views[other]], ["position"])
        record(by=by, verb="inbox.move_view", subject=view, up=up)


@transaction.atomic
def delete_view(*, by: User, view: SavedView) -> None:
    """Takes a view out; the conversations in it stay where they are."""
    _own(by, view)
    record(by=by, verb="inbox.delete_view", subject=view, name=view.name, query=view.query)
    view.delete()


def _own(by: User, view: SavedView) -> None:
    require(by, "desk.see")
    if not saved_views(by).filter(pk=view.pk).exists():
        raise NotAllowed("view.change")
