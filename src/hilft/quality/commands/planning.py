"""Scorecards in versions, and the plans that say what is drawn."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.queries import require
from hilft.quality.models import Plan, Scorecard

WEIGHTS = range(1, 11)


@transaction.atomic
def save_scorecard(
    *, by: User | None, key: str, title: str, title_en: str, enough: int, criteria: Sequence[Mapping[str, Any]]
) -> Scorecard:
    """Another version of a scorecard, or the first of a new one; what was drawn before keeps its version."""
    if by:
        require(by, "quality.manage")
    kept = [_criterion(one) for one in criteria if one["name"].strip()]
    if not kept:
        raise Refusal(_("A scorecard needs at least one criterion."))
    if len({one["key"] for one in kept}) < len(kept):
        raise Refusal(_("Two criteria have the same name."))
    if not all(one["weight"] in WEIGHTS for one in kept) or enough not in range(1, 101):
        raise Refusal(_("Weights go from 1 to 10, and what suffices from 1 to 100 percent."))
    before = Scorecard.objects.select_for_update().filter(key=key).order_by("-number").first()
    made = Scorecard.objects.create(
        key=key or _free_key(title),
        number=before.number + 1 if before else 1,
        title=title.strip(),
        title_en=title_en.strip(),
        enough=enough,
        criteria=kept,
    )
    record(by=by, verb="quality.save_scorecard", subject=made, key=made.key, number=made.number)
    return made


@transaction.atomic
def save_plan(*, by: User | None, plan: Plan | None, **fields: Any) -> Plan:
    """Adds a plan or changes one; it draws from what is published from now on, never from before it was switched on.

    The seed is made once and stays: with it everybody can see why a reply was drawn and another was not.
    """
    if by:
        require(by, "quality.manage")
    if not Scorecard.objects.filter(key=fields["card"]).exists():
        raise Refusal(_("Choose one of those that are offered."))
    begins = plan is None or not plan.active
    plan = plan or Plan(seed=secrets.randbelow(2**62))
    for name, value in fields.items():
        setattr(plan, name, value)
    if begins:
        plan.since = now()
    plan.save()
    drawn = {"whose": plan.whose, "channel": plan.channel, "percent": plan.percent, "twice": plan.twice_percent}
    record(by=by, verb="quality.save_plan", subject=plan, active=plan.active, seed=plan.seed, **drawn)
    return plan


def _free_key(title: str) -> str:
    key = slugify(title)[:40] or "bogen"
    taken = Scorecard.objects.filter(key__startswith=key).values("key").distinct().count()
    return f"{key}-{taken + 1}" if taken else key


def _criterion(one: Mapping[str, Any]) -> dict[str, Any]:
    """As it is kept; the key follows from the name it had first, so that figures go on over versions."""
    said = {name: one.get(name, "").strip() for name in ("name", "name_en", "about", "about_en")}
    key = one.get("key", "").strip() or slugify(said["name_en"] or said["name"])[:40] or "kriterium"
    return {"key": key, "weight": int(one["weight"]), "critical": bool(one["critical"])} | said
