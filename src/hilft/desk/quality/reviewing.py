"""Reviewing: the queue, one reply without anybody's name, two reviews side by side, and disputes."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hilft.audit.commands import look
from hilft.desk.frame import StaffRequest, back_to, page_of, say, staff
from hilft.desk.quality.forms import ScoreForm
from hilft.desk.quality.screen import reply_context, shown
from hilft.people.errors import Refusal
from hilft.quality.commands import reviewing
from hilft.quality.enums import State
from hilft.quality.models import Dispute, Review, Sample
from hilft.quality.queries import (
    access_sample,
    being_reviewed,
    reviews_shown,
    taken_by,
    to_decide,
    to_look_at_together,
    to_review,
)


@staff("quality.review")
@require_GET
def queue(request: StaffRequest) -> HttpResponse:
    """What waits for a review, what two people see differently, and disputes."""
    context = {
        "view": "quality",
        "page": page_of(request, to_review(request.user)),
        "busy": being_reviewed(request.user)[:40],
        "held": taken_by(request.user),
        "together": to_look_at_together(request.user)[:40],
        "disputed": to_decide(request.user)[:40],
    }
    return render(request, "desk/quality/queue.html", context)


@staff("quality.review")
@require_http_methods(["GET", "POST"])
def review(request: StaffRequest, pk: int) -> HttpResponse:
    """One reply: to be reviewed, alone or together, to be decided on, or as one reviewed it.

    Opened for a review it is taken; one that others have leads to the next.
    """
    sample = access_sample(request.user, pk)
    written = reviews_shown(request.user, sample)
    command, words = _due(sample, own=any(one.reviewer_id == request.user.pk for one in written))
    if command is reviewing.score and request.method == "GET":
        try:
            reviewing.take(by=request.user, sample=sample)
        except reviewing.Busy as busy:
            return _another(request, str(busy))
    look(by=request.user, verb="quality.open", subject=sample)
    form = ScoreForm(request.POST or None, card=sample.scorecard, reasoned=command is reviewing.decide)
    if request.method == "POST":
        if command is None:
            raise Refusal(_("This has been reviewed meanwhile."))
        if form.is_valid():
            try:
                command(by=request.user, sample=sample, **form.said())
            except reviewing.Busy as busy:
                form.add_error(None, str(busy))
            else:
                say(request, words)
                return back_to("desk:quality")
    context = reply_context(sample) | {
        "view": "quality",
        "form": form if command else None,
        "asks": "decide" if command is reviewing.decide else "agree" if command is reviewing.agree else "score",
        "reviews": shown(sample, written),
        "dispute": _dispute(sample) if command is reviewing.decide else None,
    }
    return render(request, "desk/quality/review.html", context)


def _another(request: StaffRequest, words: str) -> HttpResponse:
    following = to_review(request.user).first()
    if following is None:
        say(request, words)
        return back_to("desk:quality")
    say(request, words + " " + _("Here is the next one."))
    return back_to("desk:quality-review", following.pk)


def _due(sample: Sample, *, own: bool) -> tuple[Callable[..., Review] | None, str]:
    """The command that this person could do now, and what is said when it is done."""
    found: dict[Any, bool] = {
        reviewing.score: sample.state in {State.OPEN, State.SECOND} and not own,
        reviewing.agree: sample.state == State.TOGETHER and own,
        reviewing.decide: _dispute(sample) is not None and not own,
    }
    words = {
        reviewing.score: _("Reviewed. The next one waits."),
        reviewing.agree: _("Kept as what the two of you say."),
        reviewing.decide: _("Decided. The author reads it now."),
    }
    command = next((one for one, due in found.items() if due), None)
    return command, words[command] if command else ""


def _dispute(sample: Sample) -> Dispute | None:
    """The dispute about a result, if nobody has decided on it yet."""
    found: Dispute | None = getattr(sample, "dispute", None)
    return found if found and found.decision_id is None else None
