"""The conversation screen: list, thread, and the fragments that keep them current."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hilft.audit.commands import look
from hilft.desk.conversations.screen import list_context, log_context, thread_context
from hilft.desk.frame import StaffRequest, back_to, is_fragment, staff, target_of
from hilft.inbox import commands
from hilft.inbox.enums import Doing
from hilft.inbox.handling.mentions import read_in
from hilft.inbox.lists import conversations
from hilft.inbox.queries import access_conversation
from hilft.knowledge.queries import questions_for_editors
from hilft.people.rules import may


@staff()
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """A view's list; on a wide screen with an invitation to open a conversation beside it."""
    context = list_context(request, request.user)
    if context["q"]:
        look(by=request.user, verb="inbox.search", words=context["q"])
    if is_fragment(request) and target_of(request) == "list":
        return render(request, "desk/conversations/list.html", context)
    return render(request, "desk/conversations/index.html", context)


@staff()
@require_GET
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """One conversation: thread, suggestions, composer and context."""
    conversation = access_conversation(request.user, pk)
    look(by=request.user, verb="inbox.open", subject=conversation)
    read_in(by=request.user, conversation=conversation)
    if conversation.merged_into_id:
        return back_to("desk:conversation", conversation.merged_into_id, query=_of_strand(request, pk))
    context = thread_context(request, conversation)
    if is_fragment(request):
        return render(request, "desk/conversations/opened.html", context)
    beside = list_context(request, request.user, shown=conversation.head)
    return render(request, "desk/conversations/index.html", beside | context)


@staff()
@require_GET
def log(request: StaffRequest, pk: int) -> HttpResponse:
    """What changed in an open conversation, without touching what is being written."""
    conversation = access_conversation(request.user, pk)
    look(by=request.user, verb="inbox.open", subject=conversation)
    return render(request, "desk/conversations/changed.html", log_context(request, conversation))


@staff("draft.write")
@require_GET
def composer(request: StaffRequest, pk: int) -> HttpResponse:
    """The composer as the server knows it, after something else changed the draft."""
    conversation = access_conversation(request.user, pk)
    context = thread_context(request, conversation)
    return render(request, "desk/conversations/composer.html", context | {"conversation": context["strand"]})


def _of_strand(request: StaffRequest, pk: int) -> str:
    """The query of the same page, with replies going to this strand."""
    asked = request.GET.copy()
    asked["strand"] = str(pk)
    return asked.urlencode()


@staff()
@require_POST
def presence(request: StaffRequest, pk: int) -> HttpResponse:
    """A heartbeat of somebody who looks or types."""
    doing = Doing.TYPING if request.POST.get("state") == "typing" else Doing.VIEWING
    commands.be_present(by=request.user, conversation=access_conversation(request.user, pk), doing=doing)
    return HttpResponse(status=204)


@staff()
@require_GET
def palette(request: StaffRequest) -> HttpResponse:
    """Conversations and questions for the command palette."""
    words = request.GET.get("q", "").strip()
    if len(words) < 2:
        return JsonResponse([], safe=False)
    look(by=request.user, verb="inbox.search", words=words)
    found = [
        {
            "title": row.handle.shown,
            "hint": row.preview[:60],
            "url": reverse("desk:conversation", args=[row.pk]),
            "group": _("Conversations"),
        }
        for row in conversations(request.user, view="all", search=words)[:6]
    ]
    if may(request.user, "knowledge.see"):
        found += [
            {"title": q.title, "hint": q.topic, "url": reverse("desk:question", args=[q.pk]), "group": _("Questions")}
            for q in questions_for_editors(search=words)[:6]
        ]
    return JsonResponse(found, safe=False)
