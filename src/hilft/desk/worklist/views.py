"""The editor's work list: five kinds of work, one at a time."""

from collections.abc import Callable
from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from hilft.desk.frame import StaffRequest, page_of, staff
from hilft.inbox.queries import asked_without_good_answer, flagged
from hilft.knowledge.enums import FindingKind
from hilft.knowledge.queries import findings
from hilft.publishing.queries import unused

PAGE = 20
KINDS: Final[dict[str, tuple[str | Promise, Callable[[], QuerySet[Any]]]]] = {
    "asked": (_("Most asked without a good answer"), asked_without_good_answer),
    "contradiction": (_("Answered differently in two places"), lambda: findings(FindingKind.CONTRADICTION)),
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
    context = {
        "view": "worklist",
        "kind": kind,
        "kinds": [(name, label, found().count()) for name, (label, found) in KINDS.items()],
        "page": page_of(request, KINDS[kind][1](), size=PAGE),
    }
    return render(request, "desk/worklist/index.html", context)
