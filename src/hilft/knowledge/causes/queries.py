"""What screens ask about causes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, F, OuterRef, QuerySet, Value, When
from django.db.models.functions import JSONObject

from hilft.knowledge.causes.models import Cause, Naming
from hilft.knowledge.enums import CauseState
from hilft.people.models import User
from hilft.people.queries import require


class Named(NamedTuple):
    """A cause that a question names, for whoever answers it."""

    pk: int
    name: str
    state: CauseState
    since: datetime


def causes() -> QuerySet[Cause]:
    """All causes with how many questions name them: open ones first, closed ones last, the newest on top."""
    place = Case(When(state=CauseState.CLOSED, then=Value(1)), default=Value(0))
    found = Cause.objects.select_related("owner").annotate(asked_in=Count("namings"), place=place)
    return found.order_by("place", "-state_since", "-pk")


def access_cause(user: User, pk: int, *, action: str = "knowledge.see") -> Cause:
    """One cause."""
    require(user, action)
    return Cause.objects.select_related("owner", "closed_by").get(pk=pk)


def namings_of(cause: Cause) -> QuerySet[Naming]:
    """The questions that name a cause, most asked first."""
    return cause.namings.select_related("question__answer", "by").order_by("-question__asked", "pk")


def named_by(question: OuterRef) -> ArraySubquery:
    """The causes that an outer query's question names and that are not closed, as JSON for `read`."""
    found = Naming.objects.filter(question=question).exclude(cause__state=CauseState.CLOSED).order_by("pk")
    facts = JSONObject(pk=F("cause"), name=F("cause__name"), state=F("cause__state"), since=F("cause__state_since"))
    return ArraySubquery(found.values_list(facts))


def read(rows: Iterable[dict[str, Any]] | None) -> list[Named]:
    """What `named_by` found."""
    return [
        Named(row["pk"], row["name"], CauseState(row["state"]), datetime.fromisoformat(row["since"]))
        for row in rows or []
    ]
