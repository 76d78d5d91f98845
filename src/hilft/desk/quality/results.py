"""One's own results, for nobody else's eyes; and the way to dispute one."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hilft.desk.frame import StaffRequest, back_to, page_of, say, staff
from hilft.desk.quality.screen import reply_context, shown
from hilft.quality.commands import reviewing
from hilft.quality.queries import access_result, may_dispute, results_of


@staff()
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """What came of reviews of one's own replies."""
    page = page_of(request, results_of(request.user))
    return render(request, "desk/quality/results.html", {"view": "quality-results", "page": page})


@staff()
@require_GET
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """One result with every review behind it, why the reply was drawn, and the dispute, if there is one."""
    sample = access_result(request.user, pk)
    context = reply_context(sample) | {
        "view": "quality-results",
        "reviews": shown(sample, list(sample.reviews.order_by("pk"))),
        "dispute": getattr(sample, "dispute", None),
        "disputable": may_dispute(sample),
        "lot": f"{sample.lot * 100:.2f}",
    }
    return render(request, "desk/quality/result.html", context)


@staff()
@require_POST
def dispute(request: StaffRequest, pk: int) -> HttpResponse:
    """Objects to a result."""
    sample = access_result(request.user, pk)
    reviewing.dispute(by=request.user, sample=sample, reason=request.POST.get("reason", ""))
    say(request, _("Somebody who had nothing to do with it looks at it anew."))
    return back_to("desk:quality-result", pk)
