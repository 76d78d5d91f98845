"""The rules for what comes in: read by everybody, changed by team leads, tried on the last 30 days."""

from collections.abc import Mapping
from copy import copy
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hilft.audit.commands import look
from hilft.desk.frame import StaffRequest, back_to, say, staff
from hilft.desk.handling.forms import NAMES, Effects, IntakeConditions, IntakeRuleForm, StepForm
from hilft.desk.rules.forms import in_words, told, when
from hilft.inbox.handling import intake_rules
from hilft.inbox.handling.models import IntakeRule
from hilft.inbox.handling.steps import Wanted
from hilft.people.errors import Refusal

DAYS = 30


@staff("rule.see")
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """All rules in the order in which they are asked."""
    rules = intake_rules.every_intake_rule()
    rows = [(rule, in_words(rule.when, NAMES), [Wanted.of(kept) for kept in rule.then]) for rule in rules]
    return render(request, "desk/handling/intake_rules.html", {"view": "intake-rules", "rows": rows})


@staff("intake_rule.manage")
@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, pk: int = 0) -> HttpResponse:
    """A rule, new or known; shows what it would have done before it is saved."""
    rule = get_object_or_404(IntakeRule, pk=pk) if pk else None
    first: dict[str, Any] = {"active": True}
    if rule:
        first = {name: getattr(rule, name) for name in ("label", "label_en", "last", "active")}
    form = IntakeRuleForm(request.POST or None, initial=first)
    conditions = IntakeConditions(request.POST or None, prefix="when", initial=told(rule.when) if rule else None)
    known = [StepForm.told(kept) for kept in rule.then] if rule else None
    effects = Effects(request.POST or None, prefix="then", initial=known)
    context: dict[str, Any] = {
        "view": "intake-rules",
        "rule": rule,
        "form": form,
        "conditions": conditions,
        "effects": effects,
    }
    if request.method == "POST" and form.is_valid() and conditions.is_valid() and effects.is_valid():
        given = form.cleaned_data | {"when": when(conditions), "then": _wanted(effects)}
        if "preview" in request.POST:
            look(by=request.user, verb="inbox.try_intake_rule", subject=rule, when=given["when"])
            context["trial"] = _trial(rule, given)
        else:
            try:
                intake_rules.save_intake_rule(by=request.user, rule=rule, **given)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                say(request, _("Saved. It acts on what comes in from now on."))
                return back_to("desk:intake-rules")
    return render(request, "desk/handling/intake_rule.html", context)


@staff("intake_rule.manage")
@require_POST
def move(request: StaffRequest, pk: int) -> HttpResponse:
    """Asks a rule one place earlier or later."""
    rule = get_object_or_404(IntakeRule, pk=pk)
    intake_rules.move_intake_rule(by=request.user, rule=rule, up="up" in request.POST)
    return back_to("desk:intake-rules")


@staff("intake_rule.manage")
@require_POST
def deletion(request: StaffRequest, pk: int) -> HttpResponse:
    """Takes a rule out for good."""
    intake_rules.delete_intake_rule(by=request.user, rule=get_object_or_404(IntakeRule, pk=pk))
    say(request, _("The rule is gone. What it did stays, and can be taken back."))
    return back_to("desk:intake-rules")


def _wanted(effects: Any) -> list[Wanted]:
    return [one.wanted() for one in effects if one.cleaned_data.get("do")]


def _trial(rule: IntakeRule | None, given: Mapping[str, Any]) -> intake_rules.Trial:
    every = list(intake_rules.every_intake_rule())
    changed = copy(rule) if rule else IntakeRule(position=(every[-1].position if every else 0) + 1)
    changed.when, changed.last = given["when"], given["last"]
    changed.then = [wanted.kept() for wanted in given["then"]]
    others = [one for one in every if one.active and (rule is None or one.pk != rule.pk)]
    return intake_rules.tried(changed, others, intake_rules.arrived(days=DAYS))
