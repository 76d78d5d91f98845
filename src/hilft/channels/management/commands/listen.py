"""Runs the listening process until it is told to stop."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from hilft.channels.listener import run


class Command(BaseCommand):
    help = "Listens to every connected account."
    requires_system_checks = []  # they import every page; `./hilft check` makes them

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        run(stop)
