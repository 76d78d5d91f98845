"""What everybody sees of their training: the curriculum, modules with lessons, exams, practice, certificates."""

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hilft.base.clock import now
from hilft.desk.frame import StaffRequest, back_to, say, staff
from hilft.desk.training.screen import exam_context, practice_context, required_of
from hilft.people.certificates import certificates_of
from hilft.people.models import Certificate
from hilft.people.rules import may
from hilft.training.commands import learning
from hilft.training.media import part_of
from hilft.training.models import Lesson, Media, Module
from hilft.training.queries import (
    access_exam,
    curriculum,
    exams_of,
    lessons_of,
    media_of,
    modules,
    practices_of,
    progress_in,
)
from hilft.training.queries import task_of as task_in


@staff()
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """What this person's roles ask of them, how far they are, and what they have proven."""
    found = curriculum(request.user)
    at = now()
    context = {
        "view": "training",
        "needed": [one for one in found if one.needed],
        "besides": [one for one in found if not one.needed],
        "certificates": [(one, one.valid(at)) for one in certificates_of(request.user)],
        "missing": required_of(request.user),
    }
    return render(request, "desk/training/index.html", context)


@staff()
@require_GET
def module(request: StaffRequest, key: str) -> HttpResponse:
    """One module: lessons, exam, practice, and what comes next."""
    found = _module(key)
    context = {
        "view": "training",
        "module": found,
        "progress": progress_in(request.user, found),
        "lessons": lessons_of(found, request.user),
        "exams": exams_of(request.user, found),
        "task": task_in(found),
        "practices": practices_of(request.user, found),
    }
    return render(request, "desk/training/module.html", context)


@staff()
@require_http_methods(["GET", "POST"])
def lesson(request: StaffRequest, pk: int) -> HttpResponse:
    """One lesson to read; a button says that it has been read and leads to the next."""
    found = get_object_or_404(Lesson.objects.select_related("module"), pk=pk)
    lessons = lessons_of(found.module, request.user)
    place = next(number for number, (one, _read) in enumerate(lessons) if one.pk == pk)
    after = lessons[place + 1][0] if place + 1 < len(lessons) else None
    if request.method == "POST":
        learning.read_lesson(by=request.user, lesson=found)
        return back_to("desk:lesson", after.pk) if after else back_to("desk:module", found.module.key)
    context = {"view": "training", "lesson": found, "module": found.module, "lessons": lessons, "after": after}
    shown = {"number": place + 1, "media": media_of(found)}
    return render(request, "desk/training/lesson.html", context | shown)


@staff()
@require_GET
def media(request: StaffRequest, pk: int) -> HttpResponse:
    """The bytes of a picture, sound or film, or the part of them that a player asks for."""
    found = get_object_or_404(Media, pk=pk)
    content = bytes(found.content)
    part = part_of(request.headers.get("Range", ""), len(content))
    answer = HttpResponse(content, content_type=found.type)
    if part:
        first, last = part
        answer = HttpResponse(content[first : last + 1], content_type=found.type, status=206)
        answer["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    answer["Accept-Ranges"] = "bytes"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Disposition"] = "inline"
    return answer


@staff()
@require_POST
def exam_begin(request: StaffRequest, key: str) -> HttpResponse:
    """The exam that is open, or a new one."""
    return back_to("desk:exam", learning.begin_exam(by=request.user, module=_module(key)).pk)


@staff()
@require_http_methods(["GET", "POST"])
def exam(request: StaffRequest, pk: int) -> HttpResponse:
    """One exam: its questions while it runs; afterwards what was right, and why."""
    attempt = access_exam(request.user, pk)
    if request.method == "POST":
        answers = {
            number: [int(place) for place in request.POST.getlist(f"q{number}") if place.isdecimal()]
            for number in attempt.questions
        }
        attempt = learning.finish_exam(by=request.user, attempt=attempt, answers=answers)
        return back_to("desk:exam", attempt.pk)
    return render(request, "desk/training/exam.html", {"view": "training"} | exam_context(attempt, request.user))


@staff()
@require_http_methods(["GET", "POST"])
def practice(request: StaffRequest, key: str) -> HttpResponse:
    """A conversation as in earnest, with a reply that goes to a trainer and nowhere else."""
    found = _module(key)
    task = get_object_or_404(type(found.task), module=found)
    if request.method == "POST":
        learning.submit_practice(by=request.user, task=task, text=request.POST.get("text", ""))
        say(request, _("Handed in. A trainer marks it."))
        return back_to("desk:module", key)
    return render(request, "desk/training/practice.html", {"view": "training"} | practice_context(request.user, task))


@staff()
@require_GET
def certificate(request: StaffRequest, pk: int) -> HttpResponse:
    """One certificate, to be printed: one's own, or for those who see everybody's."""
    own = Q() if may(request.user, "certificate.see") else Q(user=request.user)
    found = get_object_or_404(Certificate.objects.select_related("user", "skill", "granted_by"), own, pk=pk)
    context = {"view": "training", "certificate": found, "holds": found.valid(now()), "learnt": _learnt(found)}
    return render(request, "desk/training/certificate.html", context)


def _learnt(certificate: Certificate) -> list[str]:
    """The lessons of the module that leads to it."""
    leading = modules().filter(skill=certificate.skill, channel=certificate.channel, level__lte=certificate.level)
    return [one.said("title") for one in Lesson.objects.filter(module__in=leading).order_by("module", "position", "pk")]


def _module(key: str) -> Module:
    return get_object_or_404(modules(), key=key)
