"""Who works now, who is away until when, and who stands in for them."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.utils import formats
from django.utils.translation import gettext as _

from hilft.base.clock import now
from hilft.base.schedules import Interval
from hilft.people.errors import NotAllowed, Refusal
from hilft.people.hours.models import Absence, WorkingHours
from hilft.people.models import Availability, User
from hilft.people.queries import active_staff
from hilft.people.rules import MAY, may

DAY = timedelta(days=1)


class Shift(NamedTuple):
    """One person at one moment: their absence if there is one, and the time in which they work now or next.

    `hours` is False for somebody of whom no hours are known, who is taken to be there.
    """

    user: User
    absence: Absence | None
    hours: bool
    span: Interval | None
    here: bool

    @property
    def until(self) -> datetime | None:
        """When the time ends in which they work now."""
        return self.span[1] if self.here and self.span else None

    @property
    def again_at(self) -> datetime | None:
        """When somebody who does not work now does so next, as far as it is known."""
        return self.span[0] if not self.here and not self.absence and self.span else None


def shifts_of(users: Iterable[User], *, at: datetime | None = None) -> list[Shift]:
    """Everybody in their order, as they are at a moment: planned hours and absences, never what somebody does."""
    people, at = list(users), at or now()
    hours = {row.user_id: row for row in WorkingHours.objects.filter(user__in=people)}
    absences = absences_at(at, users=people)
    found = []
    for user in people:
        row, absence = hours.get(user.pk), absences.get(user.pk)
        span = row.schedule.following(at) if row else None
        working = row is None or (span is not None and span[0] <= at)
        found.append(Shift(user, absence, row is not None, span, here=absence is None and working))
    return found


def available(*, at: datetime | None = None) -> list[Availability]:
    """Those who are given conversations at a moment: they take some, and are neither away nor outside their hours."""
    taking = Availability.objects.filter(takes=True, user__is_active=True).select_related("user")
    working = list(taking.filter(user__roles__overlap=sorted(MAY["conversation.work"])).order_by("pk"))
    here = {shift.user.pk for shift in shifts_of([one.user for one in working], at=at) if shift.here}
    return [one for one in working if one.user_id in here]


def absences_at(at: datetime, *, users: Iterable[User] | None = None) -> dict[int, Absence]:
    """User → the absence that holds at this moment, on the wall calendar where they work; the longest of several."""
    near = Absence.objects.filter(first__lte=(at + DAY).date(), last__gte=(at - DAY).date())
    if users is not None:
        near = near.filter(user__in=list(users))
    near = near.select_related("deputy", "user__hours").order_by("last", "pk")
    return {absence.user_id: absence for absence in near if absence.first <= _today(absence.user, at) <= absence.last}


def absence_of(user: User, *, at: datetime | None = None) -> Absence | None:
    """The absence of one person at this moment."""
    return absences_at(at or now(), users=[user]).get(user.pk)


def require_present(user: User) -> None:
    """Raises Refusal, saying until when, where somebody is away now: what they are given would go back at once."""
    absence = absence_of(user)
    if absence:
        said = {"name": user.name, "date": formats.date_format(absence.last, "SHORT_DATE_FORMAT")}
        deputy = absence.deputy if absence.deputy and absence.deputy.is_active else None
        if deputy:
            words = _("%(name)s is away until %(date)s. %(deputy)s stands in.")
            raise Refusal(words % (said | {"deputy": deputy.name}))
        raise Refusal(_("%(name)s is away until %(date)s.") % said)


def absences_of(user: User) -> QuerySet[Absence]:
    """Absences of one person that are not over, the next first."""
    found = Absence.objects.filter(user=user, last__gte=_today(user, now()))
    return found.select_related("deputy").order_by("first", "pk")


def hours_of(user: User) -> WorkingHours | None:
    """The hours that were entered for somebody."""
    return WorkingHours.objects.filter(user=user).first()


def today_of(user: User) -> date:
    """The day on the wall calendar where somebody works."""
    return _today(User.objects.select_related("hours").get(pk=user.pk), now())


def access_hours(user: User, pk: int) -> User:
    """Whose hours these are: one's own, or anybody's for those who plan; raises NotAllowed."""
    if user.pk != pk and not may(user, "hours.manage"):
        raise NotAllowed("hours.manage")
    return active_staff().get(pk=pk)


def _today(user: User, at: datetime) -> date:
    row = getattr(user, "hours", None)
    return at.astimezone(ZoneInfo(row.zone if row else settings.TIME_ZONE)).date()
