"""One offered text with its difference: published, sent back, taken back or taken over."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hilft.desk.frame import StaffRequest, back_to, say, staff
from hilft.desk.knowledge.screen import parts_of
from hilft.desk.proposals.forms import DecisionForm, looked_over
from hilft.knowledge import proposals
from hilft.knowledge.checklist import keep, ticks
from hilft.knowledge.commands import Written
from hilft.knowledge.models import Version
from hilft.knowledge.queries import access_offer
from hilft.knowledge.rules import word_of
from hilft.people.rules import may, right_of


@staff("answer.propose")
@require_http_methods(["GET", "POST"])
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """What would change, for whom it waits, and the checklist; its POST publishes."""
    version = access_offer(request.user, pk)
    form = DecisionForm(
        request.POST if request.method == "POST" else None, found=looked_over(version.answer.question, _texts(version))
    )
    if request.method == "POST" and form.is_valid():
        return _accepted(request, version, form)
    status = 422 if form.errors else 200
    return render(request, "desk/proposals/show.html", _context(request, version) | {"form": form}, status=status)


def _accepted(request: StaffRequest, version: Version, form: DecisionForm) -> HttpResponse:
    said = form.cleaned_data
    accepted = proposals.accept(
        by=request.user, version=version, wording_only=said["wording_only"], reason=said["reason"]
    )
    keep(by=request.user, version=accepted, points=ticks(form.found, said["points"]))
    say(request, _("Version %(number)s is published.") % {"number": accepted.number})
    return back_to("desk:question", version.answer.question_id)


@staff("answer.propose")
@require_POST
def rejection(request: StaffRequest, pk: int) -> HttpResponse:
    """Sends it back, with a reason."""
    version = access_offer(request.user, pk)
    proposals.decline(by=request.user, version=version, reason=request.POST.get("reason", ""))
    name = version.author.name if version.author else "hilft"
    say(request, _("Sent back to %(name)s, with your reason.") % {"name": name})
    return back_to("desk:question", version.answer.question_id)


@staff("answer.propose")
@require_POST
def withdrawal(request: StaffRequest, pk: int) -> HttpResponse:
    """Takes one's own text back: the offer, or what was published with it."""
    version = access_offer(request.user, pk)
    if version.published_at:
        proposals.take_back(by=request.user, version=version)
        say(request, _("What held before holds again."))
    else:
        proposals.withdraw(by=request.user, version=version)
        say(request, _("The proposal is taken back."))
    conversation = request.GET.get("conversation", "")
    if conversation.isdecimal():
        return back_to("desk:conversation", int(conversation))
    return back_to("desk:question", version.answer.question_id)


@staff("knowledge.write")
@require_POST
def takeover(request: StaffRequest, pk: int) -> HttpResponse:
    """Goes on writing it as one's own."""
    version = access_offer(request.user, pk)
    proposals.take_over(by=request.user, version=version)
    return back_to("desk:question-edit", version.answer.question_id)


def _context(request: StaffRequest, version: Version) -> dict[str, object]:
    user, answer = request.user, version.answer
    own = version.author_id == user.pk
    return {
        "view": "worklist" if may(user, "knowledge.write") else "questions",
        "version": version,
        "question": answer.question,
        "parts": parts_of(version, answer.current if answer.current_id != version.pk else None),
        "own": own,
        "waits": version.closed_at is None and (not version.published_at or version.released == "inside"),
        "decides": word_of(right_of(user), own=own, governance=answer.governance) is not None,
        "stale": not version.published_at and version.base_id != answer.current_id,
    }


def _texts(version: Version) -> dict[tuple[str, str], Written]:
    return {(text.language, text.address): Written(text.body, text.short) for text in version.texts.all()}
