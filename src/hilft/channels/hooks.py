"""What networks tell us by webhook: verified, taken apart, and stored together before anybody gets an answer."""

import threading
import time
from collections.abc import Sequence
from typing import cast

from django.db import transaction

from hilft.base.clock import now
from hilft.channels.commands import note_calls, store
from hilft.channels.contract import Answer, Call, Can, Forged, Hooked, Raw
from hilft.channels.models import Account
from hilft.channels.registry import KINDS, adapter_of

LARGEST = 1_000_000
"""Bytes of the largest request that any network documents, with room to spare."""

KNOWN_FOR = 3.0
"""Seconds for which the list of accounts is remembered."""


class Told(list[tuple[Account, Sequence[Raw]]]):
    """Raw events to be stored, by account."""


class Doorkeeper:
    """Knows whose webhooks are heard; one address per kind of channel serves all of its accounts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until = 0.0
        self._accounts: dict[str, list[tuple[Account, Hooked]]] = {}

    def receive(self, kind: str, call: Call) -> tuple[Answer, Told]:
        """The answer to a request and what it told, nothing of it stored yet.

        A network's one address may serve several accounts: each takes what is its own. Raises Forged when no
        account of this kind believes the request, LookupError when there is none.
        """
        accounts = self._of(kind)
        if not accounts:
            raise LookupError(kind)
        answer: Answer | None = None
        told = Told()
        doubt = Forged("")
        for account, adapter in accounts:
            try:
                given = adapter.hook(call)
            except Forged as forged:
                doubt = forged
                continue
            answer = answer or given
            if given.raws:
                told.append((account, given.raws))
        if answer is None:
            raise doubt
        return answer, told

    def look(self) -> None:
        """Reads the accounts anew when that was a while ago; asks the database."""
        if time.monotonic() < self._until:
            return
        found: dict[str, list[tuple[Account, Hooked]]] = {}
        for account in Account.objects.in_use().filter(kind__in=KINDS).order_by("pk"):
            adapter = adapter_of(account)
            if Can.WEBHOOK in adapter.can():
                found.setdefault(account.kind, []).append((account, cast(Hooked, adapter)))
        with self._lock:
            self._accounts, self._until = found, time.monotonic() + KNOWN_FOR

    def _of(self, kind: str) -> list[tuple[Account, Hooked]]:
        with self._lock:
            return self._accounts.get(kind, [])


@transaction.atomic
def store_together(several: Sequence[Told]) -> int:
    """Stores what several requests told in one transaction; returns how many events were new."""
    by_account: dict[int, tuple[Account, list[Raw]]] = {}
    for told in several:
        for account, raws in told:
            by_account.setdefault(account.pk, (account, []))[1].extend(raws)
    fresh = 0
    for _pk, (account, raws) in sorted(by_account.items()):
        fresh += store(account, raws)
        Account.objects.filter(pk=account.pk).update(hooked_at=now())
        note_calls(account, adapter_of(account))
    return fresh
