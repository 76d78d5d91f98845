"""What publishing does when the packages below it have news."""

from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext

from hilft.channels.models import PortalPost
from hilft.inbox.models import Conversation, Message
from hilft.inbox.queries import asked_in
from hilft.inbox.signals import joined, message_received, messages_moved
from hilft.knowledge.followers import tell_reply
from hilft.knowledge.models import Move, Version
from hilft.knowledge.moves import Choice, bring_back, carry
from hilft.knowledge.signals import move_undone, question_moved, version_published
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.publishing.commands import corrections, taking_back
from hilft.publishing.enums import Action, DraftState
from hilft.publishing.macros.commands import when_sent
from hilft.publishing.models import Delivery, Placement
from hilft.publishing.queries import LIVE_DRAFT
from hilft.publishing.signals import delivered


@receiver(message_received)
def on_message(conversation: Conversation, message: Message, **_: Any) -> None:
    """What waits for approval or is about to leave goes back to its author."""
    taking_back.stop_for_news(conversation)


@receiver(joined)
def on_join(source: Conversation, **_: Any) -> None:
    """Nobody loses sight of a reply that is being written or waits: it is finished or thrown away first."""
    _refuse_while_open(source)


@receiver(messages_moved)
def on_messages_moved(source: Conversation, target: Conversation, messages: list[int], **_: Any) -> None:
    """Replies go with their messages."""
    _refuse_while_open(source)
    Delivery.objects.filter(placement__message__in=messages).update(conversation=target)
    Placement.objects.filter(message__in=messages).update(conversation=target)


@receiver(version_published)
def on_version(version: Version, by: User | None, **_: Any) -> None:
    """Replies made from older versions are listed for correction."""
    corrections.plan(version=version, by=by)


@receiver(delivered)
def on_delivered(delivery: Delivery, **news: Any) -> None:
    """A correction that arrived closes its item, a macro takes its last steps, and followers hear of a new reply."""
    corrections.took_effect(delivery, news["sent"])
    when_sent(delivery)
    post = PortalPost.objects.filter(idempotency=delivery.idempotency).first()
    if post and delivery.action == Action.PUBLISH:
        tell_reply(thread=post.thread, key=delivery.idempotency.hex)


@receiver(question_moved)
def on_move(move: Move, choice: Choice | None, **_: Any) -> None:
    """Replies belong to the question that answers for them now; a split counts their uses to the new one."""
    found = Placement.objects.all()
    if choice is not None:
        going = asked_in(choice.wordings).exclude(pk__in=choice.staying)
        found = found.filter(conversation__in=going.values("pk"))
    carry(move, "placements", found)
    if choice is not None:
        move.asked = move.used = len(move.moved["placements"])


@receiver(move_undone)
def on_undone(move: Move, **_: Any) -> None:
    """Replies come back, whatever text they were corrected to meanwhile."""
    bring_back(move, "placements", Placement)


def _refuse_while_open(conversation: Conversation) -> None:
    """While somebody writes a reply there, or one waits for a second person or to leave, nothing is moved."""
    live = conversation.drafts.filter(state__in=LIVE_DRAFT).exclude(text="", state=DraftState.EDITING)
    draft = live.select_related("author").order_by("pk").first()
    if draft:
        words = gettext(
            "%(name)s has an open reply there. Send it, take it back or throw it away first, then try again."
        )
        raise Refusal(words % {"name": draft.author.name})
