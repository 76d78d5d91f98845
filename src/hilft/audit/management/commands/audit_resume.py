"""Says in the record that newer entries are lost."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from hilft.audit.commands import resume
from hilft.audit.witnesses import lost


class Command(BaseCommand):
    help = "Resumes the record after a restored backup."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        after, gone = lost()
        if gone is None:
            self.stderr.write("Nothing is lost: the record agrees with every head that was kept outside.")
            sys.exit(2)
        resume(by=None, after=after, lost=gone, reason=options["reason"].strip())
        self.stdout.write(
            f"The record goes on. That it had reached place {gone.place} and agrees up to {after} is in it."
        )
