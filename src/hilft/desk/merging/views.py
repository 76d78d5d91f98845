"""Merging a question into another one, splitting it, and undoing both; what will move is shown before."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hilft.desk.frame import StaffRequest, back_to, is_fragment, say, staff
from hilft.desk.merging.forms import SplitForm
from hilft.inbox.queries import asked_in
from hilft.knowledge import moves
from hilft.knowledge.models import Move, Question
from hilft.knowledge.moves import Choice
from hilft.knowledge.queries import access_question, questions_for_editors, topics
from hilft.people.errors import Refusal
from hilft.publishing.models import Placement

FOUND = 8
LISTED = 100
"""Conversations of a split that are shown one by one; those beyond follow their wordings."""


@staff("knowledge.write")
@require_http_methods(["GET", "POST"])
def merge(request: StaffRequest, pk: int) -> HttpResponse:
    """Chooses the question that stays, shows what goes there, and merges."""
    question = access_question(request.user, pk)
    into = request.POST.get("into") or request.GET.get("into", "")
    target = get_object_or_404(Question.objects.select_related("answer__current"), pk=into) if into else None
    if request.method == "POST":
        if target is None:
            raise Refusal(_("Choose the question that stays."))
        move = moves.merge(by=request.user, source=question, into=target)
        title = {"title": question.title}
        say(request, _("Merged: “%(title)s”") % title, undo=reverse("desk:move-undo", args=[move.pk]))
        return back_to("desk:question", move.target_id)
    words = request.GET.get("q", "").strip()
    context = {
        "view": "questions",
        "question": question,
        "target": target,
        "q": words,
        "found": _others(question, words) if target is None else [],
        "moving": _all_of(question) if target else {},
    }
    template = "found.html" if is_fragment(request) else "merge.html"
    return render(request, f"desk/merging/{template}", context)


@staff("knowledge.write")
@require_http_methods(["GET", "POST"])
def split(request: StaffRequest, pk: int) -> HttpResponse:
    """Chooses wordings, shows which conversations and replies go with them, and splits."""
    question = access_question(request.user, pk)
    data: QueryDict = request.POST if request.method == "POST" else request.GET
    form = SplitForm(question, data or None, initial={"topic": question.topic})
    valid = form.is_valid()
    chosen = frozenset(w.pk for w in form.cleaned_data.get("wordings", [])) if form.is_bound else frozenset()
    staying = frozenset(int(key) for key in data.getlist("staying") if key.isdecimal())
    if request.method == "POST" and valid:
        move = moves.split(
            by=request.user,
            question=question,
            title=form.cleaned_data["title"],
            topic=form.cleaned_data["topic"],
            choice=Choice(chosen, staying),
        )
        say(request, _("Split. The new question begins with a copy of the answer: adapt it now."))
        return back_to("desk:question", move.target_id)
    going = asked_in(chosen).filter(question=question)
    context = {
        "view": "questions",
        "question": question,
        "form": form,
        "topics": topics(),
        "preview": valid,
        "going": list(going[:LISTED]),
        "in_all": going.count() if valid else 0,
        "replies": Placement.objects.filter(question=question, conversation__in=asked_in(chosen).values("pk")).count(),
        "chosen": len(chosen),
    }
    return render(request, "desk/merging/split.html", context, status=200 if valid or request.method == "GET" else 422)


@staff("knowledge.write")
@require_POST
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Takes a merge or split back."""
    move = moves.undo(by=request.user, move=get_object_or_404(Move, pk=pk))
    say(request, _("Taken back: everything is where it was."))
    return back_to("desk:question", move.source_id)


def _others(question: Question, words: str) -> list[Question]:
    """Questions that could stay: with an answer, found by words, else of the same topic."""
    found = questions_for_editors(search=words, topic="" if words else question.topic)
    return list(found.filter(pk__in=Question.objects.hosted().values("pk")).exclude(pk=question.pk)[:FOUND])


def _all_of(question: Question) -> dict[str, int]:
    """How much hangs on a question, for the preview."""
    return {
        "wordings": question.wordings.current().count(),
        "conversations": question.conversations.count(),
        "replies": question.placements.count(),
        "duplicates": question.duplicates.filter(undone_at=None).count(),
        "followers": question.followers.exclude(verified_at=None).count(),
    }
