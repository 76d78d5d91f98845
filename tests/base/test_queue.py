"""Jobs whose worker ended without a word come back; those of a living one stay."""

import pytest
from django.db import OperationalError, connection
from procrastinate.contrib.django import app

from hilft.base.queue import DATABASE_AWAY
from hilft.base.tasks import revive

pytestmark = pytest.mark.django_db


def worker(heard: str) -> int:
    """A worker that was heard of that long ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s::interval) RETURNING id", [heard]
        )
        return int((cursor.fetchone() or [0])[0])


def doing(by: int | None, status: str = "doing") -> int:
    """A job that a worker took."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id) "
            "VALUES ('default', 'inbox.read', %s, %s) RETURNING id",
            [status, by],
        )
        return int((cursor.fetchone() or [0])[0])


def state(job: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", [job])
        return str((cursor.fetchone() or [""])[0])


def test_what_a_silent_worker_was_doing_waits_again():
    silent, forgotten, alive = doing(worker("2 minutes")), doing(None), doing(worker("20 seconds"))
    failed = doing(None, "failed")
    revive(0)
    assert [state(job) for job in (silent, forgotten, alive, failed)] == ["todo", "todo", "doing", "failed"]


def test_every_job_survives_an_absent_database_and_no_other_error():
    strategies = {name: task.retry_strategy for name, task in app.tasks.items() if name.startswith("publishing.")}
    assert strategies["publishing.deliver"] is DATABASE_AWAY
    assert DATABASE_AWAY.retry_exceptions is not None
    assert OperationalError in DATABASE_AWAY.retry_exceptions
    assert ValueError not in DATABASE_AWAY.retry_exceptions
