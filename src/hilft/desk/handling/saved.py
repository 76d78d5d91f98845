"""Saved views: kept, ordered, thrown away."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hilft.desk.frame import StaffRequest, back_to, say, staff
from hilft.inbox.handling import views
from hilft.inbox.handling.models import SavedView
from hilft.people.models import Team


@staff()
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """The person's views with their counts, to be ordered and thrown away."""
    rows = views.counted(request.user, views.saved_views(request.user))
    return render(request, "desk/handling/saved_views.html", {"view": "saved-views", "rows": rows})


@staff()
@require_POST
def new(request: StaffRequest) -> HttpResponse:
    """Keeps the list that the page shows."""
    team = request.POST.get("team", "")
    made = views.save_view(
        by=request.user,
        name=request.POST.get("name", ""),
        query=request.POST.get("list", ""),
        team=get_object_or_404(Team, pk=team) if team.isdecimal() else None,
    )
    say(request, _("Saved: %(name)s") % {"name": made.name})
    return HttpResponseRedirect(f"{reverse('desk:conversations')}?{made.query}")


@staff()
@require_POST
def move(request: StaffRequest, pk: int) -> HttpResponse:
    """One place earlier or later."""
    views.move_view(by=request.user, view=get_object_or_404(SavedView, pk=pk), up="up" in request.POST)
    return back_to("desk:saved-views")


@staff()
@require_POST
def deletion(request: StaffRequest, pk: int) -> HttpResponse:
    """Takes a view out."""
    views.delete_view(by=request.user, view=get_object_or_404(SavedView, pk=pk))
    return back_to("desk:saved-views")
