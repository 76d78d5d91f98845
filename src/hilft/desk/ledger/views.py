"""The placement ledger: every published reply, and everything that led to it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hilft.approvals.queries import labels
from hilft.audit.commands import look
from hilft.channels.registry import KINDS
from hilft.desk.frame import StaffRequest, is_fragment, page_of, staff
from hilft.knowledge.models import Question
from hilft.publishing.enums import PlacementState
from hilft.publishing.models import Placement
from hilft.publishing.placements import access_placement, changes_of, placements


@staff("placement.see")
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """Every reply out there, newest first, narrowed by words, state, channel and question."""
    wanted = _wanted(request)
    if wanted["q"]:
        look(by=request.user, verb="inbox.search", words=wanted["q"])
    found = placements(
        request.user,
        search=wanted["q"],
        state=wanted["state"],
        kind=wanted["kind"],
        question=int(wanted["question"]) if wanted["question"] else None,
    )
    context = wanted | {
        "view": "placements",
        "page": page_of(request, found),
        "states": PlacementState.choices,
        "kinds": [(kind.kind, kind.label) for kind in KINDS.values()],
        "only": Question.objects.filter(pk=wanted["question"]).first() if wanted["question"] else None,
        "narrowed": any(wanted.values()),
    }
    template = "rows.html" if is_fragment(request) else "index.html"
    return render(request, f"desk/ledger/{template}", context)


@staff("placement.see")
@require_GET
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """One reply: what it says, from which version, by whom, under which rule, and what happened to it since."""
    placement = access_placement(request.user, pk)
    look(by=request.user, verb="inbox.open", subject=placement.conversation)
    context = {
        "view": "placements",
        "placement": placement,
        "rule": labels().get(placement.rule),
        "steps": _history(placement),
        "corrections": placement.corrections.select_related("correction__version", "delivery").order_by("pk"),
    }
    return render(request, "desk/ledger/show.html", context)


def _wanted(request: HttpRequest) -> dict[str, str]:
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    question = request.GET.get("question", "")
    return {
        "q": request.GET.get("q", "").strip(),
        "state": state if state in PlacementState.values else "",
        "kind": kind if kind in KINDS else "",
        "question": question if question.isascii() and question.isdigit() and len(question) < 18 else "",
    }


def _history(placement: Placement) -> list[dict[str, object]]:
    """Each change with what stood there before and after it, the latest first."""
    changes = list(changes_of(placement))
    steps: list[dict[str, object]] = []
    after = placement.text
    for change in reversed(changes):
        steps.append({"change": change, "after": after})
        after = change.before
    return steps
