"""Hours, promises, departments and their levels, as leads decide on them."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hilft.desk.escalation.forms import DepartmentForm, ExpertForm, LevelForm, PromiseForm
from hilft.desk.escalation.hours import ScheduleForm, text_of, week_as_typed
from hilft.desk.frame import StaffRequest, back_to, say, staff
from hilft.escalation.commands import settings
from hilft.escalation.commands.clocks import start_clocks
from hilft.escalation.models import Department, Level, Promise, Schedule
from hilft.escalation.queries import (
    access_department,
    access_schedule,
    all_departments,
    promises,
    schedules,
    unpromised,
)
from hilft.people.errors import Refusal


@staff("escalation.manage")
@require_http_methods(["GET", "POST"])
def deadlines(request: StaffRequest) -> HttpResponse:
    """All hours and promises; its POST adds a promise."""
    form = PromiseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            settings.save_promise(by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            say(request, _("The promise holds from now on."))
            return back_to("desk:deadline-settings")
    waiting = unpromised()
    rows = [(promise, len(waiting.get(promise.pk, []))) for promise in promises()]
    context = {"view": "escalation", "schedules": list(schedules()), "promises": rows, "form": form}
    return render(request, "desk/escalation/settings.html", context, status=422 if form.errors else 200)


@staff("escalation.manage")
@require_http_methods(["GET", "POST"])
def schedule(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """New hours, or other hours of a schedule from a moment on."""
    found = access_schedule(request.user, pk) if pk else None
    form = ScheduleForm(request.POST or None, initial=_initial(found))
    if request.method == "POST" and form.is_valid():
        try:
            settings.save_schedule(by=request.user, schedule=found, **form.hours())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            say(request, _("Saved: %(name)s") % {"name": form.cleaned_data["name"]})
            return back_to("desk:deadline-settings")
    context = {"view": "escalation", "schedule": found, "form": form}
    return render(request, "desk/escalation/schedule.html", context, status=422 if form.errors else 200)


@staff("escalation.manage")
@require_POST
def promise_start(request: StaffRequest, pk: int) -> HttpResponse:
    """It is promised to those who wait already, too."""
    started = start_clocks(by=request.user, promise=get_object_or_404(Promise, pk=pk))
    said = ngettext("%(n)s deadline runs from now on.", "%(n)s deadlines run from now on.", started)
    say(request, said % {"n": started})
    return back_to("desk:deadline-settings")


@staff("escalation.manage")
@require_POST
def promise_deletion(request: StaffRequest, pk: int) -> HttpResponse:
    """Nothing is promised there any more."""
    settings.delete_promise(by=request.user, promise=get_object_or_404(Promise, pk=pk))
    say(request, _("The promise is deleted."))
    return back_to("desk:deadline-settings")


@staff("escalation.manage")
@require_GET
def departments(request: StaffRequest) -> HttpResponse:
    """Everybody who can be asked."""
    context = {"view": "departments", "departments": list(all_departments())}
    return render(request, "desk/escalation/departments.html", context)


@staff("escalation.manage")
@require_http_methods(["GET", "POST"])
def department(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """Who they are and how they are reached; below it their levels."""
    found = access_department(request.user, pk) if pk else None
    names = ("name", "schedule", "reach", "account", "url", "is_active")
    initial = {name: getattr(found, name) for name in names} | {"topics": ", ".join(found.topics)} if found else {}
    form = DepartmentForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            saved = settings.save_department(by=request.user, department=found, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            say(request, _("Saved: %(name)s") % {"name": saved.name})
            return back_to("desk:department", saved.pk)
    context = {"view": "departments", "department": found, "form": form}
    return render(request, "desk/escalation/department.html", context, status=422 if form.errors else 200)


@staff("escalation.manage")
@require_http_methods(["GET", "POST"])
def expert(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """Somebody who may be asked on a topic."""
    found = access_department(request.user, pk) if pk else None
    if found and not found.is_expert:
        raise Http404
    form = ExpertForm(request.POST or None, initial=_known(found) if found else None)
    if request.method == "POST" and form.is_valid():
        try:
            saved = settings.save_expert(by=request.user, expert=found, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            say(request, _("Saved: %(name)s") % {"name": saved.name})
            return back_to("desk:departments")
    context = {"view": "departments", "expert": found, "form": form}
    return render(request, "desk/escalation/expert.html", context, status=422 if form.errors else 200)


@staff("escalation.manage")
@require_http_methods(["GET", "POST"])
def level(request: StaffRequest, pk: int, number: int | None = None) -> HttpResponse:
    """A level of a department: a new last one, or other people on one."""
    found = access_department(request.user, pk)
    known = get_object_or_404(Level, department=found, number=number) if number else None
    names = ("name", "owner", "deputy", "address", "deputy_address", "acknowledge_minutes", "answer_minutes")
    initial = {name: getattr(known, name) for name in names} if known else {}
    form = LevelForm(request.POST or None, reach=found.reach, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            settings.save_level(by=request.user, department=found, level=known, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            say(request, _("Saved: %(name)s") % {"name": form.cleaned_data["name"]})
            return back_to("desk:department", pk)
    context = {"view": "departments", "department": found, "level": known, "form": form}
    return render(request, "desk/escalation/level.html", context, status=422 if form.errors else 200)


@staff("escalation.manage")
@require_POST
def level_deletion(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    """The last level goes."""
    settings.delete_level(by=request.user, level=get_object_or_404(Level, department=pk, number=number))
    return back_to("desk:department", pk)


def _known(expert: Department) -> dict[str, Any]:
    """The form as it is known; its level says who it is."""
    level = expert.levels.first()
    names = ("address", "deputy", "deputy_address", "acknowledge_minutes", "answer_minutes")
    person = {name: getattr(level, name) for name in names} | {"person": level.owner} if level else {}
    kept = {"name": expert.name, "schedule": expert.schedule, "is_active": expert.is_active}
    return person | kept | {"topics": ", ".join(expert.topics)}


def _initial(schedule: Schedule | None) -> dict[str, Any]:
    """The form as the newest version has it; a new one is open on weekdays."""
    if schedule is None:
        return {f"day{number}": "9:00–17:00" for number in range(5)}
    newest = schedule.versions.all()[0]
    return {"name": schedule.name, "region": newest.region} | week_as_typed(newest.week, newest.days, text_of)
