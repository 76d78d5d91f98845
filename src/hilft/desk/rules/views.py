"""The rules, what a change would have meant in the last 30 days, and everybody's own record."""

from collections.abc import Iterator, Mapping
from copy import copy
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hilft.approvals import rulebook
from hilft.approvals.enums import Tier
from hilft.approvals.models import Rule
from hilft.approvals.queries import every_rule, record_of, rules_in_force
from hilft.desk.frame import StaffRequest, back_to, say, staff
from hilft.desk.rules.forms import Conditions, RuleForm, in_words, told, when
from hilft.desk.rules.screen import record_context
from hilft.people.errors import Refusal
from hilft.publishing.queries import shows_records, submitted_facts

DAYS = 30


@staff("rule.see")
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """All rules in the order in which they are asked."""
    rows = [(rule, in_words(rule.when)) for rule in every_rule()]
    return render(request, "desk/rules/index.html", {"view": "rules", "rows": rows})


@staff("rule.manage")
@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, pk: int = 0) -> HttpResponse:
    """A rule, new or known; shows what it would have meant before it is saved."""
    rule = get_object_or_404(Rule, pk=pk) if pk else None
    first: dict[str, Any] = {"active": True, "tier": Tier.PERSON}
    if rule:
        first = {"label": rule.label, "label_en": rule.label_en, "tier": rule.tier, "active": rule.active}
    form = RuleForm(request.POST or None, initial=first)
    conditions = Conditions(request.POST or None, initial=told(rule.when) if rule else None)
    context: dict[str, Any] = {"view": "rules", "rule": rule, "form": form, "conditions": conditions}
    if request.method == "POST" and form.is_valid() and conditions.is_valid():
        if "preview" in request.POST:
            context["records"] = shows_records(request.user, days=DAYS)
            facts = submitted_facts(days=DAYS, records=context["records"])
            context["preview"] = _preview(rule, form.cleaned_data, when(conditions), facts)
        else:
            try:
                rulebook.save_rule(by=request.user, rule=rule, when=when(conditions), **form.cleaned_data)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                say(request, _("Saved. It holds for what is submitted from now on."))
                return back_to("desk:rules")
    return render(request, "desk/rules/edit.html", context)


@staff("rule.manage")
@require_POST
def move(request: StaffRequest, pk: int) -> HttpResponse:
    """Asks a rule one place earlier or later."""
    rulebook.move_rule(by=request.user, rule=get_object_or_404(Rule, pk=pk), up="up" in request.POST)
    return back_to("desk:rules")


@staff("rule.manage")
@require_POST
def deletion(request: StaffRequest, pk: int) -> HttpResponse:
    """Takes a rule out for good."""
    rulebook.delete_rule(by=request.user, rule=get_object_or_404(Rule, pk=pk))
    say(request, _("The rule is gone. Texts that it held keep waiting."))
    return back_to("desk:rules")


@staff("draft.write")
@require_GET
def record(request: StaffRequest) -> HttpResponse:
    """One's own record, for nobody else's eyes."""
    return render(request, "desk/rules/record.html", {"view": "own-record"} | record_context(record_of(request.user)))


def _preview(
    rule: Rule | None, given: dict[str, Any], conditions: dict[str, Any], facts: Iterator[Mapping[str, Any]]
) -> rulebook.Preview:
    before = list(rules_in_force())
    changed = copy(rule) if rule else Rule(code="new", position=before[-1].position if before else 0)
    changed.tier, changed.when, changed.active = given["tier"], conditions, given["active"]
    others = [one for one in before if rule is None or one.pk != rule.pk]
    after = sorted([*others, changed], key=lambda one: (one.position, one.pk or 0))
    return rulebook.preview(before, [one for one in after if one.active], facts, rule=changed.code)
