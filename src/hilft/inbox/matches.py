"""What a message may ask: the matcher's suggestions, stored with their confidence."""

from django.db import transaction
from django.db.models import OuterRef, Subquery

from hilft.base.live import tell
from hilft.inbox.enums import Direction
from hilft.inbox.handling.intake_rules import ask
from hilft.inbox.models import Conversation, Match, Message
from hilft.knowledge.enums import Likeness
from hilft.knowledge.matching import graded, suggest
from hilft.knowledge.models import Question

SHOWN = 5
SHORTEST = 4


def unconfirmed(*, recognised: bool, most: int = 300) -> list[Message]:
    """The latest messages of open conversations that no person judged; `recognised` takes in those that fitted."""
    waiting = Conversation.objects.waiting().filter(confirmed=False).order_by("-last_message_at", "-pk")
    if not recognised:
        waiting = waiting.filter(question=None)
    latest = Message.objects.filter(direction=Direction.IN, deleted_at=None, automatic=False).order_by("-at", "-pk")
    newest = Subquery(latest.filter(conversation=OuterRef("pk")).values("pk")[:1])
    found = waiting.annotate(newest=newest).values_list("newest", flat=True)[:most]
    return list(Message.objects.filter(pk__in=[pk for pk in found if pk]).order_by("pk"))


def match(message: Message) -> None:
    """Asks the matcher about one message and keeps its suggestions; a person's choice is never overruled."""
    text = f"{message.subject}\n{message.text}".strip()
    suggestions = suggest(text, most=SHOWN) if len(text) >= SHORTEST and not message.deleted_at else None
    with transaction.atomic():
        conversation = Conversation.objects.select_for_update().get(pk=message.conversation_id)
        message.matches.all().delete()
        if suggestions:
            Match.objects.bulk_create(
                Match(
                    message=message,
                    question_id=ranked.question,
                    wording_id=ranked.wording,
                    rank=number,
                    score=ranked.score,
                    likeness=word,
                    chance=suggestions.chance if number == 1 else None,
                )
                for number, (ranked, word) in enumerate(graded(suggestions), start=1)
            )
        latest = conversation.messages.filter(direction=Direction.IN, deleted_at=None).order_by("-at", "-pk").first()
        if latest and latest.pk == message.pk and not conversation.confirmed:
            fits = suggestions is not None and suggestions.ranked and suggestions.likeness != Likeness.NONE
            conversation.question_id = suggestions.ranked[0].question if fits and suggestions else None
            conversation.likeness = suggestions.likeness if suggestions else Likeness.NONE
            if conversation.question_id and not conversation.topic:
                conversation.topic = Question.objects.values_list("topic", flat=True).get(pk=conversation.question_id)
            conversation.save(update_fields=["question", "likeness", "topic"])
            ask(message, late=True)
        tell("inbox", conversation=conversation.pk)
        tell(f"conversation-{conversation.pk}")
