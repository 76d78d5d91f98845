"""Who is to be told that a cause is closed."""

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from hilft.inbox.enums import Direction
from hilft.inbox.models import Conversation, Message
from hilft.knowledge.causes.models import Cause
from hilft.knowledge.models import Follower
from hilft.publishing.enums import DraftState
from hilft.publishing.models import Told


def to_be_told(cause: Cause) -> QuerySet[Conversation]:
    """Everybody who asked one of its questions since it began and was not told yet, in their latest conversation."""
    since = Message.objects.filter(
        conversation=OuterRef("pk"), direction=Direction.IN, deleted_at=None, at__gte=cause.opened_at
    )
    asked = Conversation.objects.filter(question__namings__cause=cause, automatic=False).filter(Exists(since))
    told = Told.objects.filter(cause=cause, contact=OuterRef("handle__contact")).exclude(
        draft__state=DraftState.DISCARDED
    )
    newest = asked.filter(handle__contact=OuterRef("handle__contact")).order_by("-last_message_at", "-pk")
    return (
        asked.exclude(Exists(told))
        .filter(pk=Subquery(newest.values("pk")[:1]))
        .select_related("account", "handle__contact", "question__answer")
        .order_by("pk")
    )


def followers_to_tell(cause: Cause) -> QuerySet[Follower]:
    """Who follows one of its questions by a proven address; nobody once they were told."""
    if cause.followers_told_at:
        return Follower.objects.none()
    found = Follower.objects.filter(verified_at__isnull=False, question__namings__cause=cause)
    return found.select_related("question").order_by("pk")
