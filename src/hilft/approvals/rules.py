"""Which rule decides about a text, by facts about it.

A condition is a value that the fact must equal, or one of `{"any": [...]}` (the fact, or one of a list of facts, is
among them), `{"has": [...]}` (a word of the text begins with one of these), `{"min": number}` and `{"max": number}`.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from hilft.approvals.enums import Tier
from hilft.approvals.models import Rule
from hilft.approvals.records import Record

FACTS: Final[dict[str, type]] = {
    "purpose": str,
    "unchanged": bool,
    "changed_share": int,
    "answer_linked": bool,
    "answer_checked": bool,
    "offered": bool,
    "public": bool,
    "personal_data": bool,
    "risks": list,
    "asked_risks": list,
    "channel": str,
    "language": str,
    "topic": str,
    "by_hand": bool,
    "machine": bool,
    "uncertified": bool,
}
"""What rules may ask about, and as what kind of value."""

OPERATORS: Final = frozenset({"any", "has", "min", "max"})


class Ruling(NamedTuple):
    """What the rules say of one text: which decided, and the share of such texts that a second person sees first.

    `author_share` is that share by the author's record alone.
    """

    rule: str
    tier: Tier
    held_share: float
    author_share: float


def fits(when: Mapping[str, Any], facts: Mapping[str, object]) -> bool:
    """Whether every condition holds; a fact that nobody knows holds no condition."""
    return all(name in facts and _holds(condition, facts[name]) for name, condition in when.items())


def deciding(rules: Iterable[Rule], facts: Mapping[str, object]) -> Rule | None:
    """The first rule that fits; None means that nothing was said, which needs a person."""
    return next((rule for rule in rules if fits(rule.when, facts)), None)


def ruling(rules: Iterable[Rule], facts: Mapping[str, object], record: Record) -> Ruling:
    """What becomes of a text with these facts from an author with this record."""
    rule = deciding(rules, facts)
    if rule is None:
        return Ruling(NOBODY_SAID, Tier.PERSON, 1.0, record.step.share)
    tier = Tier(rule.tier)
    return Ruling(rule.code, tier, held_share(tier, record.step.share), record.step.share)


def held_share(tier: Tier, author_share: float) -> float:
    """The share of texts of this tier that a second person sees before they leave."""
    return {Tier.PASSES: 0.0, Tier.SAMPLED: 0.0, Tier.RECORD: author_share, Tier.PERSON: 1.0}[tier]


NOBODY_SAID: Final = "no-rule"


def mistakes(when: Mapping[str, Any], known: Mapping[str, type] = FACTS) -> list[str]:
    """What is wrong with a rule's conditions, as `name` or `name: condition`; empty for a sound one."""
    found = []
    for name, condition in when.items():
        if name not in known:
            found.append(name)
        elif not _sound(known[name], condition):
            found.append(f"{name}: {condition}")
    return found


def digest(*parts: object) -> str:
    """A hash that changes with any part of what leaves the house."""
    joined = "\x1f".join(f"{len(str(part))}:{part}" for part in parts)
    return hashlib.sha256(joined.encode()).hexdigest()


def _holds(condition: Any, fact: object) -> bool:
    if not isinstance(condition, dict):
        return bool(fact == condition)
    if "any" in condition:
        told = fact if isinstance(fact, list) else [fact]
        return any(value in condition["any"] for value in told)
    if "has" in condition:
        begins = "|".join(re.escape(word) for word in condition["has"])
        return bool(re.search(rf"\b(?:{begins})", str(fact), re.IGNORECASE))
    if not isinstance(fact, int | float) or isinstance(fact, bool):
        return False
    return bool(condition.get("min", fact) <= fact <= condition.get("max", fact))


def _sound(kind: type, condition: Any) -> bool:
    if not isinstance(condition, dict):
        return kind is not list and type(condition) is kind
    if not condition or not OPERATORS.issuperset(condition):
        return False
    for name, kinds in (("any", (str, list)), ("has", (str,))):
        if name in condition:
            values = condition[name]
            named = isinstance(values, list) and bool(values) and all(isinstance(value, str) for value in values)
            return len(condition) == 1 and kind in kinds and named
    return kind is int and all(type(limit) is int for limit in condition.values())
