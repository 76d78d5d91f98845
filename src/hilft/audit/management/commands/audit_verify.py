"""Prints what a verification of the record looked at and found."""

import sys
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import make_aware

from hilft.audit.commands import note_verified
from hilft.audit.verifying import Finding, Report, verify


class Command(BaseCommand):
    help = "Verifies the chain of the record."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--since", type=datetime.fromisoformat)

    def handle(self, *args: Any, **options: Any) -> None:
        report = verify(make_aware(options["since"]) if options["since"] else None)
        note_verified(by=None, report=report)
        for line in (*_looked_at(report), *map(_said, report.findings)):
            self.stdout.write(line)
        if not report.ok:
            sys.exit(1)
        self.stdout.write("Nothing was changed, removed or inserted.")


def _looked_at(report: Report) -> list[str]:
    waiting = f", the oldest since {report.unsealed_since:%Y-%m-%d %H:%M:%S}" if report.unsealed_since else ""
    return [
        f"Places checked       {report.places}",
        f"Head                 {report.head or 'none yet'}",
        f"Heads kept outside   {report.witnessed}",
        f"Details erased       {report.erased}",
        f"Not sealed yet       {report.unsealed}{waiting}",
        *report.notes,
    ]


def _said(finding: Finding) -> str:
    where = [f"place {finding.place}"] if finding.place else []
    where += [f"entry {finding.entry}"] if finding.entry else []
    return " ".join([finding.kind.upper(), ", ".join(where)]).strip() + f": {finding.says}"
