"""The list of rights over answers, each changed where it stands."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from hilft.desk.frame import StaffRequest, back_to, say, staff
from hilft.people.commands import grant_right
from hilft.people.enums import Right
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.queries import active_staff
from hilft.people.rules import may, right_of


class RightForm(forms.Form):
    """A right, or that it follows from the roles."""

    right = forms.ChoiceField(choices=[("", gettext_lazy("as the role says")), *Right.choices], required=False)


@staff("right.grant")
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """Everybody who works on answers, with the right they have and where it comes from."""
    people = [user for user in active_staff() if may(user, "answer.propose")]
    context = {
        "view": "rights",
        "people": [(user, str((right_of(user) or Right.CANDIDATE).label)) for user in people],
        "choices": RightForm.base_fields["right"].choices,  # type: ignore[attr-defined]  # a ChoiceField
    }
    return render(request, "desk/rights/index.html", context)


@staff("right.grant")
@require_POST
def grant(request: StaffRequest, pk: int) -> HttpResponse:
    """Grants somebody a right, or lets it follow from their roles again."""
    form = RightForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("Choose one of the rights."))
    user = get_object_or_404(User, pk=pk)
    grant_right(by=request.user, user=user, right=form.cleaned_data["right"])
    say(request, _("Saved: %(name)s") % {"name": user.name})
    return back_to("desk:rights")
