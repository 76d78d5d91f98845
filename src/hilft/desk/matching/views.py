"""How good is the matching? By this installation's own verdicts, with the bar as a slider."""

from datetime import timedelta
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hilft.base.clock import now
from hilft.desk.frame import StaffRequest, back_to, is_fragment, say, staff
from hilft.desk.matching.figures import at, reliability
from hilft.inbox.verdicts import Outcome, confusions, outcomes
from hilft.knowledge.calibration import Curve
from hilft.knowledge.commands import set_bar
from hilft.knowledge.models import Matching, Question
from hilft.knowledge.published import PUBLISHED
from hilft.knowledge.rereading import progress
from hilft.knowledge.rules import HIGHEST, LOWEST
from hilft.people.errors import Refusal

ENOUGH: Final = 30
"""Verdicts from which figures of one's own say more than the published ones."""
MONTH: Final = timedelta(days=30)
SIZE: Final = 1_000


@staff("knowledge.write")
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """The figures; a value of the slider shows what it would change before it is saved."""
    settings = Matching.current()
    curve = Curve(settings.slope, settings.offset)
    told = outcomes()
    bar = _bar(request.GET.get("bar", ""), settings.bar)
    context = {
        "view": "matching",
        "settings": settings,
        "told": len(told),
        "enough": len(told) >= ENOUGH,
        "needed": ENOUGH,
        "bar": round(100 * bar),
        "saved": round(100 * settings.bar),
        "lowest": round(100 * LOWEST),
        "highest": round(100 * HIGHEST),
        "setting": at(told, curve, bar),
    }
    if is_fragment(request):
        return render(request, "desk/matching/setting.html", context)
    return render(request, "desk/matching/index.html", context | _rest(told, curve, settings.bar))


@staff("knowledge.write")
@require_POST
def bar(request: StaffRequest) -> HttpResponse:
    """Saves the bar."""
    text = request.POST.get("bar", "")
    if not text.isdecimal():
        raise Refusal(_("Choose a value of the slider."))
    set_bar(by=request.user, bar=int(text) / 100)
    say(request, _("Saved. From now on hosted questions are suggested from %(bar)s %% on.") % {"bar": text})
    return back_to("desk:matching")


def _rest(told: list[Outcome], curve: Curve, bar: float) -> dict[str, Any]:
    today = now()
    month = [one for one in told if one.at > today - MONTH]
    before = [one for one in told if today - 2 * MONTH < one.at <= today - MONTH]
    pairs = confusions(told)
    titles = Question.objects.in_bulk({pk for suggested, meant, _times in pairs for pk in (suggested, meant)})
    return {
        "published": PUBLISHED,
        "reading": progress(),
        "bins": reliability(told, curve, size=SIZE),
        "size": SIZE,
        "now": at(month, curve, bar),
        "before": at(before, curve, bar),
        "confused": [
            (titles[suggested], titles[meant], times)
            for suggested, meant, times in pairs
            if suggested in titles and meant in titles
        ],
    }


def _bar(text: str, saved: float) -> float:
    return min(max(int(text) / 100, LOWEST), HIGHEST) if text.isdecimal() else saved
