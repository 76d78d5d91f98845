"""Connections must not die unnoticed: who falls silent or is about to expire is told to operators and leads."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import override

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.channels.commands import SILENCE, counted, lose, note_trouble
from hilft.channels.contract import AuthLost, Can, ChannelError
from hilft.channels.inside import write
from hilft.channels.models import Account
from hilft.channels.registry import KINDS, adapter_of
from hilft.channels.spending import BUDGETS, today
from hilft.people.models import User

DOUBT = timedelta(seconds=55)
"""A second look, a minute later, keeps a restart of hilft itself from raising an alarm."""

CHECK_EVERY = timedelta(hours=6)
AHEAD = timedelta(days=7)
"""How long before a sign-in ends people are told."""


def watch() -> None:
    """Every minute: notices silence, raises the alarm once per outage, and takes it back when something is heard."""
    for account in Account.objects.in_use().filter(kind__in=KINDS):
        if adapter_of(account).can() & (Can.POLL | Can.STREAM):
            _look(account.pk)


@transaction.atomic
def _look(pk: int) -> None:
    account = Account.objects.select_for_update().get(pk=pk)
    at = now()
    heard = max(account.last_heard_at or account.created_at, account.created_at, _quiet_until(account))
    if at - heard < SILENCE:
        if account.silent_since:
            _over(account)
        return
    if account.silent_since is None:
        account.silent_since = at
        account.save(update_fields=["silent_since"])
    elif account.alarmed_at is None and at - account.silent_since >= DOUBT:
        account.alarmed_at = at
        account.save(update_fields=["alarmed_at"])
        record(by=None, verb="channels.silent", subject=account, heard=heard.isoformat())
        tell("accounts", account=account.pk, silent=True)
        _write(account, _silent)


@transaction.atomic
def over_budget(account: Account) -> None:
    """The day's money for reading is gone: people are told once that nothing is heard until midnight UTC."""
    kept = Account.objects.select_for_update().get(pk=account.pk)
    if kept.over_budget_on == today():
        return
    kept.over_budget_on = today()
    kept.save(update_fields=["over_budget_on"])
    record(by=None, verb="channels.over_budget", subject=kept, day=kept.over_budget_on.isoformat())
    tell("accounts", account=kept.pk, over_budget=True)
    _write(kept, _spent_up)


def _quiet_until(account: Account) -> datetime:
    """Until when silence is expected: an account whose money was gone hears nothing before the next midnight UTC."""
    day = account.over_budget_on or date.min
    return datetime.combine(day + timedelta(days=1), time.min, UTC)


def _over(account: Account) -> None:
    alarmed = account.alarmed_at is not None
    account.silent_since = account.alarmed_at = None
    account.save(update_fields=["silent_since", "alarmed_at"])
    if alarmed:
        record(by=None, verb="channels.heard_again", subject=account)
        tell("accounts", account=account.pk, silent=False)


def check_accounts() -> None:
    """Asks each network now and then whether our sign-in holds, and until when; says so a week before it ends."""
    stale = Q(checked_at=None) | Q(checked_at__lt=now() - CHECK_EVERY)
    for account in Account.objects.in_use().filter(stale, kind__in=KINDS):
        adapter = adapter_of(account)
        try:
            with counted(account, adapter):
                health = adapter.check()
        except AuthLost as error:
            lose(account, str(error))
            continue
        except ChannelError:
            continue
        if not health.ok:
            note_trouble(account, health.message)
            continue
        known = account.expires_at == health.expires_at and _ends_soon(account, at=account.checked_at)
        account.checked_at, account.expires_at = now(), health.expires_at
        account.save(update_fields=["checked_at", "expires_at"])
        if _ends_soon(account, at=account.checked_at) and not known:
            tell("accounts", account=account.pk, expires=True)
            _write(account, _ending)


def _ends_soon(account: Account, *, at: datetime | None) -> bool:
    return account.expires_at is not None and at is not None and account.expires_at - at < AHEAD


def _write(account: Account, words: Callable[[Account], tuple[str, str]]) -> None:
    """A mail to everybody who looks after connections, in the installation's language."""
    with override(settings.LANGUAGE_CODE):
        subject, text = words(account)
    responsible = Q(roles__contains=["operator"]) | Q(roles__contains=["lead"])
    write(User.objects.filter(responsible, is_active=True), subject, text, path="/desk/konten/")


def _silent(account: Account) -> tuple[str, str]:
    subject = _("Nothing is heard from %(name)s") % {"name": account.name}
    text = _(
        "hilft has heard nothing from the account “%(name)s” for some minutes. Replies for it wait, drafts are kept, "
        "and what is missed is fetched as soon as the connection is back."
    )
    return subject, text % {"name": account.name}


def _spent_up(account: Account) -> tuple[str, str]:
    facts = {"name": account.name, "budget": account.settings.get(BUDGETS["reading"])}
    subject = _("Today's money for reading %(name)s is spent") % facts
    text = _(
        "The account “%(name)s” has used up its daily budget of %(budget)s US dollars for reading. hilft looks for new "
        "questions there again at midnight UTC, or as soon as you raise the budget. Replies still leave."
    )
    return subject, text % facts


def _ending(account: Account) -> tuple[str, str]:
    facts = {"name": account.name, "date": formats.date_format(account.expires_at or now(), "SHORT_DATE_FORMAT")}
    subject = _("The sign-in of %(name)s ends on %(date)s") % facts
    text = _(
        "The account “%(name)s” can be used until %(date)s. Renew its secrets before; conversations and drafts are "
        "kept in any case."
    )
    return subject, text % facts
