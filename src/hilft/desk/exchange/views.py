"""Import with a rehearsal, and export."""

from collections import Counter

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hilft.base.clock import now
from hilft.desk.exchange.forms import ExchangeForm
from hilft.desk.frame import StaffRequest, staff
from hilft.knowledge.exchange.entries import Damaged
from hilft.knowledge.exchange.giving_out import lines
from hilft.knowledge.exchange.taking_in import take_in

SHOWN = 200


@staff("knowledge.write")
@require_http_methods(["GET", "POST"])
def index(request: StaffRequest) -> HttpResponse:
    """The form; a POST rehearses, or with `go` does it. What the file holds is shown in either case."""
    form = ExchangeForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"view": "questions", "form": form}
    if request.method != "POST" or not form.is_valid():
        return render(request, "desk/exchange/index.html", context, status=200 if request.method != "POST" else 400)
    rehearse = not request.POST.get("go")
    given = form.cleaned_data
    try:
        taken = take_in(
            by=request.user,
            data=given["file"].read(),
            format_=given["format"],
            source=given["source"],
            mapping=given["mapping"],
            publish=given["publish"],
            rehearse=rehearse,
        )
    except Damaged as damaged:
        told = _("Row %(row)s: %(reason)s Nothing was changed.") % {"row": damaged.row, "reason": damaged.reason}
        form.add_error("file", told)
        return render(request, "desk/exchange/index.html", context, status=400)
    counts = Counter(one.outcome for one in taken)
    context |= {
        "taken": taken[:SHOWN],
        "total": len(taken),
        "counts": {str(outcome): n for outcome, n in counts.items()},
        "incomplete": sum(not one.complete for one in taken),
        "published": sum(one.published for one in taken),
        "rehearsed": rehearse,
    }
    return render(request, "desk/exchange/index.html", context)


@staff("knowledge.see")
@require_GET
def export(request: StaffRequest) -> HttpResponse:
    """Every question with all wordings and published versions, one JSON object a line."""
    response = StreamingHttpResponse(lines(), content_type="application/x-ndjson")
    response["Content-Disposition"] = f'attachment; filename="hilft-{now():%Y-%m-%d}.ndjson"'
    return response  # type: ignore[return-value]  # Django streams where a response is expected
