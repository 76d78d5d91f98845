"""The editor's work list: seven kinds of work, one at a time."""

from collections.abc import Callable
from typing import Any, Final

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from hilft.desk.frame import StaffRequest, page_of, staff
from hilft.inbox.queries import asked_without_good_answer, flagged
from hilft.knowledge.enums import FindingKind
from hilft.knowledge.models import Question
from hilft.knowledge.queries import due, findings, proposed
from hilft.publishing.queries import unused

PAGE = 20
TOGETHER: Final = ("due", "proposed", "unused")
KINDS: Final[dict[str, tuple[str | Promise, Callable[[], QuerySet[Any]]]]] = {
    "proposed": (_("Waiting for a second person"), proposed),
    "asked": (_("Most asked without a good answer"), asked_without_good_answer),
    "contradiction": (_("Answered differently in two places"), lambda: findings(FindingKind.CONTRADICTION)),
    "due": (_("To be looked at again"), due),
    "flagged": (_("Called wrong or outdated"), flagged),
    "two": (_("Wordings that match two questions"), lambda: findings(FindingKind.TWO)),
    "unused": (_("Not used for a year"), unused),
}


@staff("knowledge.write")
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """One kind of work, with how much there is of each."""
    asked = request.GET.get("kind", "")
    kind = asked if asked in KINDS else "asked"
    sizes = _sizes()
    context = {
        "view": "worklist",
        "kind": kind,
        "kinds": [(name, label, sizes[name]) for name, (label, _found) in KINDS.items()],
        "page": page_of(request, KINDS[kind][1](), size=PAGE),
    }
    return render(request, "desk/worklist/index.html", context)


def _sizes() -> dict[str, int]:
    """How much there is of each kind; what hangs on an answer's own row is counted in one go."""
    together = {name: Count("pk", filter=Q(pk__in=KINDS[name][1]().order_by().values("pk"))) for name in TOGETHER}
    counted: dict[str, int] = Question.objects.aggregate(**together)
    return counted | {name: found().count() for name, (_label, found) in KINDS.items() if name not in TOGETHER}
