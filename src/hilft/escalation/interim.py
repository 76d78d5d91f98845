"""What a customer could hear before a promise runs out while a department still works on it: a proposal, never sent."""

from django.utils.translation import override, pgettext

from hilft.base.clock import now
from hilft.escalation.models import Clock
from hilft.escalation.queries import waits_outside
from hilft.inbox.models import Conversation
from hilft.people.enums import Form


def interim(conversation: Conversation, clock: Clock | None) -> str:
    """The proposed text in the conversation's language and form of address; empty while there is no need for one."""
    if clock is None or clock.stopped_at or now() < clock.alarms_at or not waits_outside(conversation):
        return ""
    with override("en" if conversation.language == "en" else "de"):
        if conversation.form == Form.DU:
            return pgettext(
                "du",
                "Thank you for your patience. Our specialists are looking into it. "
                "We will get back to you here as soon as we hear from them.",
            )
        return pgettext(
            "sie",
            "Thank you for your patience. Our specialists are looking into it. "
            "We will get back to you here as soon as we hear from them.",
        )
