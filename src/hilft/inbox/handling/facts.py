"""What rules for incoming messages may ask about."""

from typing import Any, Final

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from hilft.base.schedules import Schedule, Spans, Version
from hilft.inbox.models import Conversation, Message
from hilft.inbox.signals import business_hours
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
WEEKDAY: Final[Spans] = ((8 * 60, 18 * 60),)
USUAL: Final = Schedule([Version("Europe/Berlin", (WEEKDAY,) * 5 + ((), ()))])
"""Monday to Friday from eight to six: business time where nothing was promised in any hours."""


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


class Hours(dict[str, Schedule]):
    """Business hours by kind of channel, asked once for each: those of what is promised there, else the usual ones."""

    def __missing__(self, kind: str) -> Schedule:
        answers: list[Any] = [answer for _receiver, answer in business_hours.send(Message, kind=kind)]
        self[kind] = next(filter(None, answers), USUAL)
        return self[kind]


def facts_of(message: Message, hours: Hours) -> dict[str, object]:
    """The facts about a message that `with_earlier` read; `hours` may serve many."""
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
        "business_time": hours[conversation.account.kind].is_open(message.at),
        "risks": risks(message.text),
    }
