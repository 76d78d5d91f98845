"""The listening process: one thread per account that stores what its network tells."""

import logging
import threading
import time
from datetime import timedelta

from django.db import OperationalError, close_old_connections, connection

from hilft.channels.commands import lose, note_calls, note_stream, note_trouble, store
from hilft.channels.contract import AuthLost, Can, ChannelError, OverBudget, RetryLater
from hilft.channels.models import Account
from hilft.channels.registry import adapter_of
from hilft.channels.watch import over_budget

log = logging.getLogger(__name__)
LOOK_AGAIN = 3.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0


class Listener(threading.Thread):
    """Listens to one account until told to stop; comes back after a network's errors, ever more slowly."""

    def __init__(self, account: Account) -> None:
        super().__init__(name=f"listen-{account.pk}", daemon=True)
        self.account = account
        self.stop = threading.Event()

    def run(self) -> None:
        pause = FIRST_PAUSE
        while not self.stop.is_set():
            began = time.monotonic()
            try:
                self._listen()
            except AuthLost as error:
                if lose(self.account, str(error)):
                    break
            except OverBudget as error:
                over_budget(self.account)
                self._note(str(error))
            except RetryLater as error:
                self._note(str(error))
                pause = max(pause, error.after / timedelta(seconds=1))
            except ChannelError as error:
                self._note(str(error))
            except OperationalError as error:
                log.warning("The database is away: %s", error)
                pause = FIRST_PAUSE
            except Exception as error:
                log.exception("Listening on account %s stopped", self.account.pk)
                self._note(f"{type(error).__name__}: {error}")
            finally:
                connection.close()
            if time.monotonic() - began > LONGEST_PAUSE:
                pause = FIRST_PAUSE
            self.stop.wait(min(pause, LONGEST_PAUSE))
            pause = min(pause * 2, LONGEST_PAUSE)

    def _listen(self) -> None:
        account = self.account = Account.objects.get(pk=self.account.pk)
        adapter = adapter_of(account)
        note_calls(account, adapter)
        told: bool | None = None
        try:
            for raws, cursor in adapter.listen(account.cursor, self.stop):
                store(account, raws, cursor=cursor)
                note_calls(account, adapter)
                streams: bool = getattr(adapter, "streams", lambda: False)()
                if streams != told:
                    note_stream(account, streams=streams)
                    told = streams
        finally:
            if told:
                note_stream(account, streams=False)

    def _note(self, message: str) -> None:
        try:
            note_trouble(self.account, message)
        except OperationalError:
            log.warning("The database is away; account %s keeps its last note", self.account.pk)


def run(stop: threading.Event) -> None:
    """Keeps one listener per active account until `stop`; follows accounts as they come and go."""
    listeners: dict[int, Listener] = {}
    while not stop.is_set():
        try:
            close_old_connections()
            _follow(listeners)
        except OperationalError as error:
            log.warning("The database is away: %s", error)
            connection.close()
        stop.wait(LOOK_AGAIN)
    for listener in listeners.values():
        listener.stop.set()
    for listener in listeners.values():
        listener.join(timeout=5)


def _follow(listeners: dict[int, Listener]) -> None:
    wanted = {
        account.pk: account
        for account in Account.objects.in_use()
        if adapter_of(account).can() & (Can.POLL | Can.STREAM)
    }
    for pk in set(listeners) - set(wanted):
        listeners.pop(pk).stop.set()
    for pk, account in wanted.items():
        known = listeners.get(pk)
        changed = known and (known.account.settings, bytes(known.account.secrets)) != (
            account.settings,
            bytes(account.secrets),
        )
        if known and (changed or not known.is_alive()):
            known.stop.set()
            known.join(timeout=10)
        if not known or changed or not known.is_alive():
            listeners[pk] = Listener(account)
            listeners[pk].start()
