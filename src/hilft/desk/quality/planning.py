"""What is drawn and by which scorecard, as team leads decide it; what reviews say of the team."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hilft.desk.frame import StaffRequest, back_to, say, staff
from hilft.desk.matching.figures import Share
from hilft.desk.quality.forms import Criteria, PlanForm, ScorecardForm, criteria_of
from hilft.people.errors import Refusal
from hilft.quality.commands.planning import save_plan, save_scorecard
from hilft.quality.figures import agreements, period, team_figures
from hilft.quality.models import Plan
from hilft.quality.queries import every_plan, newest_card, scorecards


@staff("quality.manage")
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """Plans with what they drew, and scorecards."""
    context = {"view": "quality-plans", "plans": every_plan(), "cards": scorecards()}
    return render(request, "desk/quality/plans.html", context)


@staff("quality.manage")
@require_http_methods(["GET", "POST"])
def plan(request: StaffRequest, pk: int = 0) -> HttpResponse:
    """A plan, new or known."""
    found = get_object_or_404(Plan, pk=pk) if pk else None
    first = {name: getattr(found, name) for name in PlanForm.base_fields} if found else None
    form = PlanForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        saved = save_plan(by=request.user, plan=found, **form.cleaned_data)
        say(request, _("Saved: %(name)s") % {"name": saved.name})
        return back_to("desk:quality-plans")
    return render(request, "desk/quality/plan.html", {"view": "quality-plans", "plan": found, "form": form})


@staff("quality.manage")
@require_http_methods(["GET", "POST"])
def scorecard(request: StaffRequest, key: str = "") -> HttpResponse:
    """A scorecard; saving it makes another version, by which everything is reviewed that is drawn from then on."""
    card = newest_card(key) if key else None
    first: dict[str, Any] | None = None
    if card:
        first = {"title": card.title, "title_en": card.title_en, "enough": card.enough}
    form = ScorecardForm(request.POST or None, initial=first)
    rows = Criteria(request.POST or None, initial=criteria_of(card), prefix="criterion")
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        try:
            saved = save_scorecard(by=request.user, key=key, criteria=rows.cleaned_data, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            words = _("Version %(number)s holds for what is drawn from now on.") % {"number": saved.number}
            say(request, words)
            return back_to("desk:quality-plans")
    context = {"view": "quality-plans", "card": card, "form": form, "rows": rows}
    return render(request, "desk/quality/scorecard.html", context)


@staff("quality.review")
@require_GET
def figures(request: StaffRequest) -> HttpResponse:
    """What reviews say of the team as a whole, and how far reviewers agree."""
    found, (begin, end) = team_figures(), period()
    groups = [(_("Everybody"), found.total)] if found.total else []
    groups += [*found.teams, *found.channels]
    context = {
        "view": "quality-figures",
        "begin": begin,
        "end": end,
        "shares": [(name, share.n, Share(share.passed, share.n)) for name, share in groups],
        "met": [(one, Share(met, n)) for one, met, n in found.met],
        "rows": agreements(),
    }
    return render(request, "desk/quality/figures.html", context)
