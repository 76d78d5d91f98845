"""What each role does, needs and learns; and the skills that are spoken of there."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hilft.desk.frame import StaffRequest, back_to, say, staff
from hilft.desk.training.forms import ProfileForm, line
from hilft.people.certifying import add_skill, retire_skill, save_skill
from hilft.people.enums import Role
from hilft.people.errors import Refusal
from hilft.people.models import Skill
from hilft.training.commands.editing import save_profile
from hilft.training.models import RoleProfile
from hilft.training.queries import modules_by_skill, profiles, skills_in_use


class SkillForm(forms.Form):
    """A skill's names."""

    name = line(gettext_lazy("Name, in German"), length=100)
    name_en = line(gettext_lazy("Name, in English"), length=100, needed=False)


@staff()
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """All roles; one's own first."""
    described = {profile.role: profile for profile in profiles()}
    rows = [(role, described.get(role)) for role in Role]
    rows.sort(key=lambda row: row[0] not in request.user.roles)
    return render(request, "desk/training/roles.html", {"view": "training-roles", "rows": rows})


@staff()
@require_GET
def show(request: StaffRequest, role: str) -> HttpResponse:
    """One role: its tasks, the skills with their levels, and the modules and exams that follow from them."""
    if role not in Role.values:
        raise Http404
    profile = profiles().filter(role=role).first()
    taught = modules_by_skill()
    needs = [
        (need, [module for module in taught.get(need.skill_id, []) if module.level <= need.level])
        for need in (profile.needs.all() if profile else [])
    ]
    context = {"view": "training-roles", "role": Role(role), "profile": profile, "needs": needs}
    return render(request, "desk/training/role.html", context)


@staff("role.describe")
@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, role: str) -> HttpResponse:
    """Describes a role."""
    if role not in Role.values:
        raise Http404
    found = RoleProfile.objects.filter(role=role).first()
    needs = found.needs.select_related("skill") if found else []
    first: dict[str, Any] = {f"skill-{need.skill.key}": need.level for need in needs}
    if found:
        first |= {"tasks": found.tasks, "tasks_en": found.tasks_en}
    form = ProfileForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("tasks", "tasks_en")}
        save_profile(by=request.user, role=role, needs=form.needs(), **said)
        say(request, _("Saved: %(name)s") % {"name": Role(role).label})
        return back_to("desk:training-role", role)
    context = {"view": "training-roles", "role": Role(role), "form": form}
    return render(request, "desk/training/role_edit.html", context)


@staff("role.describe")
@require_http_methods(["GET", "POST"])
def skills(request: StaffRequest) -> HttpResponse:
    """Every skill with what asks for it; its POST adds one."""
    form = SkillForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            skill = add_skill(by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            say(request, _("Added: %(name)s") % {"name": skill.name})
            return back_to("desk:skills")
    context = {"view": "training-roles", "form": form, "skills": skills_in_use()}
    return render(request, "desk/training/skills.html", context, status=422 if form.errors else 200)


@staff("role.describe")
@require_http_methods(["GET", "POST"])
def skill(request: StaffRequest, pk: int) -> HttpResponse:
    """Other names for a skill."""
    found = get_object_or_404(Skill, pk=pk)
    form = SkillForm(request.POST or None, initial={"name": found.name, "name_en": found.name_en})
    if request.method == "POST" and form.is_valid():
        save_skill(by=request.user, key=found.key, **form.cleaned_data)
        say(request, _("Saved: %(name)s") % {"name": form.cleaned_data["name"]})
        return back_to("desk:skills")
    return render(request, "desk/training/skill.html", {"view": "training-roles", "form": form, "skill": found})


@staff("role.describe")
@require_POST
def retirement(request: StaffRequest, pk: int) -> HttpResponse:
    """Nobody learns or proves it any more; or it comes back."""
    found = retire_skill(
        by=request.user, skill=get_object_or_404(Skill, pk=pk), retired=request.POST.get("retired") == "yes"
    )
    say(request, _("“%(name)s” is retired.") % {"name": found.name} if found.retired_at else _("It is back."))
    return back_to("desk:skills")
