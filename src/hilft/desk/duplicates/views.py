"""Choosing the question that a conversation is a duplicate of, linking it, and taking that back."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hilft.audit.commands import look
from hilft.channels.portal.tokens import public_url
from hilft.desk.frame import StaffRequest, back_to, chosen, is_fragment, say, staff
from hilft.inbox import duplicates
from hilft.inbox.models import Conversation, Duplicate
from hilft.inbox.queries import access_conversation, duplicate_of, latest_inbound, suggestions_for
from hilft.knowledge.models import Question
from hilft.knowledge.queries import questions_for_editors

FOUND = 8


@staff("duplicate.link")
@require_GET
def choose(request: StaffRequest, pk: int) -> HttpResponse:
    """What may answer it: the matcher's suggestions, or what a search finds."""
    conversation = access_conversation(request.user, pk, action="duplicate.link")
    look(by=request.user, verb="inbox.open", subject=conversation)
    words = request.GET.get("q", "").strip()
    context = {
        "view": "open",
        "conversation": conversation,
        "latest": latest_inbound(conversation),
        "duplicate": duplicate_of(conversation),
        "q": words,
        "questions": _targets(conversation, words),
        "portal": request.GET.get("from") == "portal",
    }
    template = "rows.html" if is_fragment(request) else "choose.html"
    return render(request, f"desk/duplicates/{template}", context)


@staff("duplicate.link")
@require_POST
def link(request: StaffRequest, pk: int) -> HttpResponse:
    """Links it; who came from the thread on the portal goes back there."""
    conversation = access_conversation(request.user, pk, action="duplicate.link")
    question = chosen(request, "question", Question.objects.all())
    duplicate = duplicates.link(by=request.user, conversation=conversation, question=question)
    undo = reverse("desk:duplicate-undo", args=[duplicate.pk])
    say(request, _("Linked: “%(title)s”") % {"title": duplicate.question.title}, undo=undo)
    if request.GET.get("from") == "portal" and conversation.account.kind == "portal":
        return redirect(public_url("thread", conversation.thread, language="de"))
    return back_to("desk:conversation", pk)


@staff("duplicate.link")
@require_POST
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Takes the link back."""
    found = get_object_or_404(Duplicate.objects.select_related("conversation"), pk=pk)
    conversation = duplicates.undo(by=request.user, duplicate=found)
    say(request, _("The link is taken back."))
    return back_to("desk:conversation", conversation.pk)


def _targets(conversation: Conversation, words: str) -> list[Question]:
    """Only questions that can be linked: with an answer, on the portal with a public one."""
    hosted = Question.objects.public() if conversation.account.kind == "portal" else Question.objects.hosted()
    if words:
        found = [question.pk for question in questions_for_editors(search=words)[: 4 * FOUND]]
    else:
        latest = latest_inbound(conversation)
        found = [match.question_id for match in suggestions_for(latest)] if latest else []
    by_key = hosted.select_related("answer__current").in_bulk(found)
    return [by_key[pk] for pk in found if pk in by_key][:FOUND]
