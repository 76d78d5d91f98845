"""Who works here: names, roles, teams, languages, whether they may sign in, and how they get in the first time."""

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from hilft.base.enums import Language
from hilft.channels.queries import is_example
from hilft.desk.frame import StaffRequest, back_to, say, staff
from hilft.people.commands import save_staff, save_team
from hilft.people.enums import Role
from hilft.people.errors import Refusal
from hilft.people.models import Team, User, spoken
from hilft.people.queries import access_staff, all_staff, availability_of, teams
from hilft.people.sign_in import link_token


class StaffForm(forms.Form):
    """Name, address and roles of a member of staff."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    email = forms.EmailField(label=gettext_lazy("E-mail address"))
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"), choices=Role, widget=forms.CheckboxSelectMultiple, required=True
    )
    teams = forms.ModelMultipleChoiceField(
        Team.objects.none(), label=gettext_lazy("Teams"), required=False, widget=forms.CheckboxSelectMultiple
    )
    team = forms.CharField(label=gettext_lazy("A new team"), max_length=100, required=False)
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"), choices=Language, widget=forms.CheckboxSelectMultiple, required=False
    )
    active = forms.BooleanField(
        label=gettext_lazy("May sign in"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Without it every session ends at once, and conversations and answers go back."),
    )

    def __init__(self, *args: Any, member: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        self.fields["teams"].queryset = teams()  # type: ignore[attr-defined]  # a ModelMultipleChoiceField

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip()
        others = User.objects.filter(email__iexact=email)
        if self.member:
            others = others.exclude(pk=self.member.pk)
        if others.exists():
            raise forms.ValidationError(_("Somebody here has this address already."))
        return email


@staff("staff.manage")
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """Everybody who works here, and the way in for whoever was just added."""
    context = {
        "view": "staff",
        "people": list(all_staff().prefetch_related("teams")),
        "invited": request.session.pop("invited", None),
    }
    return render(request, "desk/operator/staff.html", context)


@staff("staff.manage")
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Somebody new."""
    form = StaffForm(request.POST or None, initial={"roles": [Role.AGENT], "active": True, "languages": spoken()})
    if request.method == "POST" and form.is_valid():
        user = _save(request, form)
        if user:
            request.session["invited"] = {"name": user.name, "link": _way_in(request, user)}
            say(request, _("Added: %(name)s") % {"name": user.name})
            return back_to("desk:staff")
    return render(request, "desk/operator/member.html", {"view": "staff", "form": form, "member": None})


@staff("staff.manage")
@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Changes what somebody does here, or that they no longer do."""
    member = access_staff(request.user, pk)
    initial = {name: getattr(member, name) for name in ("name", "email", "roles")}
    initial |= {"active": member.is_active, "teams": member.teams.all()}
    initial |= {"languages": availability_of(member).languages}
    form = StaffForm(request.POST or None, initial=initial, member=member)
    if request.method == "POST" and form.is_valid() and _save(request, form):
        say(request, _("Saved: %(name)s") % {"name": form.cleaned_data["name"]})
        return back_to("desk:staff")
    return render(request, "desk/operator/member.html", {"view": "staff", "form": form, "member": member})


def _save(request: StaffRequest, form: StaffForm) -> User | None:
    try:
        with transaction.atomic():
            given = dict(form.cleaned_data)
            name, teams = given.pop("team"), list(given.pop("teams"))
            teams += [save_team(by=request.user, name=name)] if name else []
            return save_staff(by=request.user, user=form.member, teams=teams, **given)
    except Refusal as reason:
        form.add_error(None, str(reason))
        return None


def _way_in(request: StaffRequest, user: User) -> str:
    """On the example workspace a link that signs in; else where a password is set by mail."""
    if is_example():
        return request.build_absolute_uri(reverse("desk:link", args=[link_token(user)]))
    return request.build_absolute_uri(reverse("account_reset_password"))
