"""The job queue: jobs are named, enqueued within the caller's transaction, and run by workers.

A job is only a reminder: what is due is read from the domain's own rows, so a job that runs twice or
a reminder that is lost (a periodic sweep finds the row) changes nothing.
"""

from collections.abc import Callable
from contextlib import nullcontext, suppress
from datetime import datetime
from typing import Any, Final

from django.db import InterfaceError, OperationalError, transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

DATABASE_AWAY: Final = RetryStrategy(
    max_attempts=10, linear_wait=1, retry_exceptions={OperationalError, InterfaceError}
)
"""A job that lost its database comes back soon after it; any other error is for a person to see."""

MATCHING: Final = "matching"
"""The queue of what reads for meaning: it fills a processor, so its worker yields to all others."""

_app: Any = app  # its decorators are typed for tasks of its own making only


def job(name: str, **options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Registers a function as the job `name`; calling the function directly runs it in place."""
    register: Callable[[Callable[..., Any]], Any] = _app.task(name=name, **{"retry": DATABASE_AWAY} | options)
    return register


def periodic(name: str, cron: str, **options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Registers a job that workers run on a schedule; it receives the timestamp."""

    def register(function: Callable[..., Any]) -> Any:
        return _app.periodic(cron=cron)(_app.task(name=name, **options)(function))

    return register


def enqueue(name: str, *, at: datetime | None = None, once: bool = False, **arguments: Any) -> None:
    """Defers a job with the surrounding transaction: it exists exactly when the transaction commits.

    With `once` nothing happens where one is waiting already.
    """
    task = app.configure_task(name, schedule_at=at, queueing_lock=name if once else None)
    with suppress(AlreadyEnqueued), transaction.atomic() if once else nullcontext():
        task.defer(**arguments)
