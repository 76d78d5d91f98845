"""Spam: an author's later posts are marked like the first, and come back with it; nothing is deleted."""

from hilft.base.live import tell
from hilft.inbox.enums import Direction, State
from hilft.inbox.handling.enums import Sorted
from hilft.inbox.models import Conversation
from hilft.inbox.signals import waiting_changed


def mark_like_its_author(conversation: Conversation) -> None:
    """A new conversation of somebody whose other one a person sorted out as spam is spam like it."""
    first = (
        Conversation.objects.filter(handle=conversation.handle_id, sorted_out=Sorted.SPAM, like=None)
        .filter(steps__do="spam", steps__by__isnull=False, steps__undone_at=None)
        .order_by("pk")
        .first()
    )
    if first:
        conversation.sorted_out, conversation.like, conversation.state = Sorted.SPAM, first, State.DONE


def release_alike(conversation: Conversation) -> None:
    """What was marked like a conversation that is no spam after all comes back, waiting since it was asked."""
    for alike in Conversation.objects.select_for_update().filter(like=conversation).order_by("pk"):
        asked = alike.messages.filter(direction=Direction.IN, deleted_at=None, automatic=False).order_by("at", "pk")
        alike.sorted_out, alike.like, alike.state = Sorted.NO, None, State.OPEN
        alike.waiting_since = asked.values_list("at", flat=True).first()
        alike.save(update_fields=["sorted_out", "like", "state", "waiting_since"])
        waiting_changed.send(Conversation, conversation=alike)
        tell("inbox", conversation=alike.pk)
