"""`./hilft bench faults`: each fault in turn while replies leave; exactly so many arrive, none twice, none lost.

Its table is Markdown, so that it can be kept in docs/faults.md as it is.
"""

import json
import os
import sys

from hilft.cli.instance import Trouble
from hilft.cli.testing import database

NETWORKS = ("x", "facebook")
HEADINGS = {
    "network": "network",
    "fault": "fault",
    "questions": "questions taken in",
    "replies": "replies at the network",
    "twice": "twice",
    "lost": "lost",
    "person": "needing a person",
    "wrong": "ledger differs",
    "attempts": "attempts",
    "hours": "hours passed",
    "seconds": "seconds",
}


def report(network: str, replies: int, *, as_json: bool) -> None:
    """Runs every fault on one network or on both, in a database of its own, and prints a row for each."""
    if network and network not in NETWORKS:
        raise Trouble(f"Choose a network: {', '.join(NETWORKS)}.")
    with database() as url:
        os.environ["HILFT_DATABASE_URL"] = url
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hilft.config.settings")
        import django

        django.setup()
        from django.core.management import call_command

        from hilft.cli.bench.faults.cases import CASES
        from hilft.cli.bench.faults.run import run

        call_command("migrate", verbosity=0)
        if not as_json:
            _line(*HEADINGS.values())
            _line(*("---" for _ in HEADINGS))
        for kind in [network] if network else NETWORKS:
            for case in CASES.values():
                outcome = run(kind, case, replies)._asdict()
                if as_json:
                    sys.stdout.write(json.dumps(outcome) + "\n")
                else:
                    _line(*(outcome[name] for name in HEADINGS))
                sys.stdout.flush()
                call_command("flush", verbosity=0, interactive=False)


def _line(*cells: object) -> None:
    sys.stdout.write(f"| {' | '.join(map(str, cells))} |\n")
