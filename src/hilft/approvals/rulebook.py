"""Changing the rules themselves: what they ask, in which order, and what a change would have meant."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from hilft.approvals.enums import Tier
from hilft.approvals.models import Rule
from hilft.approvals.rules import deciding, held_share, mistakes
from hilft.audit.commands import record
from hilft.base.live import tell
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.queries import require

STEP = 10
"""Between the positions of two rules, so that a migration finds room for another one."""


class Preview(NamedTuple):
    """Of so many submitted texts, how many a second person saw or would have seen, by the shares of then."""

    texts: int
    now: float
    then: float
    decided: int


@transaction.atomic
def save_rule(
    *, by: User, rule: Rule | None, label: str, label_en: str, tier: int, when: Mapping[str, Any], active: bool
) -> Rule:
    """Changes a rule, or adds one before the last; refuses conditions that ask about what nobody knows."""
    require(by, "rule.manage")
    wrong = mistakes(when)
    if wrong:
        raise Refusal(_("These conditions cannot be understood: %(wrong)s.") % {"wrong": "; ".join(wrong)})
    before: dict[str, Any] = {}
    if rule is None:
        rule = Rule(code=_free_code(label), position=0)
    else:
        rule = Rule.objects.select_for_update().get(pk=rule.pk)
        before = {"label": rule.label, "tier": rule.tier, "when": rule.when, "active": rule.active}
    rule.label, rule.label_en, rule.tier, rule.when, rule.active = label, label_en, Tier(tier), dict(when), active
    rule.save()
    if not before:
        _number([*_in_order(without=rule)[:-1], rule, *_in_order(without=rule)[-1:]])
    record(
        by=by, verb="approvals.save_rule", subject=rule, before=before, tier=rule.tier, when=rule.when, active=active
    )
    tell("approvals", rule=rule.pk)
    return rule


@transaction.atomic
def move_rule(*, by: User, rule: Rule, up: bool) -> Rule:
    """Asks a rule one place earlier or later."""
    require(by, "rule.manage")
    rules = _in_order()
    place = next(number for number, one in enumerate(rules) if one.pk == rule.pk)
    other = place - 1 if up else place + 1
    if 0 <= other < len(rules):
        rules[place], rules[other] = rules[other], rules[place]
        _number(rules)
        record(by=by, verb="approvals.move_rule", subject=rule, up=up)
        tell("approvals", rule=rule.pk)
    return rule


@transaction.atomic
def delete_rule(*, by: User, rule: Rule) -> None:
    """Takes a rule out for good; what it decided keeps its name. To pause one, make it inactive."""
    require(by, "rule.manage")
    record(by=by, verb="approvals.delete_rule", subject=rule, code=rule.code, tier=rule.tier, when=rule.when)
    Rule.objects.filter(pk=rule.pk).delete()
    tell("approvals", rule=0)


def preview(before: Sequence[Rule], after: Sequence[Rule], texts: Iterable[Mapping[str, Any]], *, rule: str) -> Preview:
    """What other rules would have meant for these texts' facts; `author_share` is among them.

    Whoever was looked at by sample is counted with the share of then. `decided` says in how many the rule decides.
    """
    count, held_now, held_then, decided = 0, 0.0, 0.0, 0
    for facts in texts:
        count += 1
        held_now += _held(before, facts)
        held_then += _held(after, facts)
        decisive = deciding(after, facts)
        decided += decisive is not None and decisive.code == rule
    return Preview(count, held_now, held_then, decided)


def _held(rules: Sequence[Rule], facts: Mapping[str, Any]) -> float:
    rule = deciding(rules, facts)
    tier = Tier.PERSON if rule is None else Tier(rule.tier)
    return held_share(tier, float(facts["author_share"]))


def _in_order(without: Rule | None = None) -> list[Rule]:
    found = Rule.objects.select_for_update().order_by("position", "pk")
    return list(found.exclude(pk=without.pk) if without else found)


def _number(rules: Sequence[Rule]) -> None:
    for number, rule in enumerate(rules, start=1):
        rule.position = number * STEP
    Rule.objects.bulk_update(rules, ["position"])


def _free_code(label: str) -> str:
    code = slugify(label)[:40] or "rule"
    taken = Rule.objects.filter(code__startswith=code).aggregate(last=Max("pk"))["last"]
    return f"{code}-{taken}" if taken else code
