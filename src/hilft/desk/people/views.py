"""Who works now and who is away, for those who plan; and everybody's own hours and absences."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hilft.desk.frame import StaffRequest, back_to, say, staff
from hilft.desk.people.forms import AbsenceForm, HoursForm, typed
from hilft.people.errors import Refusal
from hilft.people.hours import commands
from hilft.people.hours.models import Absence
from hilft.people.hours.queries import absences_of, access_hours, hours_of, shifts_of
from hilft.people.models import User
from hilft.people.queries import active_staff


@staff("people.see")
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """Everybody by whether they work now, as it was planned: nothing here is measured."""
    found = shifts_of(active_staff().prefetch_related("teams"))
    context = {
        "view": "people",
        "here": [one for one in found if one.here],
        "off": [one for one in found if not one.here and not one.absence],
        "away": sorted((one for one in found if one.absence), key=lambda one: one.absence.last),  # type: ignore[union-attr]
    }
    return render(request, "desk/people/index.html", context)


@staff()
@require_http_methods(["GET", "POST"])
def hours(request: StaffRequest, pk: int) -> HttpResponse:
    """Somebody's week and the days on which they are away."""
    person = access_hours(request.user, pk)
    form = HoursForm(request.POST or None, initial=typed(hours_of(person)))
    if request.method == "POST" and form.is_valid():
        try:
            commands.set_hours(by=request.user, user=person, **form.hours())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            say(request, _("Saved."))
            return back_to("desk:person", pk)
    return _page(request, person, form, AbsenceForm(of=person))


@staff()
@require_POST
def absence(request: StaffRequest, pk: int) -> HttpResponse:
    """Enters that somebody is away."""
    person = access_hours(request.user, pk)
    form = AbsenceForm(request.POST, of=person)
    if form.is_valid():
        try:
            commands.add_absence(by=request.user, user=person, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            say(request, _("Entered."))
            return back_to("desk:person", pk)
    return _page(request, person, HoursForm(initial=typed(hours_of(person))), form)


@staff()
@require_POST
def absence_end(request: StaffRequest, pk: int) -> HttpResponse:
    """Somebody is back, or does not leave."""
    found = get_object_or_404(Absence, pk=pk)
    access_hours(request.user, found.user_id)
    commands.end_absence(by=request.user, absence=found)
    say(request, _("Taken out."))
    return back_to("desk:person", found.user_id)


def _page(request: StaffRequest, person: User, form: HoursForm, away: AbsenceForm) -> HttpResponse:
    context = {
        "view": "preferences" if person.pk == request.user.pk else "people",
        "person": person,
        "form": form,
        "away": away,
        "absences": absences_of(person),
        "shift": shifts_of([person])[0],
    }
    return render(request, "desk/people/hours.html", context, status=422 if form.errors or away.errors else 200)
