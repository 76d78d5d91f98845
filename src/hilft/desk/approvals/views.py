"""The second pair of eyes: the queue, one text beside its source, and the decision."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hilft.audit.commands import look
from hilft.desk.approvals.screen import draft_context, list_context, next_url
from hilft.desk.frame import StaffRequest, back_to, chosen, is_fragment, say, staff, target_of
from hilft.people.queries import active_staff
from hilft.publishing.commands import decisions
from hilft.publishing.models import Draft
from hilft.publishing.queries import access_waiting_draft


@staff()
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """What waits for a second person."""
    context = list_context(request.user)
    if is_fragment(request) and target_of(request) == "list":
        return render(request, "desk/approvals/list.html", context)
    return render(request, "desk/approvals/index.html", context)


@staff()
@require_GET
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """One text, beside what it was made from; one that was decided meanwhile leads back to the queue."""
    try:
        draft = access_waiting_draft(request.user, pk)
    except Draft.DoesNotExist:
        return _gone(request)
    look(by=request.user, verb="inbox.open", subject=draft.conversation)
    context = list_context(request.user) | draft_context(request.user, draft)
    if is_fragment(request):
        return render(request, "desk/approvals/opened.html", context)
    return render(request, "desk/approvals/index.html", context)


@staff("draft.write")
@require_POST
def approval(request: StaffRequest, pk: int) -> HttpResponse:
    """Releases exactly the text that the page showed."""
    draft = access_waiting_draft(request.user, pk)
    decisions.approve(by=request.user, draft=draft, digest=request.POST.get("digest", ""))
    say(request, _("Released: the reply to %(name)s leaves now.") % {"name": draft.conversation.handle.shown})
    return _next(request, pk)


@staff("draft.write")
@require_POST
def rejection(request: StaffRequest, pk: int) -> HttpResponse:
    """Sends the text back to its author, with a reason."""
    draft = access_waiting_draft(request.user, pk)
    reason = request.POST.get("reason", "")
    decisions.reject(by=request.user, draft=draft, digest=request.POST.get("digest", ""), reason=reason)
    say(request, _("Sent back to %(name)s, with your reason.") % {"name": draft.author.name})
    return _next(request, pk)


@staff("draft.approve")
@require_POST
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Changes the text; its author has to agree and sees what changed."""
    draft = access_waiting_draft(request.user, pk)
    text = request.POST.get("text", "")
    decisions.edit(by=request.user, draft=draft, digest=request.POST.get("digest", ""), text=text)
    say(request, _("Changed. %(name)s has to agree before it leaves.") % {"name": draft.author.name})
    return _next(request, pk)


@staff("draft.write")
@require_POST
def remark(request: StaffRequest, pk: int) -> HttpResponse:
    """A question to the author, or the author's reply; the text waits on."""
    draft = access_waiting_draft(request.user, pk)
    decisions.remark(by=request.user, draft=draft, text=request.POST.get("text", ""))
    return back_to("desk:approval", pk)


@staff("glass.break")
@require_POST
def glass(request: StaffRequest, pk: int) -> HttpResponse:
    """Releases a text without a second person, who is told at once."""
    draft = access_waiting_draft(request.user, pk)
    told = chosen(request, "told", active_staff())
    reason = request.POST.get("reason", "")
    decisions.break_glass(by=request.user, draft=draft, digest=request.POST.get("digest", ""), reason=reason, told=told)
    say(request, _("It leaves now. %(name)s has been told and will review it.") % {"name": told.name})
    return _next(request, pk)


def _next(request: StaffRequest, pk: int) -> HttpResponse:
    response = HttpResponseRedirect(next_url(request.user, after=pk))
    response.status_code = 303
    return response


def _gone(request: StaffRequest) -> HttpResponse:
    if is_fragment(request):
        return render(request, "desk/approvals/gone.html", list_context(request.user))
    say(request, _("This one has been decided already, or was taken back."))
    return back_to("desk:approvals")
