"""What editors do with a question: each a POST, one command, and the page anew."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hilft.desk.frame import StaffRequest, back_to, say, staff
from hilft.desk.knowledge.forms import QuestionForm, StateForm, WordingForm
from hilft.knowledge import care, commands
from hilft.knowledge.queries import access_question, access_wording
from hilft.people.errors import Refusal


@staff("knowledge.write")
@require_POST
def title(request: StaffRequest, pk: int) -> HttpResponse:
    """Renames a question."""
    form = QuestionForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("A question needs a title and a topic."))
    commands.set_title(by=request.user, question=access_question(request.user, pk), **form.cleaned_data)
    say(request, _("Saved. The former title stays as a wording."))
    return back_to("desk:question", pk)


@staff("knowledge.write")
@require_POST
def state(request: StaffRequest, pk: int) -> HttpResponse:
    """Changes confidence and audience."""
    form = StateForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("Choose one of the states."))
    care.set_state(by=request.user, question=access_question(request.user, pk), **form.cleaned_data)
    say(request, _("The state is changed."))
    return back_to("desk:question", pk)


@staff("wording.add")
@require_POST
def wordings(request: StaffRequest, pk: int) -> HttpResponse:
    """Adds another way of asking."""
    form = WordingForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("A wording needs words."))
    added = commands.add_wording(
        by=request.user, question=access_question(request.user, pk), text=form.cleaned_data["text"]
    )
    removal = reverse("desk:wording-remove", args=[pk, added.pk])
    say(request, _("Added: “%(text)s”") % {"text": added.text[:80]}, undo=removal)
    return back_to("desk:question", pk)


@staff("wording.add")
@require_POST
def wording_removal(request: StaffRequest, pk: int, wording: int) -> HttpResponse:
    """Takes a wording out of matching."""
    found = access_wording(request.user, pk, wording)
    commands.remove_wording(by=request.user, wording=found)
    undo = reverse("desk:wording-restore", args=[pk, wording])
    say(request, _("Removed: “%(text)s”") % {"text": found.text[:80]}, undo=undo)
    return back_to("desk:question", pk)


@staff("wording.add")
@require_POST
def wording_return(request: StaffRequest, pk: int, wording: int) -> HttpResponse:
    """Takes a removal back."""
    found = access_wording(request.user, pk, wording)
    commands.restore_wording(by=request.user, wording=found)
    say(request, _("Back again: “%(text)s”") % {"text": found.text[:80]})
    return back_to("desk:question", pk)
