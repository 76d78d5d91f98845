"""What departments send back: an answer joins the conversation as a note; machines' replies are shown, never taken."""

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
from hilft.channels.contract import Event
from hilft.channels.inside import write
from hilft.channels.models import Account
from hilft.escalation.commands.handovers import LIVE, answered, locked, pass_on, running_turn
from hilft.escalation.enums import ReactionKind
from hilft.escalation.models import HandOver, Reaction
from hilft.escalation.notices import looks_after
from hilft.inbox.commands import come_back
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.queries import require

LONGEST: Final = 20_000
"""Characters of an answer that are kept."""


@transaction.atomic
def hear(*, account: Account, read: Event) -> bool:
    """Whether a mail belongs to a hand-over, and was taken as what came back for it; each mail once.

    The thread is proven by a signed mark before it gets here. A customer who was given the address stays a customer.
    """
    if account.kind != "email" or read.author is None or not read.thread:
        return False
    found = HandOver.objects.filter(account=account, thread=read.thread).first()
    if found is None:
        return False
    handover = locked(found)
    if read.author.id == handover.conversation.handle.external_id:
        return False
    if handover.reactions.filter(external_id=read.ref.id).exists():
        return True
    sender = f"{read.author.name} <{read.author.handle}>" if read.author.name else read.author.handle
    if read.undelivered:
        _undelivered(handover, read, sender)
    elif read.automatic:
        _note(handover, ReactionKind.AUTOMATIC, read, sender)
        record(by=None, verb="escalation.automatic", subject=handover, sender=sender)
    else:
        take_answer(handover, external_id=read.ref.id, sender=sender, text=read.text, at=read.at)
        record(by=None, verb="escalation.answer", subject=handover, sender=sender)
    tell(f"conversation-{handover.conversation_id}")
    tell("handovers", handover=handover.pk)
    return True


@transaction.atomic
def write_down(*, by: User, handover: HandOver, text: str) -> Reaction:
    """What a department said by another way: somebody of it who works in hilft, or an agent who heard it by phone."""
    require(by, "desk.see")
    if not text.strip():
        raise Refusal(_("An answer needs words."))
    handover = locked(handover)
    key = f"inside-{uuid.uuid4().hex}"
    reaction = take_answer(handover, external_id=key, sender=by.name, text=text, at=now())
    record(by=by, verb="escalation.answer", subject=handover, sender=by.name)
    tell("handovers", handover=handover.pk)
    return reaction


@transaction.atomic
def hear_program(*, handover: HandOver, key: str, sender: str, text: str) -> Reaction | None:
    """What a department's own system answers, with a key of its own for each; None for one that was heard before."""
    handover = locked(handover)
    key = f"program-{key}"
    if handover.reactions.filter(external_id=key).exists():
        return None
    reaction = take_answer(handover, external_id=key, sender=sender, text=text, at=now())
    record(by=None, verb="escalation.answer", subject=handover, sender=sender)
    tell("handovers", handover=handover.pk)
    return reaction


def take_answer(handover: HandOver, *, external_id: str, sender: str, text: str, at: datetime) -> Reaction:
    """An answer of a person: into the conversation for the team alone, which wakes up, and its assignee is told."""
    with override(settings.LANGUAGE_CODE):
        head = _("%(department)s answered (%(sender)s):") % {"department": handover.department.name, "sender": sender}
    words = text.strip()[:LONGEST]
    note = come_back(conversation=handover.conversation, text=f"{head}\n\n{words}", at=at)
    reaction = Reaction.objects.create(
        handover=handover,
        kind=ReactionKind.ANSWER,
        external_id=external_id,
        sender=sender[:300],
        text=words,
        at=at,
        note=note,
    )
    answered(handover, at)
    with override(settings.LANGUAGE_CODE):
        subject = _("%(department)s has answered") % {"department": handover.department.name}
        body = _("The answer to request %(number)s is in the conversation:") % {"number": handover.pk}
    write(looks_after(handover.conversation), subject, body, path=f"/desk/anliegen/{handover.conversation_id}/")
    return reaction


def _undelivered(handover: HandOver, read: Event, sender: str) -> None:
    """The mail did not arrive: said, and the matter goes on at once instead of waiting for nothing."""
    _note(handover, ReactionKind.UNDELIVERED, read, sender)
    record(by=None, verb="escalation.undelivered", subject=handover, sender=sender)
    turn = running_turn(handover)
    if turn and handover.state in LIVE:
        with override(settings.LANGUAGE_CODE):
            where = turn.level.place(deputy=turn.to_deputy)
            why = _("The mail could not be delivered: %(where)s") % {"where": where}
        pass_on(by=None, handover=handover, why=why)


def _note(handover: HandOver, kind: ReactionKind, read: Event, sender: str) -> None:
    Reaction.objects.create(
        handover=handover,
        kind=kind,
        external_id=read.ref.id,
        sender=sender[:300],
        text=read.text[:2000],
        at=read.at,
    )
