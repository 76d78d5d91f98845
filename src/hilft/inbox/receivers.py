"""What the inbox does when questions are merged or split, and when somebody is away or leaves."""

from typing import Any

from django.db.models import Q
from django.dispatch import receiver

from hilft.inbox.models import Conversation, Duplicate, Judgement, Match
from hilft.inbox.queries import asked_in
from hilft.inbox.routing import give_back
from hilft.knowledge.models import Follower, Move
from hilft.knowledge.moves import Choice, bring_back, carry
from hilft.knowledge.signals import move_undone, question_moved
from hilft.people.models import User
from hilft.people.rules import may
from hilft.people.signals import away, changed


@receiver(question_moved)
def on_move(move: Move, choice: Choice | None, **_: Any) -> None:
    """Conversations with their matches, verdicts and duplicates follow; in a split, those in the chosen wordings."""
    conversations, matches = Conversation.objects.all(), Match.objects.all()
    judgements, duplicates = Judgement.objects.all(), Duplicate.objects.all()
    if choice is not None:
        going = list(asked_in(choice.wordings).exclude(pk__in=choice.staying).values_list("pk", flat=True))
        conversations = conversations.filter(pk__in=going)
        staying = Q(message__conversation__in=choice.staying)
        matches = matches.exclude(staying).filter(Q(wording__in=choice.wordings) | Q(message__conversation__in=going))
        judgements = judgements.filter(message__conversation__in=going)
        duplicates = duplicates.filter(conversation__in=going)
        threads = duplicates.filter(conversation__account__kind="portal", undone_at=None)
        carry(
            move,
            "followers",
            Follower.objects.filter(thread__in=list(threads.values_list("conversation__thread", flat=True))),
            once="email",
        )
    carry(move, "conversations", conversations)
    carry(move, "matches", matches, once="message")
    carry(move, "judgements", judgements)
    carry(move, "duplicates", duplicates)


@receiver(move_undone)
def on_undone(move: Move, **_: Any) -> None:
    """What followed comes back."""
    bring_back(move, "conversations", Conversation)
    bring_back(move, "matches", Match, once="message")
    bring_back(move, "judgements", Judgement)
    bring_back(move, "duplicates", Duplicate)


@receiver(away)
def on_away(user: User, by: User, **_: Any) -> None:
    """Nobody waits for somebody who is away."""
    give_back(holder=user, by=by)


@receiver(changed)
def on_changed(user: User, by: User, **_: Any) -> None:
    """Nor for somebody who no longer works on conversations."""
    if not may(user, "conversation.work"):
        give_back(holder=user, by=by)
