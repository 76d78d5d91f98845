"""Deadlines as the desk shows them: how much time is left, in words and colour."""

from datetime import datetime, timedelta

from django import template
from django.utils import dates
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hilft.base.clock import now
from hilft.base.templatetags.hilft import ago, icon
from hilft.desk.escalation.hours import STATES
from hilft.escalation.models import Clock, ScheduleVersion

register = template.Library()


@register.simple_tag
def due(clock: Clock | None) -> SafeString:
    """A clock as a chip: how soon a reply is due, or since when it is late."""
    if clock is None:
        return mark_safe("")
    at = now()
    late, soon = at >= clock.due_at, at >= clock.alarms_at
    return format_html(
        '<span class="chip chip-{}">{}<span>{} {}</span></span>',
        "danger" if late else "warn" if soon else "outline",
        icon("octagon-alert" if late else "timer"),
        _("was due") if late else _("due"),
        ago(clock.due_at),
    )


@register.filter
def is_past(at: datetime | None) -> bool:
    """Whether a moment has come."""
    return at is not None and at <= now()


@register.filter
def minutes(number: int) -> str:
    """A promise as people say it: "45 Minuten", "8 Stunden", "1 Stunde 30 Minuten"."""
    hours, rest = divmod(number, 60)
    words = [ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}] if hours else []
    words += [ngettext("%(n)s minute", "%(n)s minutes", rest) % {"n": rest}] if rest or not hours else []
    return " ".join(words)


@register.filter
def spent(time: timedelta) -> str:
    """A measured time in the same words."""
    return minutes(round(time.total_seconds() / 60))


@register.filter
def week_of(version: ScheduleVersion) -> list[tuple[str, list[tuple[int, int, int]]]]:
    """A schedule's week for its picture: each day's name with begin, end and length of its open times in minutes."""
    spans = [[(begin, end, end - begin) for begin, end in day] for day in version.week]
    return [(str(dates.WEEKDAYS[number]), day) for number, day in enumerate(spans)]


@register.filter
def region_name(region: str) -> str:
    """The state or region whose holidays count."""
    return STATES.get(region, region)


@register.filter
def clock_time(minute: int) -> str:
    """Minutes since midnight as a time of day: "8:30", "24:00"."""
    return f"{minute // 60}:{minute % 60:02d}"
