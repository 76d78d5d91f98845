"""One step for many conversations: chosen in the list, shown beforehand, done, and taken back."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hilft.desk.conversations.screen import found_by
from hilft.desk.frame import StaffRequest, back_to, staff
from hilft.desk.handling.forms import StepForm
from hilft.inbox.handling import bulk
from hilft.inbox.handling.enums import BulkState
from hilft.inbox.handling.models import Bulk
from hilft.inbox.handling.steps import Wanted
from hilft.inbox.models import Conversation
from hilft.people.errors import Refusal

SHOWN = 20


@staff("conversation.many")
@require_POST
def plan(request: StaffRequest) -> HttpResponse:
    """Asks what is to be done with what was chosen, then plans it; nothing happens yet."""
    chosen = _chosen(request)
    if not chosen.exists():
        raise Refusal(_("Choose conversations first."))
    form = StepForm(request.POST if "do" in request.POST else None, initial={"hours": 24})
    if form.is_valid():
        planned = bulk.plan(by=request.user, conversations=chosen[: bulk.MOST + 1], wanted=form.wanted())
        return back_to("desk:bulk", planned.pk)
    context = {
        "view": "bulk",
        "form": form,
        "chosen": chosen.count(),
        "all": bool(request.POST.get("all")),
        "picked": _picked(request),
        "list_query": request.POST.get("list", ""),
    }
    return render(request, "desk/handling/choose.html", context)


@staff("conversation.many")
@require_GET
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """A step for many: before it happens, on its way, and afterwards."""
    found = get_object_or_404(Bulk.objects.select_related("by"), pk=pk, by=request.user)
    return render(request, "desk/handling/bulk.html", _context(found))


@staff("conversation.many")
@require_POST
def start(request: StaffRequest, pk: int) -> HttpResponse:
    """Does it: a few rows before the next page, the rest by a job."""
    bulk.go_on(bulk.start(by=request.user, bulk=get_object_or_404(Bulk, pk=pk)), most=bulk.AT_ONCE)
    return back_to("desk:bulk", pk)


@staff("conversation.many")
@require_POST
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Takes all of it back."""
    bulk.go_on(bulk.take_back(by=request.user, bulk=get_object_or_404(Bulk, pk=pk)), most=bulk.AT_ONCE)
    return back_to("desk:bulk", pk)


def _chosen(request: StaffRequest) -> QuerySet[Conversation]:
    """The ticked rows, or everything in the list that the page showed."""
    if request.POST.get("all"):
        return found_by(QueryDict(request.POST.get("list", "")), request.user)
    return Conversation.objects.filter(pk__in=_picked(request)).order_by("pk")


def _picked(request: StaffRequest) -> list[int]:
    return [int(pk) for pk in request.POST.getlist("selected") if pk.isdecimal()]


def _context(found: Bulk) -> dict[str, Any]:
    rows = found.rows.select_related("conversation__handle", "conversation__account").order_by("pk")
    total, left = rows.count(), rows.filter(settled=False).count()
    skipped = rows.exclude(skipped="").count()
    return {
        "view": "bulk",
        "bulk": found,
        "wanted": Wanted.of(found.step),
        "total": total,
        "skipped": skipped,
        "touched": total - skipped,
        "left": left,
        "settled": total - left,
        "reasons": bulk.reasons(found),
        "kept": rows.filter(kept=True)[:SHOWN],
        "rows": rows.filter(skipped="")[:SHOWN],
        "moving": found.state in {BulkState.RUNNING, BulkState.UNDOING} and left > 0,
    }
