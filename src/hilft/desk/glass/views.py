"""What team leads released alone: the reason, the text, and somebody else's verdict afterwards."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hilft.approvals.commands import review_glass
from hilft.approvals.models import BrokenGlass
from hilft.approvals.queries import every_glass
from hilft.desk.frame import StaffRequest, back_to, page_of, say, staff
from hilft.publishing.models import SUBJECT_DRAFT, Draft


@staff("glass.review")
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """All of them, what waits for a review on top."""
    page = page_of(request, every_glass(), size=20)
    subjects = [glass.subject_id for glass in page.object_list if glass.subject_kind == SUBJECT_DRAFT]
    drafts = Draft.objects.select_related("conversation__handle", "conversation__account").in_bulk(subjects)
    rows = [(glass, drafts.get(glass.subject_id)) for glass in page.object_list]
    return render(request, "desk/glass/index.html", {"view": "glass", "rows": rows, "page": page})


@staff("glass.review")
@require_POST
def review(request: StaffRequest, pk: int) -> HttpResponse:
    """Says whether it was justified."""
    glass = get_object_or_404(BrokenGlass, pk=pk)
    justified = request.POST.get("justified") == "yes"
    review_glass(by=request.user, glass=glass, justified=justified, remark=request.POST.get("remark", ""))
    say(request, _("Reviewed."))
    return back_to("desk:glass")
