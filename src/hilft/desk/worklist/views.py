"""The editor's work list: seven kinds of work, one at a time."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from hilft.desk.frame import StaffRequest, staff
from hilft.inbox.worklist import asked_with_votes, asked_without_good_answer, flagged
from hilft.knowledge.enums import FindingKind
from hilft.knowledge.models import Question
from hilft.knowledge.queries import due, findings, proposed, questions_of
from hilft.publishing.queries import unused

PAGE = 20
TOGETHER: Final = ("due", "proposed", "unused")


class Kind(NamedTuple):
    """What this work is called, what there is of it, and how the rows of one page become what is shown."""

    label: str | Promise
    found: Callable[[], QuerySet[Any, Any]]
    shown: Callable[[list[Any]], list[Any]] = list


KINDS: Final = {
    "proposed": Kind(_("Waiting for a second person"), proposed),
    "asked": Kind(_("Most asked without a good answer"), asked_without_good_answer, asked_with_votes),
    "contradiction": Kind(_("Answered differently in two places"), lambda: findings(FindingKind.CONTRADICTION)),
    "due": Kind(_("To be looked at again"), due),
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
    counts = _sizes()
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


def _sizes() -> dict[str, int]:
    """How much there is of each kind; what hangs on an answer's own row is counted in one go."""
    together = {name: Count("pk", filter=Q(pk__in=KINDS[name].found().order_by().values("pk"))) for name in TOGETHER}
    counted: dict[str, int] = Question.objects.aggregate(**together)
    return counted | {name: each.found().count() for name, each in KINDS.items() if name not in TOGETHER}
