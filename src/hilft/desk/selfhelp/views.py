"""Solved without contact: counted only against those who were shown nothing, with its interval."""

from datetime import timedelta
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hilft.base.clock import now
from hilft.desk.frame import StaffRequest, staff
from hilft.knowledge.selfhelp import HELD_OUT, Interval, effect, wilson

DAYS: Final = 90
FEW: Final = 30
"""With fewer people on either side, a figure would say more about chance than about the answers."""


@staff("knowledge.see")
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """The last 90 days."""
    until = now()
    found = effect(until - timedelta(days=DAYS), until)
    context = {
        "view": "selfhelp",
        "effect": found,
        "days": DAYS,
        "held_out": HELD_OUT,
        "enough": found.prevented is not None and min(found.shown, found.held) >= FEW,
        "few": FEW,
        "shown_share": percent(wilson(found.shown_asked, found.shown)),
        "held_share": percent(wilson(found.held_asked, found.held)),
    }
    return render(request, "desk/selfhelp/index.html", context)


def percent(found: Interval) -> Interval:
    """In percent, as people read it."""
    return Interval(*(100 * part for part in found))
