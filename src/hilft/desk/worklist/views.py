"""The editor's work list: five kinds of work, one at a time."""

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
from hilft.inbox.worklist import asked_with_votes, asked_without_good_answer, flagged
from hilft.knowledge.enums import FindingKind
from hilft.knowledge.queries import findings, questions_of
from hilft.publishing.queries import unused

PAGE = 20


class Kind(NamedTuple):
    """What this work is called, what there is of it, and how the rows of one page become what is shown."""

    label: str | Promise
    found: Callable[[], QuerySet[Any, Any]]
    shown: Callable[[list[Any]], list[Any]] = list


KINDS: Final = {
    "asked": Kind(_("Most asked without a good answer"), asked_without_good_answer, asked_with_votes),
    "contradiction": Kind(_("Answered differently in two places"), lambda: findings(FindingKind.CONTRADICTION)),
    "flagged": Kind(_("Called wrong or outdated"), flagged, questions_of),
    "two": Kind(_("Wordings that match two questions"), lambda: findings(FindingKind.TWO)),
    "unused": Kind(_("Not used for a year"), unused),
}


@staff("knowledge.write")
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """One kind of work, with how much there is of each."""
    asked = request.GET.get("kind", "")
    kind = asked if asked in KINDS else "asked"
    counts = {name: each.found().count() for name, each in KINDS.items()}
    pages = Paginator(KINDS[kind].found(), PAGE)
    pages.count = counts[kind]
    page = pages.get_page(request.GET.get("page"))
    page.object_list = KINDS[kind].shown(list(page.object_list))
    context = {
        "view": "worklist",
        "kind": kind,
        "kinds": [(name, each.label, counts[name]) for name, each in KINDS.items()],
        "page": page,
    }
    return render(request, "desk/worklist/index.html", context)
