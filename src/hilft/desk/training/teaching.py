"""What trainers do with people: mark practice replies, see who holds what, certify and revoke."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hilft.base.clock import now
from hilft.desk.frame import StaffRequest, back_to, page_of, say, staff
from hilft.desk.training.forms import GrantForm
from hilft.people.certificates import every_certificate
from hilft.people.certifying import grant_certificate, revoke_certificate
from hilft.people.errors import Refusal
from hilft.people.models import Certificate
from hilft.training.commands.marking import mark
from hilft.training.models import in_language
from hilft.training.queries import access_practice, to_mark
from hilft.training.rules import AHEAD


@staff("training.teach")
@require_GET
def queue(request: StaffRequest) -> HttpResponse:
    """Practice replies that wait for a trainer."""
    page = page_of(request, to_mark(request.user))
    return render(request, "desk/training/queue.html", {"view": "training-queue", "page": page})


@staff("training.teach")
@require_http_methods(["GET", "POST"])
def marking(request: StaffRequest, pk: int) -> HttpResponse:
    """One practice reply beside its task: a word on each criterion, and a comment."""
    practice = access_practice(request.user, pk)
    count = len(practice.task.criteria)
    if request.method == "POST":
        marks = [request.POST.get(f"mark{number}") for number in range(count)]
        if not all(word in {"yes", "no"} for word in marks):
            raise Refusal(_("Say for each criterion whether the reply meets it."))
        comment = request.POST.get("comment", "")
        mark(by=request.user, practice=practice, marks=[word == "yes" for word in marks], comment=comment)
        say(request, _("Marked: %(name)s reads it now.") % {"name": practice.user.name})
        return back_to("desk:training-queue")
    criteria = [in_language(one) for one in practice.task.criteria]
    context = {"view": "training-queue", "practice": practice, "task": practice.task, "criteria": criteria}
    return render(request, "desk/training/marking.html", context | {"own": practice.user_id == request.user.pk})


@staff("certificate.see")
@require_GET
def people(request: StaffRequest) -> HttpResponse:
    """Who holds what, those certificates that end first on top; no exam results."""
    at = now()
    page = page_of(request, every_certificate())
    rows = [(one, one.valid(at), bool(one.expires_at and one.expires_at <= at + AHEAD)) for one in page]
    context = {"view": "training-people", "page": page, "rows": rows, "form": GrantForm(by=request.user)}
    return render(request, "desk/training/people.html", context)


@staff("certificate.grant")
@require_POST
def grant(request: StaffRequest) -> HttpResponse:
    """Certifies what somebody has proven elsewhere."""
    form = GrantForm(request.POST, by=request.user)
    if not form.is_valid():
        raise Refusal(_("Choose a person and a skill, and say how it was proven."))
    made = grant_certificate(by=request.user, **form.cleaned_data)
    say(request, _("Certified: %(name)s") % {"name": made.user.name})
    return back_to("desk:training-people")


@staff("certificate.revoke")
@require_POST
def revocation(request: StaffRequest, pk: int) -> HttpResponse:
    """Ends a certificate now."""
    certificate = get_object_or_404(Certificate.objects.select_related("user"), pk=pk)
    revoke_certificate(by=request.user, certificate=certificate, reason=request.POST.get("reason", ""))
    say(request, _("Revoked. It counts from the next click on."))
    return back_to("desk:training-people")
