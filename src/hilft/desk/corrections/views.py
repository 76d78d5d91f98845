"""Corrections: the batches, one batch, and what people decide about it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hilft.desk.corrections.screen import batch_context
from hilft.desk.frame import StaffRequest, back_to, is_fragment, page_of, say, staff
from hilft.publishing.budgets import OverBudget
from hilft.publishing.commands import corrections as commands
from hilft.publishing.models import Correction, CorrectionItem
from hilft.publishing.queries import access_correction, corrections


@staff("correction.see")
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """Every batch with its coverage, newest first."""
    context = {"view": "corrections", "page": page_of(request, corrections())}
    template = "rows.html" if is_fragment(request) else "index.html"
    return render(request, f"desk/corrections/{template}", context)


@staff("correction.see")
@require_GET
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """One batch: what happens to each reply, and how far it is."""
    context = batch_context(request, request.user, access_correction(request.user, pk))
    template = "batch.html" if is_fragment(request) else "show.html"
    return render(request, f"desk/corrections/{template}", context)


@staff("correction.plan")
@require_POST
def item(request: StaffRequest, pk: int, item: int) -> HttpResponse:
    """Changes what one reply will say, or leaves it out."""
    found = _item(request, pk, item)
    commands.change_item(
        by=request.user, item=found, text=request.POST.get("text", ""), included=request.POST.get("included") == "1"
    )
    return back_to("desk:correction", pk, query=request.GET.urlencode())


@staff("draft.write")
@require_POST
def settling(request: StaffRequest, pk: int, item: int) -> HttpResponse:
    """A person took care of this reply."""
    commands.settle_item(by=request.user, item=_item(request, pk, item))
    return back_to("desk:correction", pk, query=request.GET.urlencode())


@staff("correction.plan")
@require_POST
def submission(request: StaffRequest, pk: int) -> HttpResponse:
    """Asks a second person for the whole batch."""
    correction = access_correction(request.user, pk)
    try:
        commands.submit(by=request.user, correction=correction, anyway=bool(request.POST.get("anyway")))
    except OverBudget as over:
        context = batch_context(request, request.user, correction) | {"over_budget": over}
        return render(request, "desk/corrections/show.html", context, status=409)
    say(request, _("Submitted. A second person decides about the whole batch."))
    return back_to("desk:correction", pk)


@staff("correction.approve")
@require_POST
def approval(request: StaffRequest, pk: int) -> HttpResponse:
    """Releases exactly the batch that the page showed."""
    commands.approve(by=request.user, correction=_correction(request, pk), digest=request.POST.get("digest", ""))
    say(request, _("Released. The replies are being corrected now."))
    return back_to("desk:correction", pk)


@staff("correction.approve")
@require_POST
def rejection(request: StaffRequest, pk: int) -> HttpResponse:
    """Sends the batch back, with a reason."""
    commands.reject(
        by=request.user,
        correction=_correction(request, pk),
        digest=request.POST.get("digest", ""),
        reason=request.POST.get("reason", ""),
    )
    say(request, _("Sent back, with your reason."))
    return back_to("desk:approvals")


@staff("correction.plan")
@require_POST
def dropping(request: StaffRequest, pk: int) -> HttpResponse:
    """Leaves every reply as it is, with a reason."""
    reason = request.POST.get("reason", "")
    commands.drop(by=request.user, correction=access_correction(request.user, pk), reason=reason)
    say(request, _("Nothing will be corrected. The reason is on record."))
    return back_to("desk:correction", pk)


def _correction(request: StaffRequest, pk: int) -> Correction:
    return access_correction(request.user, pk, action="correction.approve")


def _item(request: StaffRequest, pk: int, item: int) -> CorrectionItem:
    access_correction(request.user, pk)
    found: CorrectionItem = get_object_or_404(
        CorrectionItem.objects.select_related("placement__conversation__account", "placement__conversation__handle"),
        pk=item,
        correction=pk,
    )
    return found
