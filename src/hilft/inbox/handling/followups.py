"""Follow-ups: on the chosen day the conversation is there again, whatever the customer wrote before."""

from django.db import transaction

from hilft.base.clock import now
from hilft.base.live import tell
from hilft.inbox.enums import State
from hilft.inbox.models import Conversation


@transaction.atomic
def wake_due() -> int:
    """Opens what is to be followed up today and is put away or done; returns how many. The date stays until it is met.

    Whoever closes it afterwards has met it: it does not come back a second time.
    """
    due = (
        Conversation.objects.select_for_update(skip_locked=True)
        .filter(follow_up_at__lte=now(), follow_up_woke=False, merged_into=None)
        .order_by("pk")
    )
    woken = [conversation.pk for conversation in due]
    Conversation.objects.filter(pk__in=woken).update(state=State.OPEN, later_until=None, follow_up_woke=True)
    for pk in woken:
        tell("inbox", conversation=pk)
        tell(f"conversation-{pk}")
    return len(woken)
