"""What escalation does when the packages below it have news."""

from typing import Any

from django.dispatch import receiver

from hilft.base.schedules import Schedule
from hilft.channels.contract import Event
from hilft.channels.models import Account
from hilft.escalation.commands import clocks, reactions
from hilft.escalation.queries import hours_on
from hilft.inbox.models import Conversation
from hilft.inbox.signals import arriving, business_hours, message_received, waiting_changed


@receiver([message_received, waiting_changed])
def on_waiting(conversation: Conversation, **_: Any) -> None:
    """A clock runs exactly while somebody waits."""
    clocks.keep_time(conversation=conversation)
    if conversation.merged_into_id:
        clocks.keep_time(conversation=conversation.head)


@receiver(business_hours)
def on_business_hours(kind: str, **_: Any) -> Schedule | None:
    """The hours in which a first reply is promised there; None where none is promised in any hours."""
    return hours_on(kind)


@receiver(arriving)
def on_arriving(account: Account, read: Event, **_: Any) -> bool:
    """What a department sends back is no customer's question."""
    return reactions.hear(account=account, read=read)
