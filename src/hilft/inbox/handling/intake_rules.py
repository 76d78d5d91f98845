"""Rules for what comes in: when … then …, asked in order, each acting once on a message.

Of two rules that want to set the same thing the earlier one does; such conflicts are shown where rules are tried on
what has come in. What a rule does is a step like a person's: recorded with its rule, and to be undone.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hilft.approvals.rules import fits, mistakes
from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.inbox.enums import Direction
from hilft.inbox.handling import steps
from hilft.inbox.handling.enums import Do
from hilft.inbox.handling.facts import FACTS, LATE, Hours, facts_of, with_earlier
from hilft.inbox.handling.models import Acted, IntakeRule
from hilft.inbox.handling.steps import Skipped, Wanted
from hilft.inbox.models import Message
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.queries import require

STEP: Final = 10
MOST: Final = 5000
"""Messages that a rule is tried on, the newest of them."""
EXAMPLES: Final = 5
SETS: Final = {
    Do.ASSIGN: "assignee",
    Do.TEAM: "team",
    Do.TOPIC: "topic",
    Do.SNOOZE: "state",
    Do.CLOSE: "state",
    Do.SPAM: "state",
    Do.FOREIGN: "state",
}
"""What a step sets that holds one value only; tags add up."""


class Trial(NamedTuple):
    """Of so many messages, how many a rule would have acted on, some of them, and where it is in another's way."""

    messages: int
    acted: int
    examples: list[Message]
    conflicts: list[tuple[IntakeRule, int]]


def every_intake_rule() -> QuerySet[IntakeRule]:
    """All rules in the order in which they are asked."""
    return IntakeRule.objects.order_by("position", "pk")


@transaction.atomic
def ask(message: Message, *, late: bool = False) -> list[IntakeRule]:
    """Lets the rules act on a message, each once: those that need its meaning `late`, all others as it comes in.

    A rule acts on what comes in after it was made or changed, never on what was there before.
    """
    asked = every_intake_rule().filter(active=True, changed_at__lte=message.received_at)
    rules = [rule for rule in asked if bool(LATE & rule.when.keys()) == late]
    if not rules:
        return []
    acted = list(Acted.objects.filter(message=message).select_related("rule"))
    done = {one.rule_id for one in acted}
    end = min((one.rule.position for one in acted if one.rule.last), default=None)
    facts = facts_of(with_earlier(Message.objects.filter(pk=message.pk)).get(), Hours())
    rules = [rule for rule in rules if rule.pk not in done and (end is None or rule.position < end)]
    taken = {name for one in acted for name in _sets(one.rule)}
    chosen = _acting(rules, facts)
    for rule in chosen:
        Acted.objects.create(rule=rule, message=message)
        _act(rule, message, taken)
    return chosen


@transaction.atomic
def save_intake_rule(
    *,
    by: User,
    rule: IntakeRule | None,
    label: str,
    label_en: str,
    when: Mapping[str, Any],
    then: Sequence[Wanted],
    last: bool,
    active: bool,
) -> IntakeRule:
    """Changes a rule, or adds one at the end; refuses one that asks what nobody knows, everything, or does nothing."""
    require(by, "intake_rule.manage")
    wrong = mistakes(when, FACTS)
    if wrong:
        raise Refusal(_("These conditions cannot be understood: %(wrong)s.") % {"wrong": "; ".join(wrong)})
    if not when:
        raise Refusal(_("A rule needs at least one condition."))
    if not then:
        raise Refusal(_("A rule needs something to do."))
    before = {"when": rule.when, "then": rule.then, "active": rule.active} if rule else {}
    end = every_intake_rule().last()
    rule = rule or IntakeRule(position=(end.position if end else 0) + STEP)
    rule.label, rule.label_en, rule.when, rule.last, rule.active = label, label_en, dict(when), last, active
    rule.then = [wanted.kept() for wanted in then]
    rule.save()
    record(by=by, verb="inbox.save_intake_rule", subject=rule, before=before, when=rule.when, then=rule.then)
    tell("intake-rules", rule=rule.pk)
    return rule


@transaction.atomic
def move_intake_rule(*, by: User, rule: IntakeRule, up: bool) -> None:
    """Asks a rule one place earlier or later."""
    require(by, "intake_rule.manage")
    rules = list(every_intake_rule().select_for_update())
    place = next(number for number, one in enumerate(rules) if one.pk == rule.pk)
    other = place - 1 if up else place + 1
    if 0 <= other < len(rules):
        rules[place], rules[other] = rules[other], rules[place]
        for number, one in enumerate(rules, start=1):
            one.position = number * STEP
        IntakeRule.objects.bulk_update(rules, ["position"])
        record(by=by, verb="inbox.move_intake_rule", subject=rule, up=up)


@transaction.atomic
def delete_intake_rule(*, by: User, rule: IntakeRule) -> None:
    """Takes a rule out for good; what it did keeps its name."""
    require(by, "intake_rule.manage")
    record(by=by, verb="inbox.delete_intake_rule", subject=rule, label=rule.label, when=rule.when, then=rule.then)
    rule.delete()


def arrived(*, days: int) -> QuerySet[Message]:
    """What customers wrote in the last days, newest first, ready to try rules on."""
    found = Message.objects.filter(direction=Direction.IN, deleted_at=None, automatic=False)
    recent = found.filter(at__gte=now() - timedelta(days=days)).order_by("-at", "-pk")
    return with_earlier(recent)[:MOST]


def tried(rule: IntakeRule, others: Sequence[IntakeRule], messages: Iterable[Message]) -> Trial:
    """What a rule would have done among the others; nothing is changed by it."""
    rules = sorted([*others, rule], key=lambda one: (one.position, one.pk or 0))
    count, acted, hours = 0, 0, Hours()
    examples: list[Message] = []
    conflicts: Counter[int] = Counter()
    for message in messages:
        count += 1
        acting = _acting(rules, facts_of(message, hours))
        if rule not in acting:
            continue
        acted += 1
        examples += [message] if len(examples) < EXAMPLES else []
        conflicts.update(rules.index(one) for one in acting if one is not rule and contradict(one, rule))
    return Trial(count, acted, examples, [(rules[place], n) for place, n in conflicts.most_common()])


def contradict(one: IntakeRule, other: IntakeRule) -> bool:
    """Whether two rules set the same thing to different values."""
    first, second = _sets(one), _sets(other)
    return any(first[name] != second[name] for name in first.keys() & second.keys())


def _acting(rules: Iterable[IntakeRule], facts: Mapping[str, object]) -> list[IntakeRule]:
    """The rules whose conditions hold, up to the first after which no other is asked."""
    found = []
    for rule in rules:
        if fits(rule.when, facts):
            found.append(rule)
            if rule.last:
                break
    return found


def _act(rule: IntakeRule, message: Message, taken: set[str]) -> None:
    """Takes the rule's steps, except where an earlier rule has set the same thing."""
    for wanted in map(Wanted.of, rule.then):
        if SETS.get(wanted.do) in taken:
            continue
        try:
            steps.take(by=None, conversation=message.conversation.head, wanted=wanted, rule=rule)
        except Skipped:
            continue
    taken.update(_sets(rule))


def _sets(rule: IntakeRule) -> dict[str, Any]:
    wanted = [Wanted.of(kept) for kept in rule.then]
    return {
        SETS[one.do]: (one.do, one.value) if SETS[one.do] == "state" else one.value for one in wanted if one.do in SETS
    }
