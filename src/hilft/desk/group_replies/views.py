"""Replies to many: who waits on a question, one reviewed step, and its progress."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hilft.desk.frame import StaffRequest, back_to, is_fragment, page_of, say, staff
from hilft.desk.group_replies.screen import group_context, waiting_context
from hilft.knowledge.models import Question
from hilft.people.queries import require
from hilft.publishing.budgets import OverBudget
from hilft.publishing.commands import group_replies as commands
from hilft.publishing.groups import access_group, groups


@staff()
@require_http_methods(["GET", "POST"])
def waiting(request: StaffRequest, pk: int) -> HttpResponse:
    """Everybody who waits on a question, with the reply that each would get; answered by a POST."""
    question = get_object_or_404(Question.objects.select_related("answer__current"), pk=pk)
    if request.method != "POST":
        return render(request, "desk/group_replies/waiting.html", waiting_context(request, question))
    require(request.user, "draft.write")
    chosen = [int(value) for value in request.POST.getlist("conversation") if value.isdecimal()]
    anyway = bool(request.POST.get("anyway"))
    try:
        group = commands.answer(by=request.user, question=question, conversations=chosen, anyway=anyway)
    except OverBudget as over:
        context = waiting_context(request, question, chosen=set(chosen)) | {"over_budget": over}
        return render(request, "desk/group_replies/waiting.html", context, status=409)
    return back_to("desk:group-reply", group.pk)


@staff()
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """All replies to many, newest first."""
    return render(
        request,
        "desk/group_replies/index.html",
        {"view": "group-replies", "page": page_of(request, groups(request.user))},
    )


@staff()
@require_GET
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """One reply to many: every text, how far it is, and what is to be decided."""
    context = group_context(request, access_group(request.user, pk))
    template = "body.html" if is_fragment(request) else "show.html"
    return render(request, f"desk/group_replies/{template}", context)


@staff("draft.approve")
@require_POST
def approval(request: StaffRequest, pk: int) -> HttpResponse:
    """Releases exactly the replies that the page showed."""
    group = access_group(request.user, pk, action="draft.approve")
    commands.approve(by=request.user, group=group, digest=request.POST.get("digest", ""))
    n = group.drafts.count()
    say(request, ngettext("Released: %(n)s reply leaves now.", "Released: %(n)s replies leave now.", n) % {"n": n})
    return back_to("desk:group-reply", pk)


@staff("draft.approve")
@require_POST
def rejection(request: StaffRequest, pk: int) -> HttpResponse:
    """Sends all of them back, with a reason."""
    group = access_group(request.user, pk, action="draft.approve")
    reason, digest = request.POST.get("reason", ""), request.POST.get("digest", "")
    commands.reject(by=request.user, group=group, digest=digest, reason=reason)
    say(request, _("Sent back to %(name)s, with your reason.") % {"name": group.author.name})
    return back_to("desk:approvals")


@staff("draft.write")
@require_POST
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Takes back what has not begun to leave."""
    commands.undo(by=request.user, group=access_group(request.user, pk, action="draft.write"))
    return back_to("desk:group-reply", pk)


@staff("draft.write")
@require_POST
def withdrawal(request: StaffRequest, pk: int) -> HttpResponse:
    """Takes back what nobody has decided yet."""
    group = access_group(request.user, pk, action="draft.write")
    commands.withdraw(by=request.user, group=group)
    if group.cause_id:
        return back_to("desk:cause-tell", group.cause_id)
    return back_to("desk:question-waiting", group.question_id)
