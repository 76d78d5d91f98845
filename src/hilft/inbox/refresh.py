"""What networks do not push: edits and deletions of customers' posts, and snoozed conversations waking up."""

import logging
from collections import defaultdict
from datetime import timedelta

from django.db import transaction

from hilft.base.clock import now
from hilft.base.live import tell
from hilft.channels.commands import counted, note_trouble, store
from hilft.channels.contract import ChannelError, OverBudget, Ref
from hilft.channels.models import Account
from hilft.channels.registry import adapter_of
from hilft.channels.watch import over_budget
from hilft.inbox.enums import Direction, State
from hilft.inbox.models import Conversation, Message

log = logging.getLogger(__name__)
WINDOW = timedelta(days=2)
MOST = 40


def refresh_open() -> None:
    """Asks each account's network about the latest customer posts of open conversations."""
    recent = (
        Message.objects.filter(
            direction=Direction.IN, deleted_at=None, at__gte=now() - WINDOW, conversation__state=State.OPEN
        )
        .order_by("-at", "-pk")
        .values_list("account_id", "external_id", "external_version")[: 5 * MOST]
    )
    by_account: dict[int, list[tuple[str, str | None]]] = defaultdict(list)
    for account_id, external_id, version in recent:
        if external_id:
            by_account[account_id].append((external_id, version))
    for account in Account.objects.in_use().filter(pk__in=by_account):
        refs = [
            Ref(channel=account.kind, account=str(account.pk), id=external_id, version=version)
            for external_id, version in by_account[account.pk][:MOST]
        ]
        adapter = adapter_of(account)
        try:
            with counted(account, adapter):
                store(account, adapter.refresh(refs))
        except OverBudget:
            over_budget(account)
        except ChannelError as error:
            note_trouble(account, str(error))


@transaction.atomic
def wake_snoozed() -> int:
    """Opens conversations whose time has come; returns how many."""
    due = Conversation.objects.select_for_update(skip_locked=True).filter(state=State.LATER, later_until__lte=now())
    woken = [conversation.pk for conversation in due]
    Conversation.objects.filter(pk__in=woken).update(state=State.OPEN, later_until=None)
    for pk in woken:
        tell("inbox", conversation=pk)
    return len(woken)
