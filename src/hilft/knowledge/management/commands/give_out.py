"""Gives every question and answer out as NDJSON: `./hilft manage give_out > questions.ndjson`."""

from typing import Any

from django.core.management.base import BaseCommand

from hilft.knowledge.exchange.giving_out import lines


class Command(BaseCommand):
    help = "Writes every question, one JSON object a line, to standard output."

    def handle(self, *args: Any, **options: Any) -> None:
        for line in lines():
            self.stdout.write(line.decode(), ending="")
