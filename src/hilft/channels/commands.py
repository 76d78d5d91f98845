"""The only writers of accounts and raw events."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.base.queue import enqueue
from hilft.channels import ledger
from hilft.channels.contract import Channel, Raw
from hilft.channels.enums import AccountState, EventState
from hilft.channels.models import Account, Event, Gap, Override, Spending
from hilft.channels.queries import trial_of
from hilft.channels.registry import adapter_of, keep_adapter
from hilft.channels.secrets import seal, unseal
from hilft.channels.spending import BUDGETS, spent_today, today
from hilft.channels.trying import Step, carry_out
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.queries import require

SILENCE = timedelta(minutes=2)
"""After so long without a heartbeat an account counts as silent; listeners give one at least every 30 s."""


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
def change_account(*, by: User, account: Account, name: str, settings: dict[str, object]) -> Account:
    """Changes what an account is called and how it listens; its secrets, conversations and placements stay."""
    require(by, "account.manage")
    kept = Account.objects.select_for_update().get(pk=account.pk)
    if kept.state == AccountState.REMOVED:
        raise Refusal(_("This account was removed. Connect it again."))
    names = sorted(key for key in kept.settings.keys() | settings.keys() if kept.settings.get(key) != settings.get(key))
    changed = {key: [kept.settings.get(key), settings.get(key)] for key in names}
    record(by=by, verb="channels.change", subject=kept, name=[kept.name, name], settings=changed)
    kept.name, kept.settings = name, settings
    kept.save(update_fields=["name", "settings"])
    tell("accounts", account=kept.pk)
    return kept


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
def lose(account: Account, reason: str) -> bool:
    """Stops an account whose sign-in no longer works and tells people, once.

    Nothing happens, and False is returned, when its secrets have been replaced since it was read: then the refusal
    was about the old ones.
    """
    kept = Account.objects.select_for_update().get(pk=account.pk)
    if bytes(kept.secrets) != bytes(account.secrets):
        return False
    if kept.state == AccountState.ACTIVE:
        set_state(by=None, account=kept, state=AccountState.LOST, reason=reason)
    return True


@transaction.atomic
def change_fact(*, by: User, kind: str, name: str, value: bool | int | float | str, source: str) -> Override:
    """What holds here instead of what ships with the adapter; keeps the type, and says where it comes from."""
    require(by, "account.manage")
    fact = ledger.facts(kind).get(name)
    if fact is None:
        raise Refusal(_("The ledger knows nothing of this name."))
    number = _is_number(fact.value)
    if isinstance(value, bool) != isinstance(fact.value, bool) or number != _is_number(value):
        raise Refusal(_("The new value must be of the same kind as the old one."))
    if number and float(value) < 0:
        raise Refusal(_("Limits, times and prices are not negative."))
    if number and not value and not name.startswith("price."):
        raise Refusal(_("Only a price may be nothing: a limit or a time of 0 would stop everything."))
    if not source.strip():
        raise Refusal(_("Say where this comes from, so that the next person can check it."))
    override, _created = Override.objects.update_or_create(
        kind=kind, name=name, defaults={"value": value, "source": source.strip()[:300], "by": by}
    )
    record(by=by, verb="channels.change_fact", subject=override, kind=kind, name=name, value=value)
    transaction.on_commit(ledger.forget)
    return override


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


@transaction.atomic
def restore_fact(*, by: User, kind: str, name: str) -> None:
    """Lets a fact be again what ships with the adapter."""
    require(by, "account.manage")
    for override in Override.objects.filter(kind=kind, name=name):
        record(by=by, verb="channels.restore_fact", subject=override, kind=kind, name=name)
        override.delete()
    transaction.on_commit(ledger.forget)


@transaction.atomic
def set_budgets(*, by: User, account: Account, reading: Decimal, publishing: Decimal) -> None:
    """What an account may cost in US dollars a day, for reading and for publishing; 0 is no limit."""
    require(by, "account.manage")
    if min(reading, publishing) < 0:
        raise Refusal(_("Limits, times and prices are not negative."))
    kept = Account.objects.select_for_update().get(pk=account.pk)
    wanted = {BUDGETS["reading"]: float(reading), BUDGETS["publishing"]: float(publishing)}
    kept.settings = kept.settings | wanted
    kept.save(update_fields=["settings"])
    record(by=by, verb="channels.set_budgets", subject=kept, **wanted)
    tell("accounts", account=kept.pk)


@transaction.atomic
def note_calls(account: Account, adapter: Channel) -> None:
    """Keeps what an adapter's calls left behind: what they cost, at the prices that hold now, and replaced secrets.

    The adapter hears in return what reading has cost the account today, so that a budget holds over all processes.
    """
    spent: dict[str, int] = getattr(adapter, "spent", dict)()
    renewed: dict[str, str] = getattr(adapter, "renewed", dict)()
    prices = ledger.values(account.kind) if spent else {}
    for name, count in sorted(spent.items()):
        usd = count * Decimal(str(prices.get(name, 0)))
        line, _created = Spending.objects.get_or_create(account=account, day=today(), price=name)
        Spending.objects.filter(pk=line.pk).update(calls=F("calls") + count, usd=F("usd") + usd)
    if hasattr(adapter, "reminded"):
        adapter.reminded(today(), spent_today(account, reading=True))
    if renewed:
        kept = Account.objects.select_for_update().get(pk=account.pk)
        kept.secrets = seal(unseal(bytes(kept.secrets)) | dict(renewed))
        kept.save(update_fields=["secrets"])
        keep_adapter(kept, adapter)


def try_account(*, by: User, account: Account, to: str = "") -> list[Step]:
    """Sends a real test message the least public way the network has, and notes what became of it."""
    require(by, "account.manage")
    tasks = trial_of(account, to)
    if not tasks:
        raise Refusal(_("There is nothing to test on this channel."))
    with counted(account, adapter_of(account)):
        steps = carry_out(tasks)
    failed = [step.what for step in steps if step.outcome == "failed"]
    record(by=by, verb="channels.try", subject=account, to=to, ok=not failed, failed=failed)
    return steps


@contextmanager
def counted(account: Account, adapter: Channel) -> Iterator[None]:
    """Lets an adapter act: it hears first what the day has cost, and what it spends is kept, however this ends."""
    note_calls(account, adapter)
    try:
        yield
    finally:
        note_calls(account, adapter)


def fill(event: Event) -> int:
    """Asks the network for what a notice speaks of and stores it; returns how much was new. Raises ChannelError."""
    adapter = adapter_of(event.account)
    with counted(event.account, adapter):
        raws: list[Raw] = getattr(adapter, "fill", lambda _body: [])(bytes(event.body))
    return store(event.account, raws)


@transaction.atomic
def store(account: Account, raws: Sequence[Raw], *, cursor: str | None = None) -> int:
    """Stores raw events exactly once and moves the cursor with them; returns how many were new."""
    before = Event.objects.filter(account=account, key__in=[raw.key for raw in raws]).count() if raws else 0
    fresh = len({raw.key for raw in raws}) - before
    if fresh:
        rows = [Event(account=account, key=raw.key, body=raw.body) for raw in raws]
        Event.objects.bulk_create(rows, ignore_conflicts=True)
        enqueue("inbox.read")
    at = now()
    heard: dict[str, object] = {"last_heard_at": at, "error": "", "error_at": None}
    if fresh:
        heard["last_event_at"] = at
    if cursor is not None:
        heard["cursor"] = cursor
        _note_gap(account, at)
    Account.objects.filter(pk=account.pk).update(**heard)
    return fresh


def _note_gap(account: Account, at: datetime) -> None:
    """Remembers that nothing was heard for a while, when something is heard again."""
    away = Account.objects.filter(pk=account.pk, last_heard_at__lt=at - SILENCE).first()
    if away and away.last_heard_at:
        Gap.objects.create(account=account, since=away.last_heard_at, until=at)


def note_late(account: Account, written_at: datetime) -> None:
    """Counts a message that came in late for the gap it was written in; the last look before may have been earlier."""
    gaps = Gap.objects.filter(account=account, since__lte=written_at + SILENCE, until__gte=written_at)
    gaps.update(messages=F("messages") + 1, filled_at=now())


def note_stream(account: Account, *, streams: bool) -> None:
    """Remembers since when a stream is open, or that none is."""
    Account.objects.filter(pk=account.pk).update(stream_since=now() if streams else None)


def forget(account: Account, about: str) -> None:
    """Empties what was told of a post that is gone; the keys stay, so that it is not told again."""
    if Event.objects.filter(account=account, about=about).update(body=b""):
        record(by=None, verb="channels.forget", subject=account)


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
