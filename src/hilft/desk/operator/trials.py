"""A live test of an account: what is going to be done is shown first, then done when somebody says so, step by step."""

from typing import Final

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from hilft.channels import commands
from hilft.channels.queries import access_account, trial_of, tries_with
from hilft.channels.registry import KINDS
from hilft.channels.trying import Step
from hilft.desk.frame import StaffRequest, staff

ASKED: Final = {
    "handle": (
        gettext_lazy("Handle"),
        gettext_lazy("Of somebody who agreed to a direct message. Empty, hilft publishes a post and deletes it."),
    ),
    "room": (gettext_lazy("Room"), gettext_lazy("For example #test:example.org; best one that only the team is in.")),
}


class TrialForm(forms.Form):
    """Whom or where a test goes to, on networks that need to know."""

    to = forms.CharField(max_length=300)

    def __init__(self, *args: object, asked: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if asked not in ASKED:
            del self.fields["to"]
            return
        self.fields["to"].label, self.fields["to"].help_text = ASKED[asked]
        self.fields["to"].required = asked == "room"


@staff("account.manage")
@require_http_methods(["GET", "POST"])
def trial(request: StaffRequest, pk: int) -> HttpResponse:
    """Shows the plan; POST carries it out, but only the plan that was shown: for somebody else, it is shown first."""
    account = access_account(request.user, pk)
    asked = tries_with(account)
    if asked is None:
        raise Http404
    form = TrialForm(request.POST or None, asked=asked)
    to = form.cleaned_data.get("to", "") if form.is_bound and form.is_valid() else ""
    steps: list[Step] = []
    if request.POST.get("action") == "do" and form.is_valid() and request.POST.get("planned", "") == to:
        steps = commands.try_account(by=request.user, account=account, to=to)
    context = {
        "view": "accounts",
        "account": account,
        "kind": KINDS[account.kind],
        "form": form,
        "to": to,
        "plan": [task.what for task in trial_of(account, to)],
        "steps": steps,
        "works": all(step.outcome != "failed" for step in steps),
    }
    return render(request, "desk/operator/trial.html", context)
