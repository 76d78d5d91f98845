"""Writes the record to standard output."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import make_aware

from hilft.audit.commands import record
from hilft.audit.giving_out import FORMATS
from hilft.audit.queries import Asked


class Command(BaseCommand):
    help = "Gives the record out, oldest entry first."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--format", choices=sorted(FORMATS), default="ndjson")
        parser.add_argument("--since", type=datetime.fromisoformat)

    def handle(self, *args: Any, **options: Any) -> None:
        since = make_aware(options["since"]) if options["since"] else None
        record(by=None, verb="audit.export", subject=None, format=options["format"])
        for line in FORMATS[options["format"]].lines(Asked(since=since)):
            self.stdout.write(line, ending="")
