"""For leads: what is due next, what is late, and how long departments take."""

from datetime import datetime, time

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from hilft.base.clock import now
from hilft.desk.frame import StaffRequest, page_of, staff
from hilft.escalation.figures import by_level
from hilft.escalation.queries import ages, due_clocks


@staff("deadline.see")
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """Open promises by what is due, broken ones of today, and figures per level."""
    today = timezone.make_aware(datetime.combine(timezone.localdate(now()), time()))
    context = {
        "view": "deadlines",
        "page": page_of(request, due_clocks(request.user)),
        "ages": ages(request.user, today=today),
        "levels": by_level(request.user),
    }
    return render(request, "desk/escalation/deadlines.html", context)
