"""A matter is handed to a department, taken on, passed on when a level lets it lie, and closed."""

import secrets
import uuid
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.base.queue import enqueue
from hilft.channels.inside import write
from hilft.channels.queries import first_mail_account
from hilft.escalation.enums import DispatchKind, HandOverState, Reach, ReactionKind
from hilft.escalation.models import Department, Dispatch, HandOver, Level, Reaction, Turn
from hilft.escalation.notices import looks_after
from hilft.escalation.rules import due_after, due_of, place_after
from hilft.inbox.handling.mentions import speak_to
from hilft.inbox.models import Conversation
from hilft.inbox.queries import last_seen
from hilft.people.errors import Refusal
from hilft.people.hours.queries import absence_of
from hilft.people.models import User
from hilft.people.queries import require

MOST: Final = 200
"""Turns that one run of the clockwork looks at."""

LIVE: Final = (HandOverState.OPEN, HandOverState.ACKNOWLEDGED)


@transaction.atomic
def hand_over(
    *, by: User, conversation: Conversation, department: Department, asked: str, history: bool = True
) -> HandOver:
    """Asks a department's first level; refuses without words, or when nobody can be reached there."""
    require(by, "handover.make")
    if not asked.strip():
        raise Refusal(_("Say what the department is to do."))
    if not department.is_active:
        raise Refusal(_("This department is not asked any more."))
    first = department.levels.order_by("number").first()
    if first is None or (department.reach != Reach.WEBHOOK and not first.place(deputy=False)):
        raise Refusal(_("Nobody is named yet who can be reached there."))
    account = department.account or first_mail_account()
    if department.reach != Reach.WEBHOOK and account is None:
        raise Refusal(_("Connect a mail account first: there is none to send from."))
    handover = HandOver.objects.create(
        conversation=conversation,
        department=department,
        account=account,
        thread=secrets.token_hex(8),
        asked=asked.strip(),
        upto=last_seen(conversation) if history else None,
        by=by,
        at=now(),
    )
    _begin(handover, first, to_deputy=False)
    record(by=by, verb="escalation.hand_over", subject=handover, conversation=conversation.pk, to=department.name)
    _tell(handover)
    return handover


@transaction.atomic
def acknowledge(*, by: User | None, handover: HandOver, at: datetime | None = None) -> HandOver:
    """Somebody there has taken it on, as they said; from here on the time for the answer counts."""
    if by is not None:
        require(by, "handover.make")
    handover = locked(handover)
    turn = running_turn(handover)
    if handover.state != HandOverState.OPEN or turn is None:
        raise Refusal(_("This hand-over is not waiting to be taken on."))
    _acknowledged(turn, at or now())
    handover.state, handover.stalled_at, handover.trouble = HandOverState.ACKNOWLEDGED, None, ""
    handover.save(update_fields=["state", "stalled_at", "trouble"])
    record(by=by, verb="escalation.acknowledge", subject=handover, turn=turn.pk)
    _tell(handover)
    return handover


@transaction.atomic
def close(*, by: User, handover: HandOver) -> HandOver:
    """Nothing more is wanted of the department; an answer that comes all the same opens it again."""
    require(by, "handover.make")
    handover = locked(handover)
    if handover.state == HandOverState.CLOSED:
        return handover
    handover.turns.filter(ended_at=None).update(ended_at=now(), due_at=None)
    handover.state, handover.closed_at, handover.closed_by = HandOverState.CLOSED, now(), by
    handover.stalled_at, handover.trouble = None, ""
    handover.save(update_fields=["state", "closed_at", "closed_by", "stalled_at", "trouble"])
    record(by=by, verb="escalation.close", subject=handover)
    _tell(handover)
    return handover


@transaction.atomic
def pass_on(*, by: User | None, handover: HandOver, why: str = "") -> Turn | None:
    """Gives the matter to the deputy or the next level; at the end of the levels people here are told."""
    if by is not None:
        require(by, "handover.make")
    handover = locked(handover)
    turn = running_turn(handover)
    if turn is None or handover.state not in LIVE:
        raise Refusal(_("This hand-over is not waiting for anybody."))
    place = place_after(turn, handover.department.levels.order_by("number"))
    if place is None:
        _stall(handover, turn, why)
        return None
    turn.ended_at, turn.due_at = now(), None
    turn.save(update_fields=["ended_at", "due_at"])
    handover.state, handover.trouble = HandOverState.OPEN, why[:500]
    handover.save(update_fields=["state", "trouble"])
    following = _begin(handover, place[0], to_deputy=place[1])
    record(by=by, verb="escalation.pass_on", subject=handover, level=place[0].number, deputy=place[1], why=why)
    _tell(handover)
    return following


def chase() -> int:
    """Every minute: whoever let their time pass is reminded once, then the matter goes on; returns how many."""
    late = Turn.objects.filter(ended_at=None, due_at__lte=now(), handover__state__in=LIVE)
    return sum(_chased(turn) for turn in late.select_related("handover").order_by("due_at", "pk")[:MOST])


@transaction.atomic
def _chased(late: Turn) -> bool:
    """Whether it was still late once nobody else was at it: the hand-over is locked first, as everywhere."""
    handover = locked(late.handover)
    turn = running_turn(handover)
    if turn is None or turn.due_at is None or turn.due_at > now() or handover.state not in LIVE:
        return False
    if turn.reminded_at is None:
        _remind(turn)
    else:
        pass_on(by=None, handover=handover, why=_late(turn))
    return True


def locked(handover: HandOver) -> HandOver:
    """The hand-over for a change, with what its commands need."""
    rows = HandOver.objects.select_for_update(of=("self",))
    return rows.select_related(
        "department__schedule", "conversation__assignee", "conversation__handle", "conversation__account", "by"
    ).get(pk=handover.pk)


def running_turn(handover: HandOver) -> Turn | None:
    """With whom it lies now."""
    return handover.turns.filter(ended_at=None).select_related("level__department__schedule").first()


def left(dispatch: Dispatch) -> None:
    """The request has left: the level's time begins; its hand-over is locked."""
    turn = Turn.objects.select_related("level__department__schedule").get(pk=dispatch.turn_id)
    if dispatch.kind != DispatchKind.ASK or turn.since:
        return
    turn.since = dispatch.sent_at
    turn.due_at = None if turn.ended_at or turn.answered_at else due_of(turn)
    turn.save(update_fields=["since", "due_at"])


def answered(handover: HandOver, at: datetime) -> None:
    """Stops the clock of whoever has it: an answer is also a word that it was taken on."""
    turn = running_turn(handover)
    if turn is None:
        turn = handover.turns.order_by("-pk").first()
    if turn:
        turn.acknowledged_at = turn.acknowledged_at or at
        turn.answered_at, turn.due_at = turn.answered_at or at, None
        turn.save(update_fields=["acknowledged_at", "answered_at", "due_at"])
    handover.state, handover.closed_at, handover.closed_by = HandOverState.ANSWERED, None, None
    handover.stalled_at, handover.trouble = None, ""
    handover.save(update_fields=["state", "closed_at", "closed_by", "stalled_at", "trouble"])


def _begin(handover: HandOver, level: Level, *, to_deputy: bool) -> Turn:
    """Whoever is away is not asked where there is a deputy."""
    away = level.owner is not None and absence_of(level.owner) is not None
    to_deputy = to_deputy or (away and bool(level.place(deputy=True)))
    turn = Turn.objects.create(handover=handover, level=level, to_deputy=to_deputy)
    _send(turn, DispatchKind.ASK)
    return turn


def _send(turn: Turn, kind: DispatchKind) -> None:
    department = turn.level.department
    to = department.url if department.reach == Reach.WEBHOOK else turn.level.place(deputy=turn.to_deputy)
    dispatch = Dispatch.objects.create(turn=turn, kind=kind, key=uuid.uuid4(), to=to, due_at=now())
    enqueue("escalation.send", dispatch=dispatch.pk)
    person = turn.level.person(deputy=turn.to_deputy)
    if department.reach == Reach.INSIDE and person is not None:
        _speak_to(person, turn, kind)


def _speak_to(person: User, turn: Turn, kind: DispatchKind) -> None:
    """Who works in hilft is told on the desk as well, and finds there what is asked."""
    handover = turn.handover
    with override(settings.LANGUAGE_CODE):
        head = _("Request %(number)s to %(name)s") % {"number": handover.pk, "name": handover.department.name}
        if kind == DispatchKind.REMIND:
            head = _("Reminder of request %(number)s") % {"number": handover.pk}
    text = f"{head}: {handover.asked}"
    speak_to(by=handover.by, conversation=handover.conversation, text=text, to=[person])


def _remind(turn: Turn) -> None:
    turn.reminded_at = now()
    turn.due_at = due_after(turn.level.department, now(), turn.level.acknowledge_minutes)
    turn.save(update_fields=["reminded_at", "due_at"])
    _send(turn, DispatchKind.REMIND)
    record(by=None, verb="escalation.remind", subject=turn.handover, level=turn.level.number)
    _tell(turn.handover)


def _acknowledged(turn: Turn, at: datetime) -> None:
    turn.acknowledged_at, turn.reminded_at = at, None
    turn.due_at = due_of(turn)
    turn.save(update_fields=["acknowledged_at", "reminded_at", "due_at"])
    Reaction.objects.create(
        handover=turn.handover,
        kind=ReactionKind.ACKNOWLEDGED,
        external_id=f"acknowledged-{turn.pk}",
        sender=turn.level.name,
        at=at,
    )


def _stall(handover: HandOver, turn: Turn, why: str) -> None:
    """Nobody is left to ask: said on the desk, and to whoever looks after the conversation."""
    turn.due_at = None
    turn.save(update_fields=["due_at"])
    handover.stalled_at, handover.trouble = now(), why[:500]
    handover.save(update_fields=["stalled_at", "trouble"])
    record(by=None, verb="escalation.stall", subject=handover, why=why)
    with override(settings.LANGUAGE_CODE):
        subject = _("%(department)s does not answer") % {"department": handover.department.name}
        text = _("Request %(number)s has reached its last level without an answer. Somebody has to look after it:") % {
            "number": handover.pk
        }
    path = f"/desk/anliegen/{handover.conversation_id}/"
    write(looks_after(handover.conversation), subject, text, path=path)
    _tell(handover)


def _late(turn: Turn) -> str:
    with override(settings.LANGUAGE_CODE):
        who = turn.level.place(deputy=turn.to_deputy) or turn.level.name
        return _("No answer in time from: %(who)s") % {"who": who}


def _tell(handover: HandOver) -> None:
    tell(f"conversation-{handover.conversation_id}")
    tell("handovers", handover=handover.pk)
