"""The causes, one cause with its questions, and telling everybody who asked once it is closed."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hilft.base.clock import now
from hilft.desk.frame import StaffRequest, back_to, chosen, page_of, say, staff
from hilft.knowledge.causes import commands
from hilft.knowledge.causes.models import Cause, Naming
from hilft.knowledge.causes.queries import access_cause, causes, namings_of
from hilft.knowledge.enums import CauseState
from hilft.knowledge.models import Question
from hilft.knowledge.queries import access_question, questions_for_editors
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.queries import active_staff
from hilft.people.rules import may
from hilft.publishing.budgets import OverBudget
from hilft.publishing.causes import followers_to_tell, to_be_told
from hilft.publishing.commands.cause_notices import tell_askers
from hilft.publishing.commands.group_replies import MOST

FOUND = 8


class CauseForm(forms.Form):
    """What is known of a cause, and whose matter it is."""

    name = forms.CharField(label=gettext_lazy("What it is"), max_length=200)
    department = forms.CharField(label=gettext_lazy("Department"), max_length=100)
    contact = forms.CharField(label=gettext_lazy("Whom to ask there"), max_length=200, required=False)
    owner = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Who keeps at it here"),
        required=False,
        empty_label=gettext_lazy("no one yet"),
    )
    since = forms.DateField(
        label=gettext_lazy("Since when people ask"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Who asked from this day on can be told when it is closed."),
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    link = forms.URLField(label=gettext_lazy("Link to their ticket"), max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = active_staff()  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean_since(self) -> datetime:
        """The beginning of the day."""
        day: date = self.cleaned_data["since"]
        return timezone.make_aware(datetime.combine(day, time()))


class TellForm(forms.Form):
    """What people are told."""

    sie = forms.CharField(label=gettext_lazy("Text, Sie"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    du = forms.CharField(label=gettext_lazy("Text, du"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    none = forms.CharField(
        label=gettext_lazy("Text in English"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


@staff("knowledge.see")
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """All causes, open ones first."""
    context = {"view": "causes", "page": page_of(request, causes()), "manages": may(request.user, "cause.manage")}
    return render(request, "desk/causes/index.html", context)


@staff("cause.manage")
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """A new cause, for the question one came from."""
    form = CauseForm(request.POST or None, initial={"since": timezone.localdate(now())})
    asked = request.GET.get("question", "")
    if request.method == "POST" and form.is_valid():
        cause = commands.save_cause(by=request.user, **form.cleaned_data)
        if asked.isdecimal():
            commands.name_cause(by=request.user, question=access_question(request.user, int(asked)), cause=cause)
        say(request, _("Saved: %(name)s") % {"name": cause.name})
        return back_to("desk:cause", cause.pk)
    return render(request, "desk/causes/new.html", {"view": "causes", "form": form})


@staff("knowledge.see")
@require_http_methods(["GET", "POST"])
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """One cause with the questions that name it; its POST changes what is known."""
    cause = access_cause(request.user, pk)
    initial = {name: getattr(cause, name) for name in ("name", "department", "contact", "note", "link")}
    began = timezone.localdate(cause.opened_at)
    form = CauseForm(request.POST or None, initial=initial | {"owner": cause.owner_id, "since": began})
    if request.method == "POST" and form.is_valid():
        commands.save_cause(by=request.user, cause=cause, **form.cleaned_data)
        say(request, _("Saved: %(name)s") % {"name": form.cleaned_data["name"]})
        return back_to("desk:cause", pk)
    words = request.GET.get("q", "").strip()
    context = {
        "view": "causes",
        "cause": cause,
        "form": form,
        "states": CauseState.choices,
        "namings": list(namings_of(cause)),
        "q": words,
        "found": list(questions_for_editors(search=words)[:FOUND]) if words else [],
        "to_tell": to_be_told(cause).count(),
        "manages": may(request.user, "cause.manage"),
    }
    return render(request, "desk/causes/show.html", context)


@staff("cause.manage")
@require_POST
def state(request: StaffRequest, pk: int) -> HttpResponse:
    """How far it is."""
    wanted = request.POST.get("state", "")
    if wanted not in CauseState.values:
        raise Refusal(_("Choose one of the states."))
    commands.set_cause_state(by=request.user, cause=access_cause(request.user, pk), state=wanted)
    say(request, _("The state is changed."))
    return back_to("desk:cause", pk)


@staff("cause.manage")
@require_POST
def name(request: StaffRequest, pk: int) -> HttpResponse:
    """A question is asked because of it."""
    question = chosen(request, "question", Question.objects.all())
    commands.name_cause(by=request.user, question=question, cause=access_cause(request.user, pk))
    say(request, _("Added: “%(text)s”") % {"text": question.title[:80]})
    return back_to("desk:cause", pk)


@staff("cause.manage")
@require_POST
def unname(request: StaffRequest, pk: int, naming: int) -> HttpResponse:
    """A question is not asked because of it after all."""
    found = get_object_or_404(Naming.objects.select_related("question"), pk=naming, cause=pk)
    commands.drop_naming(by=request.user, naming=found)
    say(request, _("Removed: “%(text)s”") % {"text": found.question.title[:80]})
    return back_to("desk:cause", pk)


@staff("draft.write")
@require_http_methods(["GET", "POST"])
def tell(request: StaffRequest, pk: int) -> HttpResponse:
    """Everybody who asked since it began, and what they are told; a second person looks through it once."""
    cause = access_cause(request.user, pk)
    form = TellForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = [int(value) for value in request.POST.getlist("conversation") if value.isdecimal()]
        try:
            group = tell_askers(
                by=request.user,
                cause=cause,
                texts=form.cleaned_data,
                conversations=chosen,
                anyway=bool(request.POST.get("anyway")),
            )
        except OverBudget as over:
            return render(request, "desk/causes/tell.html", _telling(cause, form) | {"over_budget": over}, status=409)
        return back_to("desk:group-reply", group.pk)
    return render(request, "desk/causes/tell.html", _telling(cause, form), status=422 if form.errors else 200)


def _telling(cause: Cause, form: TellForm) -> dict[str, Any]:
    found = to_be_told(cause)
    return {
        "view": "causes",
        "cause": cause,
        "form": form,
        "conversations": list(found[:MOST]),
        "total": found.count(),
        "followers": followers_to_tell(cause).values("email").distinct().count(),
        "most": MOST,
    }
