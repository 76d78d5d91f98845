"""What rules for incoming messages may ask about."""

from datetime import datetime
from typing import Final

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from hilft.inbox.models import Conversation, Message
from hilft.reading.risk import risks

FACTS: Final[dict[str, type]] = {
    "network": str,
    "account": str,
    "language": str,
    "public": bool,
    "addressed": bool,
    "text": str,
    "author": str,
    "earlier": int,
    "topic": str,
    "tags": list,
    "business_time": bool,
    "risks": list,
}
"""By name, as what kind of value."""
LATE: Final = frozenset({"topic"})
"""What is known only after the message was read for its meaning; rules that ask about it wait for that."""
OPENS, CLOSES, SATURDAY = 8, 18, 5


def with_earlier(messages: QuerySet[Message]) -> QuerySet[Message]:
    """The messages with how many `earlier` conversations their author had, and what facts are read from."""
    before = (
        Conversation.objects.filter(handle__contact=OuterRef("conversation__handle__contact"))
        .filter(created_at__lt=OuterRef("conversation__created_at"))
        .order_by()
        .annotate(one=Value(1))
        .values("one")
        .annotate(n=Count("pk"))
        .values("n")
    )
    found = messages.select_related("conversation__account", "conversation__handle")
    return found.annotate(earlier=Coalesce(Subquery(before, output_field=IntegerField()), 0))


def facts_of(message: Message) -> dict[str, object]:
    """The facts about a message that `with_earlier` read."""
    conversation = message.conversation
    return {
        "network": conversation.account.kind,
        "account": conversation.account.name,
        "language": message.language,
        "public": conversation.public,
        "addressed": message.addressed,
        "text": f"{message.subject}\n{message.text}",
        "author": conversation.handle.handle,
        "earlier": getattr(message, "earlier", 0),
        "topic": conversation.topic,
        "tags": conversation.tags,
        "business_time": is_business_time(message.at),
        "risks": risks(message.text),
    }


def is_business_time(at: datetime) -> bool:
    """Monday to Friday from eight to six, by the installation's clock; holidays are days like others."""
    here = timezone.localtime(at)
    return here.weekday() < SATURDAY and OPENS <= here.hour < CLOSES
