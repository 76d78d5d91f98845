"""What publishing does when the packages below it have news."""

from typing import Any

from django.dispatch import receiver

from hilft.inbox.models import Conversation, Message
from hilft.inbox.signals import message_received
from hilft.knowledge.models import Version
from hilft.knowledge.signals import version_published
from hilft.people.models import User
from hilft.publishing.commands import corrections, drafts
from hilft.publishing.models import Delivery
from hilft.publishing.signals import delivered


@receiver(message_received)
def on_message(conversation: Conversation, message: Message, **_: Any) -> None:
    """What waits for approval or is about to leave goes back to its author."""
    drafts.stop_for_news(conversation)


@receiver(version_published)
def on_version(version: Version, by: User | None, **_: Any) -> None:
    """Replies made from older versions are listed for correction."""
    corrections.plan(version=version, by=by)


@receiver(delivered)
def on_delivered(delivery: Delivery, **news: Any) -> None:
    """A correction that arrived closes its item."""
    corrections.took_effect(delivery, news["sent"])
