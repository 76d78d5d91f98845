"""The editor's work list: seven kinds of work, one at a time."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from hilft.desk.frame import StaffRequest, staff
from hilft.inbox.worklist import asked_with_votes, asked_without_good_answer, flagged, wanting
from hilft.knowledge.enums import FindingKind
from hilft.knowledge.queries import due, findings, proposed, questions_of
from hilft.publishing.placements import unused, unused_with_last

PAGE = 20
MANY = 100
"""So much work of another kind is not counted any further."""


class Kind(NamedTuple):
    """What this work is called, and what there is of it.

    Where that is keys of questions with figures, all of them are fetched at once, which counts them as well, and `rows`
    makes those of one page into what is shown. `few` finds the same faster where only some are to be counted.
    """

    label: str | Promise
    found: Callable[[], QuerySet[Any, Any]]
    rows: Callable[[list[Any]], list[Any]] | None = None
    few: Callable[[], QuerySet[Any, Any]] | None = None


KINDS: Final = {
    "proposed": Kind(_("Waiting for a second person"), proposed),
    "asked": Kind(_("Most asked without a good answer"), asked_without_good_answer, asked_with_votes, wanting),
    "contradiction": Kind(_("Answered differently in two places"), lambda: findings(FindingKind.CONTRADICTION)),
    "due": Kind(_("To be looked at again"), due),
    "flagged": Kind(_("Called wrong or outdated"), flagged, questions_of),
    "two": Kind(_("Wordings that match two questions"), lambda: findings(FindingKind.TWO)),
    "unused": Kind(_("Not used for a year"), unused, unused_with_last),
}


@staff("knowledge.write")
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """One kind of work, with how much there is of each; of the other kinds it is enough to know that there are many."""
    asked = request.GET.get("kind", "")
    kind = asked if asked in KINDS else "asked"
    shown = KINDS[kind]
    pages = Paginator(list(shown.found()) if shown.rows else shown.found(), PAGE)
    page = pages.get_page(request.GET.get("page"))
    page.object_list = shown.rows(list(page.object_list)) if shown.rows else page.object_list
    counts = {
        name: pages.count if name == kind else (each.few or each.found)().order_by()[:MANY].count()
        for name, each in KINDS.items()
    }
    context = {
        "view": "worklist",
        "kind": kind,
        "kinds": [
            (name, each.label, counts[name], name != kind and counts[name] == MANY) for name, each in KINDS.items()
        ],
        "page": page,
    }
    return render(request, "desk/worklist/index.html", context)
