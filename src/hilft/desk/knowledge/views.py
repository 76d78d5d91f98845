"""The editor's pages: all questions, one question, and a version being written and published."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hilft.desk.corrections.screen import what_happens
from hilft.desk.frame import StaffRequest, back_to, is_fragment, say, staff
from hilft.desk.knowledge.forms import AnswerForm, PublishForm, QuestionForm, initial_of
from hilft.desk.knowledge.screen import (
    current_and_progress,
    edit_context,
    fingerprint,
    list_context,
    parts_of,
    preview_context,
    question_context,
)
from hilft.knowledge import commands
from hilft.knowledge.models import Question, Version
from hilft.knowledge.proposals import offer
from hilft.knowledge.queries import access_question, topics
from hilft.knowledge.rules import word_of
from hilft.people.errors import Refusal
from hilft.people.rules import right_of
from hilft.publishing.enums import CorrectionState
from hilft.publishing.foresight import foresee
from hilft.publishing.models import Correction


@staff("knowledge.see")
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """Every question, most asked first."""
    template = "rows.html" if is_fragment(request) else "index.html"
    return render(request, f"desk/knowledge/{template}", list_context(request))


@staff("knowledge.see")
@require_GET
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """One question with its answer, wordings, history, and the replies made from it; a merged one leads to another."""
    question = access_question(request.user, pk)
    if question.merged_into_id:
        return back_to("desk:question", question.merged_into_id)
    return render(request, "desk/knowledge/show.html", question_context(request, question))


@staff("knowledge.write")
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """A new question; its answer comes next."""
    form = QuestionForm(request.POST or None, initial={"title": request.GET.get("title", "")})
    if request.method == "POST" and form.is_valid():
        question = commands.add_question(by=request.user, **form.cleaned_data)
        return back_to("desk:question-edit", question.pk)
    return render(request, "desk/knowledge/new.html", {"view": "questions", "form": form, "topics": topics()})


@staff("knowledge.write")
@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """The version in progress; what was typed is never lost, whatever others did meanwhile."""
    question = access_question(request.user, pk)
    current, progress = current_and_progress(question)
    if request.method == "POST":
        return _save(request, question, current, progress)
    based_on = current.number if current else None
    initial = initial_of(progress or current) | {"note": progress.note if progress else ""}
    form = AnswerForm(initial=initial | {"based_on": based_on, "seen": fingerprint(progress)})
    texts = AnswerForm(initial)
    texts.is_valid()
    context = edit_context(question, form, texts=texts.texts()) | {"progress": progress, "current": current}
    return render(request, "desk/knowledge/edit.html", context)


def _save(request: StaffRequest, question: Question, current: Version | None, progress: Version | None) -> HttpResponse:
    form = AnswerForm(request.POST)
    context: dict[str, object] = {"progress": progress, "current": current}
    if not form.is_valid() or request.POST.get("action") == "preview":
        return render(request, "desk/knowledge/edit.html", edit_context(question, form) | context)
    try:
        _write(request, question, form, progress)
    except commands.Stale as stale:
        return _stale(request, question, form, context | {"stale": str(stale)})
    if request.POST.get("action") == "publish":
        return back_to("desk:question-publish", question.pk)
    say(request, _("Saved. Nobody but the team sees it until it is published."))
    return back_to("desk:question-edit", question.pk)


def _write(request: StaffRequest, question: Question, form: AnswerForm, progress: Version | None) -> None:
    if progress and form.cleaned_data["seen"] != fingerprint(progress):
        raise commands.Stale(
            _("Somebody else saved this version meanwhile. Your text is kept: compare and save again.")
        )
    commands.write_version(
        by=request.user,
        question=question,
        texts=form.texts(),
        note=form.cleaned_data["note"],
        based_on=form.cleaned_data["based_on"],
    )


def _stale(request: StaffRequest, question: Question, form: AnswerForm, context: dict[str, object]) -> HttpResponse:
    """The form again with everything typed, and the other's text beside it; the next save is meant to replace it."""
    current, progress = current_and_progress(question)
    data = request.POST.copy()
    data["based_on"], data["seen"] = str(current.number) if current else "", fingerprint(progress)
    renewed = AnswerForm(data)
    renewed.is_valid()
    theirs = parts_of(progress or current)
    mine = form.texts()
    differences = [(p.label, p.text.body, mine[p.text.language, p.text.address].body) for p in theirs if p.text]
    context |= {"differences": [d for d in differences if d[1].strip() != d[2].strip()]}
    return render(request, "desk/knowledge/edit.html", edit_context(question, renewed) | context, status=409)


@staff("knowledge.write")
@require_POST
def preview(request: StaffRequest, pk: int) -> HttpResponse:
    """How the text will stand on each network, while it is being typed."""
    form = AnswerForm(request.POST)
    form.is_valid()
    context = preview_context(access_question(request.user, pk), form)
    return render(request, "desk/knowledge/previews.html", context)


@staff("knowledge.publish")
@require_http_methods(["GET", "POST"])
def publish(request: StaffRequest, pk: int) -> HttpResponse:
    """Makes the version in progress the one that holds, after saying what becomes of earlier replies."""
    question = access_question(request.user, pk)
    current, progress = current_and_progress(question)
    if progress is None:
        raise Refusal(_("There is no version in progress. Edit the answer first."))
    form = PublishForm(request.POST or None, initial={"replies": PublishForm.CORRECT, "seen": fingerprint(progress)})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["seen"] != fingerprint(progress):
            raise commands.Stale(_("Somebody else saved this version meanwhile. Look at it again, then publish."))
        return _published(request, form, progress)
    items = foresee(progress)
    context = {
        "view": "questions",
        "question": question,
        "progress": progress,
        "at_once": _may_publish(request, progress),
        "parts": parts_of(progress, current),
        "form": form,
        "items": items,
        "channels": len({item.placement.account.kind for item in items}),
        "summary": what_happens(items),
    }
    return render(request, "desk/knowledge/publish.html", context)


def _may_publish(request: StaffRequest, version: Version) -> bool:
    own = version.author_id == request.user.pk
    return word_of(right_of(request.user), own=own, governance=version.answer.governance) is not None


def _published(request: StaffRequest, form: PublishForm, version: Version) -> HttpResponse:
    if not _may_publish(request, version):
        offer(by=request.user, version=version)
        say(request, _("Proposed: it waits for a second person."))
        return back_to("desk:proposal", version.pk)
    keep = form.cleaned_data["replies"] == PublishForm.KEEP
    reason = form.cleaned_data["reason"] if keep else ""
    commands.publish_version(by=request.user, version=version, wording_only=keep, reason=reason)
    question = version.answer.question_id
    say(request, _("Version %(number)s is published.") % {"number": version.number})
    batch = Correction.objects.filter(version=version, state=CorrectionState.PLANNED).first()
    return back_to("desk:correction", batch.pk) if batch else back_to("desk:question", question)
