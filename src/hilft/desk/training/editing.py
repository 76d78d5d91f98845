"""The editor of what is taught: modules with their lessons, questions and practice task; what is required."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hilft.desk.frame import StaffRequest, back_to, say, staff
from hilft.desk.training import forms as written
from hilft.people.certificates import every_requirement
from hilft.people.certifying import delete_requirement, save_requirement
from hilft.people.errors import Refusal
from hilft.people.models import Requirement
from hilft.training.commands import editing
from hilft.training.media import MOST
from hilft.training.models import ExamQuestion, Lesson, Media, Module
from hilft.training.queries import every_module, media_of, questions_of, task_of

EDIT = "desk/training/edit.html"


@staff("training.teach")
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """All modules, paused ones too."""
    return render(request, "desk/training/modules_edit.html", {"view": "training-modules", "modules": every_module()})


@staff("training.teach")
@require_http_methods(["GET", "POST"])
def module(request: StaffRequest, pk: int = 0) -> HttpResponse:
    """A module, new or known, with what hangs on it."""
    found = get_object_or_404(Module.objects.select_related("skill"), pk=pk) if pk else None
    form = written.ModuleForm(
        request.POST or None, initial=written.first_of(found, written.ModuleForm) if found else None
    )
    if request.method == "POST" and form.is_valid():
        saved = editing.save_module(by=request.user, module=found, **form.cleaned_data)
        say(request, _("Saved: %(name)s") % {"name": saved.said("title")})
        return back_to("desk:module-edit", saved.pk)
    hanging = {
        "lessons": found.lessons.order_by("position", "pk") if found else [],
        "questions": questions_of(found) if found else [],
        "task": task_of(found) if found else None,
    }
    context = {"view": "training-modules", "module": found, "form": form} | hanging
    return render(request, "desk/training/module_edit.html", context)


@staff("training.teach")
@require_http_methods(["GET", "POST"])
def lesson(request: StaffRequest, pk: int, lesson: int = 0) -> HttpResponse:
    """A lesson, new or known."""
    home = get_object_or_404(Module, pk=pk)
    found = get_object_or_404(Lesson, pk=lesson, module=home) if lesson else None
    first = written.first_of(found, written.LessonForm) if found else {"position": home.lessons.count()}
    form = written.LessonForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        editing.save_lesson(by=request.user, module=home, lesson=found, **form.cleaned_data)
        return _saved(request, home)
    media = {"media": media_of(found), "adding": written.MediaForm()} if found else {}
    return render(request, EDIT, _context(home, form, _("Lesson"), lesson=found, **media))


@staff("training.teach")
@require_POST
def media(request: StaffRequest, pk: int, lesson: int) -> HttpResponse:
    """Adds a picture, sound or film to a lesson."""
    found = get_object_or_404(Lesson, pk=lesson, module=pk)
    form = written.MediaForm(request.POST, request.FILES)
    if not form.is_valid():
        raise Refusal(_("Choose a file, and say in words what it shows."))
    file = form.cleaned_data["file"]
    said = {name: form.cleaned_data[name] for name in ("alt", "alt_en")}
    editing.add_media(by=request.user, lesson=found, content=file.read(max(MOST.values()) + 1), **said)
    say(request, _("It stands in the lesson now."))
    return back_to("desk:lesson-edit", pk, lesson)


@staff("training.teach")
@require_POST
def media_deletion(request: StaffRequest, pk: int) -> HttpResponse:
    """Takes it out of its lesson."""
    found = get_object_or_404(Media.objects.defer("content").select_related("lesson"), pk=pk)
    editing.delete_media(by=request.user, media=found)
    say(request, _("It is gone."))
    return back_to("desk:lesson-edit", found.lesson.module_id, found.lesson_id)


@staff("training.teach")
@require_POST
def lesson_deletion(request: StaffRequest, pk: int, lesson: int) -> HttpResponse:
    """Takes a lesson out for good."""
    home = get_object_or_404(Module, pk=pk)
    editing.delete_lesson(by=request.user, lesson=get_object_or_404(Lesson, pk=lesson, module=home))
    say(request, _("The lesson is gone."))
    return back_to("desk:module-edit", pk)


@staff("training.teach")
@require_http_methods(["GET", "POST"])
def question(request: StaffRequest, pk: int, question: int = 0) -> HttpResponse:
    """A question of the bank, new or known."""
    home = get_object_or_404(Module, pk=pk)
    found = get_object_or_404(ExamQuestion, pk=question, module=home) if question else None
    first = written.first_of(found, written.QuestionForm) if found else None
    form = written.QuestionForm(request.POST or None, initial=first)
    rows = written.Choices(request.POST or None, initial=written.choices_of(found), prefix="choice")
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        chosen = _rows(rows)
        editing.save_question(by=request.user, module=home, question=found, choices=chosen, **form.cleaned_data)
        return _saved(request, home)
    return render(request, EDIT, _context(home, form, _("Exam question"), rows=rows))


@staff("training.teach")
@require_http_methods(["GET", "POST"])
def task(request: StaffRequest, pk: int) -> HttpResponse:
    """The practice task of a module."""
    home = get_object_or_404(Module, pk=pk)
    found = task_of(home)
    first = written.first_of(found, written.TaskForm) if found else None
    form = written.TaskForm(request.POST or None, initial=first)
    rows = written.Criteria(request.POST or None, initial=written.criteria_of(found), prefix="criterion")
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        editing.save_task(by=request.user, module=home, criteria=_rows(rows), **form.cleaned_data)
        return _saved(request, home)
    return render(request, EDIT, _context(home, form, _("Practice task"), rows=rows))


@staff("requirement.manage")
@require_http_methods(["GET", "POST"])
def requirements(request: StaffRequest) -> HttpResponse:
    """Which certificate is required for what; a change holds from the next request on."""
    form = written.RequirementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        save_requirement(by=request.user, **form.cleaned_data)
        say(request, _("Required from now on."))
        return back_to("desk:requirements")
    context = {"view": "requirements", "requirements": every_requirement(), "form": form}
    return render(request, "desk/training/requirements.html", context)


@staff("requirement.manage")
@require_POST
def requirement_end(request: StaffRequest, pk: int) -> HttpResponse:
    """Requires it no longer."""
    delete_requirement(by=request.user, requirement=get_object_or_404(Requirement, pk=pk))
    say(request, _("No longer required."))
    return back_to("desk:requirements")


def _rows(formset: Any) -> list[dict[str, Any]]:
    return [row for row in formset.cleaned_data if row.get("de")]


def _saved(request: StaffRequest, home: Module) -> HttpResponse:
    say(request, _("Saved: %(name)s") % {"name": home.said("title")})
    return back_to("desk:module-edit", home.pk)


def _context(home: Module, form: forms.Form, name: str, **more: object) -> dict[str, object]:
    return {"view": "training-modules", "module": home, "form": form, "name": name} | more
