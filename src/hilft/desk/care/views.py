"""The page of an answer's care: owner, review, governance, and who said that it holds."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from hilft.desk.frame import StaffRequest, back_to, say, staff
from hilft.knowledge import care
from hilft.knowledge.enums import Governance
from hilft.knowledge.models import Question
from hilft.knowledge.queries import access_question, checks_of
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.queries import active_staff
from hilft.people.rules import may


class CareForm(forms.Form):
    """Whose answer it is, and when they look again."""

    owner = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Looked after by"),
        required=False,
        empty_label=gettext_lazy("no one yet"),
    )
    review_on = forms.DateField(
        label=gettext_lazy("To be looked at again on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = [user.pk for user in active_staff() if may(user, "answer.propose")]
        self.fields["owner"].queryset = active_staff().filter(pk__in=able)  # type: ignore[attr-defined]  # a choice


class GovernanceForm(forms.Form):
    """How many people a change takes, and why."""

    governance = forms.ChoiceField(label=gettext_lazy("A change takes"), choices=Governance)
    reason = forms.CharField(
        label=gettext_lazy("Why two people always"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For instance: regulated topic. Such answers are looked at again every 90 days."),
    )


@staff("knowledge.write")
@require_http_methods(["GET", "POST"])
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """Everything about an answer's care; its POST changes owner and date."""
    question = access_question(request.user, pk)
    answer = question.answer
    form = CareForm(request.POST or None, initial={"owner": answer.owner_id, "review_on": answer.review_on})
    if request.method == "POST" and form.is_valid():
        care.set_care(by=request.user, question=question, **form.cleaned_data)
        say(request, _("Saved."))
        return back_to("desk:question-care", pk)
    return render(request, "desk/care/show.html", _context(question, form), status=422 if form.errors else 200)


@staff("knowledge.write")
@require_POST
def governance(request: StaffRequest, pk: int) -> HttpResponse:
    """Changes how many people a change takes."""
    form = GovernanceForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("Choose one of the states."))
    care.set_governance(by=request.user, question=access_question(request.user, pk), **form.cleaned_data)
    say(request, _("Saved."))
    return back_to("desk:question-care", pk)


@staff("answer.propose")
@require_POST
def still_right(request: StaffRequest, pk: int) -> HttpResponse:
    """Says that the answer still holds, and goes on with the list."""
    question = access_question(request.user, pk)
    care.still_right(by=request.user, question=question)
    say(request, _("Still right: “%(title)s”") % {"title": question.title[:80]})
    if may(request.user, "knowledge.write"):
        return back_to("desk:worklist", query="kind=due")
    return back_to("desk:question", pk)


def _context(question: Question, form: CareForm) -> dict[str, object]:
    answer = question.answer
    return {
        "view": "questions",
        "question": question,
        "form": form,
        "governance_form": GovernanceForm(
            initial={"governance": answer.governance, "reason": answer.governance_reason}
        ),
        "checks": checks_of(question),
    }
