"""Workers as threads with connections of their own, and a time that is moved on whenever everybody waits for it.

Reminders come from the queue's own table and run the product's own jobs, so what is due when is decided by nobody
else. Waiting for real would take days: limits, back-offs and windows are passed by moving the time of this process
and of the practice network together.
"""

import json
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any, Final

from django.db import connection
from procrastinate.contrib.django import app

from hilft.base.clock import now
from hilft.cli.bench.faults.networks import Network
from hilft.cli.instance import Trouble

FETCH: Final = """
DELETE FROM procrastinate_jobs WHERE id = (
    SELECT id FROM procrastinate_jobs
    WHERE status = 'todo' AND queue_name = 'default' AND (scheduled_at IS NULL OR scheduled_at <= %s)
    ORDER BY priority DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING task_name, args
"""
NEXT: Final = """
SELECT min(coalesce(scheduled_at, 'epoch')) FROM procrastinate_jobs WHERE status = 'todo' AND queue_name = 'default'
"""
IDLE: Final = 0.02
log = logging.getLogger(__name__)


class Workers:
    """Several workers on the queue `default`; what a job raises is kept and fails the run."""

    def __init__(self, count: int) -> None:
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._busy = 0
        self.raised: list[str] = []
        self._threads = [threading.Thread(target=self._run, name=f"worker-{n}") for n in range(count)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Lets everybody finish the job in hand."""
        self._stop.set()
        for thread in self._threads:
            thread.join(60)

    def check(self) -> None:
        """Raises Trouble when a job failed."""
        if self.raised:
            raise Trouble(f"Jobs failed: {self.raised[:3]}")

    def idle(self) -> bool:
        """Whether nobody works and nothing is due."""
        with self._lock:
            if self._busy:
                return False
            upcoming = when_next()
        return upcoming is None or upcoming > now()

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                if not self._work():
                    self._stop.wait(IDLE)
        finally:
            connection.close()

    def _work(self) -> bool:
        """Does one job, if one is due."""
        with self._lock:
            with connection.cursor() as cursor:
                cursor.execute(FETCH, [now()])
                found = cursor.fetchone()
            if found is None:
                return False
            self._busy += 1
        name, arguments = found
        try:
            app.tasks[name](**json.loads(arguments))
        except Exception as error:
            log.exception("The job %s failed", name)
            self.raised.append(f"{name}: {type(error).__name__}: {error}")
        finally:
            with self._lock:
                self._busy -= 1
        return True


def when_next() -> datetime | None:
    """When the next reminder is due, long ago for one without a time; None when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT)
        (found,) = cursor.fetchone() or (None,)
    upcoming: datetime | None = found
    return upcoming


class Travel:
    """The time of this process and of a practice network, moved on together."""

    def __init__(self, network: Network, traveller: Any) -> None:
        self._network = network
        self._traveller = traveller
        self.seconds = 0.0

    def to(self, moment: datetime) -> None:
        """Passes the time until then, as both sides see it."""
        ahead = max((moment - now()) / timedelta(seconds=1), 0.0) + 0.05
        self.seconds += ahead
        self._network.clock(self.seconds)
        self._traveller.shift(ahead)


@contextmanager
def travelling(network: Network) -> Iterator[Travel]:
    """Time that can be moved; it goes on by itself as well."""
    time_machine: Any = import_module("time_machine")  # a tool of the tests, like the browser of `heart`
    with time_machine.travel(time.time(), tick=True) as traveller:
        yield Travel(network, traveller)
    network.clock(0.0)
