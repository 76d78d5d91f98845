"""Merging conversations, splitting one, and undoing that."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hilft.audit.commands import look
from hilft.desk.frame import StaffRequest, back_to, say, staff
from hilft.inbox.handling import joining
from hilft.inbox.handling.models import Joining
from hilft.inbox.queries import access_conversation, also_known, messages_of

FOUND = 12


@staff("conversation.work")
@require_http_methods(["GET", "POST"])
def merge(request: StaffRequest, pk: int) -> HttpResponse:
    """Which other conversation joins this one: chosen, looked at, merged."""
    conversation = access_conversation(request.user, pk, action="conversation.work").head
    chosen = request.POST.get("other") or request.GET.get("other") or ""
    other = access_conversation(request.user, int(chosen)) if chosen.isdecimal() else None
    if request.method == "POST" and other:
        made = joining.merge(by=request.user, source=other, target=conversation)
        say(request, _("Merged. Replies still go where they were asked."), undo=_undo(made))
        return back_to("desk:conversation", made.target_id)
    words = request.GET.get("q", "").strip()
    if other:
        look(by=request.user, verb="inbox.open", subject=other)
    rows = also_known(conversation, search=words)[:FOUND]
    context = {"view": "open", "conversation": conversation, "other": other, "q": words, "rows": rows}
    return render(request, "desk/handling/merge.html", context)


@staff("conversation.work")
@require_http_methods(["GET", "POST"])
def split(request: StaffRequest, pk: int) -> HttpResponse:
    """Which messages become a conversation of their own."""
    conversation = access_conversation(request.user, pk, action="conversation.work").head
    if request.method == "POST":
        keys = [int(key) for key in request.POST.getlist("message") if key.isdecimal()]
        made = joining.split(by=request.user, conversation=conversation, messages=keys)
        say(request, _("Split: this is the new conversation."), undo=_undo(made))
        return back_to("desk:conversation", made.source_id)
    look(by=request.user, verb="inbox.open", subject=conversation)
    thread = messages_of(conversation).filter(deleted_at=None).select_related("author", "conversation__handle")
    return render(request, "desk/handling/split.html", {"view": "open", "conversation": conversation, "thread": thread})


@staff("conversation.work")
@require_POST
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Takes a merge apart, or puts a split together again."""
    found = joining.undo(by=request.user, joining=get_object_or_404(Joining, pk=pk))
    return back_to("desk:conversation", found.pk)


def _undo(made: Joining) -> str:
    return reverse("desk:joining-undo", args=[made.pk])
