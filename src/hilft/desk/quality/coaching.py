"""Coaching: notes between somebody and their coach, and who coaches whom."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hilft.desk.frame import StaffRequest, back_to, page_of, say, staff
from hilft.desk.quality.forms import CoachForm
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.queries import active_staff
from hilft.quality.commands.coaching import answer_note, name_coach, write_note
from hilft.quality.queries import coach_of, coached_by, notes_by, notes_to


@staff()
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """What one's coach wrote, and whom one coaches."""
    context = {
        "view": "coaching",
        "coach": coach_of(request.user),
        "coached": coached_by(request.user),
        "page": page_of(request, notes_to(request.user), size=20),
    }
    return render(request, "desk/quality/coaching.html", context)


@staff()
@require_http_methods(["GET", "POST"])
def person(request: StaffRequest, pk: int) -> HttpResponse:
    """Somebody whom one coaches: what one wrote to them, and a new note. For anybody else there is nothing here."""
    found = get_object_or_404(coached_by(request.user), user=pk).user
    if request.method == "POST":
        write_note(by=request.user, user=found, text=request.POST.get("text", ""))
        say(request, _("%(name)s reads it now, and nobody else.") % {"name": found.name})
        return back_to("desk:coached", pk)
    page = page_of(request, notes_by(request.user, found), size=20)
    return render(request, "desk/quality/coached.html", {"view": "coaching", "person": found, "page": page})


@staff()
@require_POST
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """Says that one has read a note, and what one thinks of it."""
    note = get_object_or_404(notes_to(request.user), pk=pk)
    answer_note(by=request.user, note=note, answer=request.POST.get("answer", ""))
    say(request, _("Your coach sees it."))
    return back_to("desk:coaching")


@staff("quality.manage")
@require_GET
def coaches(request: StaffRequest) -> HttpResponse:
    """Who coaches whom, and nothing of what they write."""
    people = list(active_staff().select_related("coached"))
    rows = [(one, getattr(one, "coached", None)) for one in people]
    return render(request, "desk/quality/coaches.html", {"view": "coaches", "rows": rows, "people": people})


@staff("quality.manage")
@require_POST
def naming(request: StaffRequest, pk: int) -> HttpResponse:
    """Names somebody's coach."""
    user, form = get_object_or_404(User, pk=pk, is_active=True), CoachForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("Choose one of those that are offered."))
    name_coach(by=request.user, user=user, coach=form.cleaned_data["coach"])
    say(request, _("Saved: %(name)s") % {"name": user.name})
    return back_to("desk:coaches")
