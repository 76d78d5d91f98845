"""Somebody's weekly hours, and the days on which they are away."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from hilft.base.holidays import Region
from hilft.base.schedules import Schedule, Shifts, Spans


class WorkingHours(models.Model):
    """The hours that somebody works in a week; no row says that nobody has entered any.

    `week` holds seven days from Monday, each a list of shifts in minutes since midnight, which may end on the next day;
    `days` the same by ISO date for single days that differ.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="hours")
    zone = models.CharField(max_length=50, default="Europe/Berlin")
    week = models.JSONField()
    region = models.CharField(max_length=12, choices=[(region.value, region.value) for region in Region], blank=True)
    days: models.JSONField[Any, Any] = models.JSONField(default=dict)

    @property
    def schedule(self) -> Schedule:
        """As the calendar reckons with it; raises ValueError for hours that cannot be."""
        monday, tuesday, wednesday, thursday, friday, saturday, sunday = map(_spans, self.week)
        shifts = Shifts(
            zone=self.zone,
            week=(monday, tuesday, wednesday, thursday, friday, saturday, sunday),
            region=Region(self.region) if self.region else None,
            days={date.fromisoformat(day): _spans(spans) for day, spans in self.days.items()},
        )
        return Schedule([shifts])


class Absence(models.Model):
    """That somebody is away from one day to another, both included; why is nobody's business and stands nowhere."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="absences")
    first = models.DateField()
    last = models.DateField()
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(first__lte=F("last")), name="absence_order"),
            models.CheckConstraint(
                condition=Q(deputy__isnull=True) | ~Q(deputy=F("user")), name="absence_deputy_is_another"
            ),
        ]
        indexes = [models.Index(fields=["last", "first"], name="absence_days")]


def _spans(spans: list[list[int]]) -> Spans:
    return tuple((begin, end) for begin, end in spans)
