"""Takes questions and answers in from a file: `./hilft manage take_in FILE --format csv --by mail@… [--rehearse]`."""

import sys
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from hilft.knowledge.exchange.entries import Damaged
from hilft.knowledge.exchange.formats import FORMATS
from hilft.knowledge.exchange.taking_in import take_in
from hilft.people.errors import Refusal
from hilft.people.models import User


class Command(BaseCommand):
    help = "Takes questions and answers in; the same file again changes nothing."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", required=True, choices=sorted(FORMATS))
        parser.add_argument("--by", required=True, help="The e-mail address of whoever answers for it.")
        parser.add_argument("--source", default="", help="A name for the other system; the format's by default.")
        parser.add_argument("--map", action="append", default=[], help="FIELD=NAME, for instance title=Frage.")
        parser.add_argument("--publish", action="store_true", help="Publish answers that are complete.")
        parser.add_argument("--rehearse", action="store_true", help="Say what would happen and keep nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            taken = take_in(
                by=User.objects.get(email=options["by"]),
                data=options["file"].read_bytes(),
                format_=options["format"],
                source=options["source"],
                mapping=dict(pair.split("=", 1) for pair in options["map"] if "=" in pair),
                publish=options["publish"],
                rehearse=options["rehearse"],
            )
        except User.DoesNotExist:
            self._refuse(f"Nobody here has the address {options['by']}.")
        except OSError as error:
            self._refuse(f"{options['file']} cannot be read: {error.strerror}.")
        except Damaged as damaged:
            self._refuse(f"{options['file']}, row {damaged.row}: {damaged.reason} Nothing was changed.")
        except Refusal as refusal:
            self._refuse(str(refusal))
        counts = Counter(str(one.outcome) for one in taken)
        self.stdout.write(", ".join(f"{n} {outcome}" for outcome, n in sorted(counts.items())))
        incomplete = sum(not one.complete for one in taken)
        if incomplete:
            self.stdout.write(f"{incomplete} are not complete: they wait as versions in progress.")

    def _refuse(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(2)
