"""Runs one worker: first what a crash may have left lying, then the queue."""

import time
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

SWEEPS = ("inbox.sweep", "publishing.sweep", "knowledge.embed")
GRACE = 10


class Command(BaseCommand):
    help = "Works on the job queue."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--concurrency", type=int, default=4)

    def handle(self, *args: Any, **options: Any) -> None:
        for name in SWEEPS:
            app.configure_task(name).defer(**({"timestamp": int(time.time())} if name.endswith("sweep") else {}))
        connection.close()
        django_side = app.connector
        if not isinstance(django_side, DjangoConnector):
            raise TypeError("The queue's application is not Django's.")
        # A second application for fetching jobs; what jobs enqueue stays on Django's connection, in their transaction.
        worker = app.with_connector(django_side.get_worker_connector())
        worker.run_worker(
            concurrency=options["concurrency"],
            fetch_job_polling_interval=1.0,
            shutdown_graceful_timeout=GRACE,
            delete_jobs="successful",
        )
