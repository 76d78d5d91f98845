"""What a department reads: what is asked, and as much of the conversation as it needs."""

from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from hilft.channels.contract import Outgoing, Person, Ref
from hilft.channels.email.marks import NAMED
from hilft.channels.portal.tokens import link_for
from hilft.channels.registry import label
from hilft.escalation.enums import DispatchKind, DispatchState, Reach
from hilft.escalation.models import Dispatch, HandOver, Turn
from hilft.inbox.enums import Direction
from hilft.inbox.models import Conversation, Message

MOST: Final = 10
"""Messages of a conversation that go along, the latest."""


def history(conversation: Conversation, *, upto: int | None = None) -> list[Message]:
    """The messages that go along, oldest first: never notes, never what a customer deleted."""
    found = conversation.messages.filter(deleted_at=None).exclude(direction=Direction.NOTE)
    if upto is not None:
        found = found.filter(pk__lte=upto)
    return list(reversed(found.order_by("-at", "-pk")[:MOST]))


def text_of(handover: HandOver, turn: Turn, kind: str = DispatchKind.ASK) -> str:
    """The whole mail; the customer appears by name and words alone, without addresses."""
    conversation = handover.conversation
    with override(settings.LANGUAGE_CODE):
        parts = []
        if kind == DispatchKind.REMIND:
            parts.append(_("We have not heard from you about this yet. A customer is waiting for your answer."))
        parts.append(handover.asked)
        if handover.upto is not None:
            parts.append(_("What the customer wrote, and what we replied:"))
            parts += [_quoted(message, conversation) for message in history(conversation, upto=handover.upto)]
        parts.append(
            _("Please simply reply to this mail: your answer reaches %(name)s and stays inside the house.")
            % {"name": handover.by.name}
        )
        if turn.acknowledged_at is None and handover.department.reach != Reach.WEBHOOK:
            parts.append(
                _("You take it on? One click tells us so:") + f"\n{link_for(turn, 'turn', settings.LANGUAGE_CODE)}"
            )
        if handover.department.reach == Reach.INSIDE:
            parts.append(f"{settings.HILFT.public_url}/desk/anliegen/{conversation.pk}/")
        parts.append(_("Kind regards\nThe %(brand)s team") % {"brand": settings.HILFT.brand})
    return "\n\n".join(parts)


def subject_of(handover: HandOver) -> str:
    """What the mail is called: the topic, never the customer's own subject, which may name them."""
    with override(settings.LANGUAGE_CODE):
        topic = handover.conversation.topic or handover.department.name
        return _("Request %(number)s: %(topic)s") % {"number": handover.pk, "topic": topic}


def outgoing_of(dispatch: Dispatch) -> Outgoing:
    """The mail as the adapter sends it: the same for every attempt, in one thread with those before."""
    handover = dispatch.turn.handover
    before = list(
        Dispatch.objects.filter(turn__handover=handover, state=DispatchState.SENT, pk__lt=dispatch.pk)
        .order_by("pk")
        .values_list("external_id", flat=True)
    )
    account = handover.account
    name, number = (account.kind, str(account.pk)) if account else ("email", "")
    return Outgoing(
        idempotency=dispatch.key.hex,
        text=text_of(handover, dispatch.turn, dispatch.kind),
        to=Person(id=dispatch.to, handle=dispatch.to),
        public=False,
        root=Ref(channel=name, account=number, id=f"{NAMED}{handover.thread}"),
        parent=Ref(channel=name, account=number, id=before[-1]) if before else None,
        references=tuple(before),
        subject=subject_of(handover),
        language=settings.LANGUAGE_CODE,
        begun_at=dispatch.begun_at,
        marked=True,
    )


def _quoted(message: Message, conversation: Conversation) -> str:
    who = conversation.handle.shown if message.direction == Direction.IN else settings.HILFT.brand
    head = f"{who} ({label(conversation.account.kind)}):"
    return "\n".join([head, *(f"> {line}" for line in message.text.splitlines())])
