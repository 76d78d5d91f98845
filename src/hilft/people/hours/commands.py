"""The only writers of working hours and absences; the record says that they changed, never which days are meant."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.people.errors import NotAllowed, Refusal
from hilft.people.hours.models import Absence, WorkingHours
from hilft.people.hours.queries import absence_of, today_of
from hilft.people.models import User
from hilft.people.rules import may
from hilft.people.signals import away

Spans = Sequence[tuple[int, int]]
KEPT = timedelta(days=31)
"""So long after its end an absence is kept."""
LONGEST = timedelta(days=3 * 366)


@transaction.atomic
def set_hours(
    *,
    by: User,
    user: User,
    week: Sequence[Spans],
    region: str = "",
    days: Mapping[str, Spans] | None = None,
    zone: str = "Europe/Berlin",
) -> WorkingHours | None:
    """Says when somebody works; a week and no single day without hours takes them away again.

    Oneself, or who plans for others. Refuses shifts that overlap or are longer than a day.
    """
    _may(by, user)
    kept = {day: [list(span) for span in spans] for day, spans in (days or {}).items()}
    row = WorkingHours.objects.select_for_update().filter(user=user).first() or WorkingHours(user=user)
    if len(week) != 7:
        raise Refusal(_("A week has seven days."))
    if not any(week) and not kept:
        WorkingHours.objects.filter(user=user).delete()
        record(by=by, verb="people.set_hours", subject=user, entered=False)
        return None
    row.week, row.days = [[list(span) for span in spans] for spans in week], kept
    row.region, row.zone = region, zone
    try:
        row.schedule.is_open(now())
    except (ValueError, KeyError) as error:
        raise Refusal(_("These hours cannot be: shifts follow one another and are no longer than a day.")) from error
    row.save()
    record(by=by, verb="people.set_hours", subject=user, entered=True)
    tell("people", user=user.pk)
    return row


@transaction.atomic
def add_absence(*, by: User, user: User, first: date, last: date, deputy: User | None = None) -> Absence:
    """Enters that somebody is away, both days included; what they hold goes back as soon as it begins."""
    _may(by, user)
    if last < first:
        raise Refusal(_("The last day comes before the first."))
    if last < today_of(user):
        raise Refusal(_("These days are over."))
    if last - first > LONGEST:
        raise Refusal(_("An absence ends within three years."))
    if deputy and (deputy.pk == user.pk or not deputy.is_active):
        raise Refusal(_("Choose somebody else who works here as deputy."))
    User.objects.select_for_update().get(pk=user.pk)
    if Absence.objects.filter(user=user, first__lte=last, last__gte=first).exists():
        raise Refusal(_("Some of these days are entered already."))
    made = Absence.objects.create(user=user, first=first, last=last, deputy=deputy)
    record(by=by, verb="people.add_absence", subject=user)
    if absence_of(user):
        away.send(User, user=user, by=by)
    tell("people", user=user.pk)
    return made


@transaction.atomic
def end_absence(*, by: User, absence: Absence) -> None:
    """Somebody is back earlier, or does not leave: days that have begun before today stay, the others go."""
    absence = Absence.objects.select_for_update(of=("self",)).select_related("user").get(pk=absence.pk)
    _may(by, absence.user)
    yesterday = today_of(absence.user) - timedelta(days=1)
    if absence.first > yesterday:
        absence.delete()
    elif absence.last > yesterday:
        absence.last = yesterday
        absence.save(update_fields=["last"])
    record(by=by, verb="people.end_absence", subject=absence.user)
    tell("people", user=absence.user_id)


@transaction.atomic
def forget_absences() -> int:
    """Deletes absences that ended a month ago; nobody needs them any more. Returns how many."""
    gone, _kinds = Absence.objects.filter(last__lt=(now() - KEPT).date()).delete()
    if gone:
        record(by=None, verb="people.forget_absences", subject=None, number=gone)
    return gone


def _may(by: User, user: User) -> None:
    if not by.is_active or (by.pk != user.pk and not may(by, "hours.manage")):
        raise NotAllowed("hours.manage")
