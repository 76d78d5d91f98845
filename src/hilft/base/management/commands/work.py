"""Runs one worker on one queue: first what a crash may have left lying, then what comes."""

import os
import time
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from hilft.base.queue import MATCHING

SWEEPS = {"default": ("inbox.sweep", "publishing.sweep", "escalation.sweep"), MATCHING: ("knowledge.embed",)}
GRACE = 10
YIELDING = {"default": 5, MATCHING: 10}
"""How much nicer than pages and webhooks each worker is: those who wait for an answer come first, then reading."""


class Command(BaseCommand):
    help = "Works on the job queue."
    requires_system_checks = []  # they import every page; `./hilft check` makes them

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--queue", choices=sorted(SWEEPS), default="default")
        parser.add_argument("--concurrency", type=int, default=4)

    def handle(self, *args: Any, **options: Any) -> None:
        os.nice(YIELDING[options["queue"]])
        for name in SWEEPS[options["queue"]]:
            app.configure_task(name).defer(**({"timestamp": int(time.time())} if name.endswith("sweep") else {}))
        connection.close()
        django_side = app.connector
        if not isinstance(django_side, DjangoConnector):
            raise TypeError("The queue's application is not Django's.")
        # A second application for fetching jobs; what jobs enqueue stays on Django's connection, in their transaction.
        worker = app.with_connector(django_side.get_worker_connector())
        worker.run_worker(
            queues=[options["queue"]],
            concurrency=options["concurrency"],
            fetch_job_polling_interval=1.0,
            shutdown_graceful_timeout=GRACE,
            delete_jobs="successful",
        )
