"""What is stored about those who work here, in plain words, and the switch that was agreed with the works council."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hilft.desk.frame import StaffRequest, back_to, say, staff
from hilft.people import council
from hilft.people.hours.commands import KEPT
from hilft.people.rules import may


@staff()
@require_GET
def show(request: StaffRequest) -> HttpResponse:
    """For everybody: what, who sees it, how long."""
    context = {
        "view": "staff-data",
        "agreed": council.is_agreed(),
        "switches": council.switches(),
        "smallest": council.SMALLEST,
        "days": KEPT.days,
        "manages": may(request.user, "council.manage"),
    }
    return render(request, "desk/people/council.html", context)


@staff("council.manage")
@require_POST
def mode(request: StaffRequest) -> HttpResponse:
    """Switches it, for the whole installation."""
    on = request.POST.get("on") == "yes"
    council.set_mode(by=request.user, on=on)
    say(request, _("The works-council mode is on.") if on else _("The works-council mode is off."))
    return back_to("desk:staff-data")
