"""That a conversation reports a fault: the clock of section 58 TKG beside what was promised."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.escalation.models import FaultReport
from hilft.inbox.enums import Direction
from hilft.inbox.models import Conversation
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.queries import require


@transaction.atomic
def mark_fault(*, by: User, conversation: Conversation) -> FaultReport:
    """The customer reports a total failure, since their first message here; again, it changes nothing."""
    require(by, "fault.mark")
    first = conversation.messages.filter(direction=Direction.IN, deleted_at=None).order_by("at", "pk").first()
    if first is None:
        raise Refusal(_("There is no customer message that reports anything."))
    fault, created = FaultReport.objects.get_or_create(
        conversation=conversation, defaults={"at": first.at, "marked_by": by}
    )
    if created:
        record(by=by, verb="escalation.mark_fault", subject=conversation, at=first.at.isoformat())
        tell(f"conversation-{conversation.pk}")
    return fault


@transaction.atomic
def unmark_fault(*, by: User, conversation: Conversation) -> None:
    """It is no report of a fault after all."""
    require(by, "fault.mark")
    if FaultReport.objects.filter(conversation=conversation).delete()[0]:
        record(by=by, verb="escalation.unmark_fault", subject=conversation)
        tell(f"conversation-{conversation.pk}")


@transaction.atomic
def mend_fault(*, by: User, conversation: Conversation, at: datetime | None = None) -> FaultReport:
    """The fault is mended, and the statutory clock ends."""
    require(by, "fault.mark")
    fault = FaultReport.objects.select_for_update().get(conversation=conversation)
    mended_at = at or now()
    if mended_at < fault.at:
        raise Refusal(_("It cannot be mended before it was reported."))
    fault.mended_at = mended_at
    fault.save(update_fields=["mended_at"])
    record(by=by, verb="escalation.mend_fault", subject=conversation, at=mended_at.isoformat())
    tell(f"conversation-{conversation.pk}")
    return fault
