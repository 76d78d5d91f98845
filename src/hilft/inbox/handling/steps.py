"""Taking one step on one conversation, by a person or a rule, and taking it back exactly.

A step keeps the fields that it changed, before and after. Undoing it restores each field that still stands as the step
left it; what was changed since stays, and is named.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.inbox.enums import State
from hilft.inbox.handling import sorting, tags
from hilft.inbox.handling.enums import Do, Sorted
from hilft.inbox.handling.models import IntakeRule, Step
from hilft.inbox.models import Conversation
from hilft.inbox.signals import waiting_changed
from hilft.people.certificates import certified
from hilft.people.enums import Gate
from hilft.people.errors import Refusal
from hilft.people.hours.queries import absence_of
from hilft.people.models import Team, User
from hilft.people.queries import require

VERBS: Final = {
    Do.ASSIGN: "inbox.assign",
    Do.TEAM: "inbox.set_team",
    Do.TAG: "inbox.tag",
    Do.UNTAG: "inbox.untag",
    Do.TOPIC: "inbox.set_topic",
    Do.SNOOZE: "inbox.snooze",
    Do.FOLLOW_UP: "inbox.follow_up",
    Do.FOLLOWED_UP: "inbox.followed_up",
    Do.CLOSE: "inbox.close",
    Do.SPAM: "inbox.sort_out",
    Do.FOREIGN: "inbox.sort_out",
}
TIMES: Final = frozenset({"assigned_at", "attended_at", "later_until", "waiting_since", "follow_up_at"})


class Skipped(Refusal):
    """This step would change nothing here, or cannot be taken; says why."""


class Wanted(NamedTuple):
    """A step as data: a user's or team's key, words, hours or a moment, as `do` needs it."""

    do: Do
    value: Any = None

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Wanted":
        """As it was kept in a JSON field."""
        return cls(Do(kept["do"]), kept.get("value"))

    def kept(self) -> dict[str, Any]:
        """As a JSON field keeps it."""
        return {"do": str(self.do), "value": self.value}


@transaction.atomic
def take(*, by: User | None, conversation: Conversation, wanted: Wanted, rule: IntakeRule | None = None) -> Step:
    """Takes a step, recorded and ready to be undone; refuses with Skipped where it would change nothing."""
    if by is not None:
        require(by, "conversation.assign" if wanted.do in {Do.ASSIGN, Do.TEAM} else "conversation.work")
    conversation = _locked(conversation)
    after = outcome(conversation, wanted)
    before = {name: _plain(getattr(conversation, name)) for name in after}
    _write(conversation, after)
    step = Step.objects.create(
        conversation=conversation,
        do=wanted.do,
        before=before,
        after={name: _plain(value) for name, value in after.items()},
        by=by,
        rule=rule,
        rule_name=rule.label if rule else "",
    )
    data = {"do": str(wanted.do), "value": wanted.value, "step": step.pk} | ({"rule": rule.pk} if rule else {})
    record(by=by, verb=VERBS[wanted.do], subject=conversation, **data)
    return step


@transaction.atomic
def undo(*, by: User, step: Step) -> list[str]:
    """Takes a step back; returns the names of what was changed since and therefore stays."""
    require(by, "conversation.work")
    step = Step.objects.select_for_update().get(pk=step.pk)
    if step.undone_at:
        return []
    conversation = _locked(step.conversation)
    restored: dict[str, Any] = {}
    stays: list[str] = []
    for name, after in step.after.items():
        if name == "tags":
            restored[name] = _tags_without(conversation, step)
        elif _plain(getattr(conversation, name)) == after:
            restored[name] = _value(name, step.before[name])
        else:
            stays.append(name)
    _write(conversation, restored)
    if restored.get("sorted_out") == Sorted.NO:
        sorting.release_alike(conversation)
    step.undone_at, step.undone_by = now(), by
    step.save(update_fields=["undone_at", "undone_by"])
    record(by=by, verb="inbox.undo_step", subject=conversation, do=step.do, step=step.pk, stays=stays)
    return stays


def outcome(conversation: Conversation, wanted: Wanted) -> dict[str, Any]:
    """The fields as they will be; raises Skipped with the reason where the step has no place."""
    if conversation.merged_into_id:
        raise Skipped(_("It is merged into another conversation."))
    after = _OUTCOMES[wanted.do](conversation, wanted.value)
    changed = {name: value for name, value in after.items() if getattr(conversation, name) != value}
    if not changed:
        raise Skipped(_("It is so already."))
    return after


def _assign(conversation: Conversation, value: Any) -> dict[str, Any]:
    if value is not None:
        person = User.objects.filter(pk=value).first()
        if person is None or not person.has_role("agent", "approver", "lead"):
            raise Skipped(_("This person does not work on conversations."))
        if not certified(person, Gate.ROUTE, conversation.account.kind):
            raise Skipped(_("This person has no certificate for it."))
        if absence_of(person):
            raise Skipped(_("This person is away."))
    if conversation.assignee_id == value:
        raise Skipped(_("It is so already."))
    at = now() if value is not None else None
    return {"assignee_id": value, "assigned_at": at, "attended_at": None, "lost_by_id": None}


def _team(conversation: Conversation, value: Any) -> dict[str, Any]:
    if value is not None and not Team.objects.filter(pk=value).exists():
        raise Skipped(_("This team does not exist any more."))
    return {"team_id": value}


def _tag(conversation: Conversation, value: Any) -> dict[str, Any]:
    return {"tags": tags.together(conversation.tags, tags.known(value))}


def _untag(conversation: Conversation, value: Any) -> dict[str, Any]:
    gone = {name.casefold() for name in value}
    return {"tags": [name for name in conversation.tags if name.casefold() not in gone]}


def _topic(conversation: Conversation, value: Any) -> dict[str, Any]:
    return {"topic": str(value).strip()[:80]}


def _snooze(conversation: Conversation, value: Any) -> dict[str, Any]:
    if conversation.state == State.DONE:
        raise Skipped(_("It is done already."))
    return {"state": State.LATER, "later_until": _moment(value)}


def _follow_up(conversation: Conversation, value: Any) -> dict[str, Any]:
    note = str(value.get("note", "")).strip()[:300]
    return {"follow_up_at": _moment(value["at"]), "follow_up_note": note, "follow_up_woke": False}


def _followed_up(conversation: Conversation, value: Any) -> dict[str, Any]:
    return {"follow_up_at": None, "follow_up_note": "", "follow_up_woke": False}


def _close(conversation: Conversation, value: Any) -> dict[str, Any]:
    if conversation.state == State.DONE:
        raise Skipped(_("It is done already."))
    return {"state": State.DONE, "later_until": None, "waiting_since": None}


def _sort_out(why: Sorted) -> Callable[[Conversation, Any], dict[str, Any]]:
    def outcome_of(conversation: Conversation, value: Any) -> dict[str, Any]:
        if conversation.sorted_out == why:
            raise Skipped(_("It is sorted out already."))
        closed = {"state": State.DONE, "later_until": None, "waiting_since": None}
        return {"sorted_out": why, "like_id": None} | closed

    return outcome_of


_OUTCOMES: Final[dict[Do, Callable[[Conversation, Any], dict[str, Any]]]] = {
    Do.ASSIGN: _assign,
    Do.TEAM: _team,
    Do.TAG: _tag,
    Do.UNTAG: _untag,
    Do.TOPIC: _topic,
    Do.SNOOZE: _snooze,
    Do.FOLLOW_UP: _follow_up,
    Do.FOLLOWED_UP: _followed_up,
    Do.CLOSE: _close,
    Do.SPAM: _sort_out(Sorted.SPAM),
    Do.FOREIGN: _sort_out(Sorted.FOREIGN),
}


def _moment(value: Any) -> datetime:
    """A moment in the future, given as hours from now or in ISO form."""
    at = now() + timedelta(hours=value) if isinstance(value, int) else parse_datetime(str(value))
    if at is None or at <= now():
        raise Skipped(_("Choose a time in the future."))
    return at


def _tags_without(conversation: Conversation, step: Step) -> list[str]:
    """The tags of now without those that the step put on, and with those that it took away."""
    before, after = step.before["tags"], step.after["tags"]
    put, taken = set(after) - set(before), tags.known([name for name in before if name not in after], new=False)
    return tags.together([name for name in conversation.tags if name not in put], taken)


def _locked(conversation: Conversation) -> Conversation:
    return Conversation.objects.select_for_update(of=("self",)).get(pk=conversation.pk)


def _write(conversation: Conversation, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        setattr(conversation, name, value)
    conversation.save(update_fields=list(fields))
    if "waiting_since" in fields:
        waiting_changed.send(Conversation, conversation=conversation)
    tell("inbox", conversation=conversation.pk)
    tell(f"conversation-{conversation.pk}")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else list(value) if isinstance(value, list) else value


def _value(name: str, kept: Any) -> Any:
    return datetime.fromisoformat(kept) if kept and name in TIMES else kept
