"""Jobs of the queue itself."""

from django.db import connection
from procrastinate.contrib.django import app

from hilft.base.clock import now
from hilft.base.queue import periodic

STALLED = """
SELECT job.id FROM procrastinate_jobs job LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
WHERE job.status = 'doing' AND (worker.id IS NULL OR worker.last_heartbeat < now() - interval '40 seconds')
ORDER BY job.id
"""
"""Workers send a heartbeat every ten seconds."""


@periodic("base.revive", "* * * * *")
def revive(timestamp: int) -> None:
    """Puts back what a worker was doing when it ended without a word; jobs may run twice."""
    with connection.cursor() as cursor:
        cursor.execute(STALLED)
        stalled = [pk for (pk,) in cursor.fetchall()]
    for pk in stalled:
        app.job_manager.retry_job_by_id(pk, retry_at=now())
