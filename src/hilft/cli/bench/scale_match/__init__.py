"""How matching and the editors' screens hold with a large stock: generated, in a database of its own.

100,000 questions, a million wordings and ten million messages; a file makes it smaller for a trial: a JSON object with
`questions`, `wordings` and `messages`. Encoding is left out of all times (`match` measures it): an encoder stands in
that knows the vectors of generated texts. What is generated, and why so, stands in `meaning` and `stock`.
"""

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from hilft.cli.bench import Result
from hilft.cli.instance import Trouble
from hilft.cli.testing import database

SIZES: Final = {"questions": 100_000, "wordings": 1_000_000, "messages": 10_000_000}


def measure(data: Path | None) -> Result:
    """Builds the stock and measures."""
    sizes = SIZES if data is None else _sizes(data)
    with database() as url, TemporaryDirectory(prefix="hilft-bench-") as static:
        os.environ |= {"HILFT_DATABASE_URL": url, "HILFT_STATIC": static}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hilft.config.settings")
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        import django

        django.setup()
        from django.core.management import call_command

        from hilft.cli.bench.scale_match.run import run
        from hilft.cli.bench.scale_match.stock import Size

        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        return run(Size(**sizes))


def _sizes(data: Path) -> dict[str, int]:
    try:
        sizes = json.loads(data.read_text(encoding="utf-8"))
    except ValueError as error:
        raise Trouble(f"{data} is not JSON: {error}") from None
    whole = isinstance(sizes, dict) and all(isinstance(n, int) and n > 0 for n in sizes.values())
    if not whole or set(sizes) != set(SIZES) or sizes["wordings"] % sizes["questions"]:
        raise Trouble(
            f"{data} must be an object with {', '.join(SIZES)}: whole numbers, as many wordings for each question."
        )
    return dict(sizes)
