"""The only writers of accounts and raw events."""

from collections.abc import Sequence

from django.db import transaction

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.base.queue import enqueue
from hilft.channels.contract import Raw
from hilft.channels.enums import AccountState, EventState
from hilft.channels.models import Account, Event
from hilft.channels.secrets import seal
from hilft.people.models import User
from hilft.people.queries import require


@transaction.atomic
def connect_account(
    *,
    by: User | None,
    kind: str,
    name: str,
    handle: str,
    network: str = "",
    settings: dict[str, object],
    secrets: dict[str, str],
) -> Account:
    """Adds an account with its credentials; an account that was there before keeps its history."""
    if by is not None:
        require(by, "account.manage")
    account, _created = Account.objects.update_or_create(
        kind=kind,
        network=network,
        handle=handle,
        defaults={
            "name": name,
            "settings": settings,
            "secrets": seal(secrets),
            "state": AccountState.ACTIVE,
            "error": "",
        },
    )
    record(by=by, verb="channels.connect", subject=account, kind=kind, handle=handle)
    return account


@transaction.atomic
def set_state(*, by: User | None, account: Account, state: AccountState, reason: str = "") -> None:
    """Pauses, resumes, stops or removes an account; its conversations and drafts stay."""
    if by is not None:
        require(by, "account.manage")
    account.state = state
    account.error = reason
    account.error_at = now() if reason else None
    account.save(update_fields=["state", "error", "error_at"])
    record(by=by, verb="channels.state", subject=account, state=state, reason=reason)
    tell("accounts", account=account.pk, state=state)


@transaction.atomic
def store(account: Account, raws: Sequence[Raw], *, cursor: str | None = None) -> int:
    """Stores raw events exactly once and moves the cursor with them; returns how many were new."""
    before = Event.objects.filter(account=account, key__in=[raw.key for raw in raws]).count() if raws else 0
    fresh = len({raw.key for raw in raws}) - before
    if fresh:
        rows = [Event(account=account, key=raw.key, body=raw.body) for raw in raws]
        Event.objects.bulk_create(rows, ignore_conflicts=True)
        enqueue("inbox.read")
    heard: dict[str, object] = {"last_heard_at": now(), "error": "", "error_at": None}
    if fresh:
        heard["last_event_at"] = now()
    if cursor is not None:
        heard["cursor"] = cursor
    Account.objects.filter(pk=account.pk).update(**heard)
    return fresh


def forget(account: Account, about: str) -> None:
    """Empties what was told of a post that is gone; the keys stay, so that it is not told again."""
    Event.objects.filter(account=account, about=about).update(body=b"")


def note_trouble(account: Account, message: str) -> None:
    """Remembers what an account's connection said last, for the health page."""
    Account.objects.filter(pk=account.pk).update(error=message[:2000], error_at=now())


@transaction.atomic
def read_again(*, by: User, event: Event) -> None:
    """Puts an event that could not be read back in line, for instance after a parser was mended."""
    require(by, "account.manage")
    event.state, event.error = EventState.NEW, ""
    event.save(update_fields=["state", "error"])
    record(by=by, verb="channels.read_again", subject=event)
    enqueue("inbox.read")
