"""`./hilft bench NAME`: measurements with a command each; results are kept in docs/benchmarks.md by hand."""

import json
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from hilft.cli.instance import Trouble

NAMES = ("desk", "heart", "match", "record", "scale-match", "webhooks")
"""Those with a row of their own for each case, `faults`, print by themselves."""
Result = dict[str, float | int | str]
Measure = Callable[[Path | None], Result]


def run(name: str, *, data: Path | None, as_json: bool) -> None:
    """Runs one benchmark and prints its keys, as a table or as one JSON object."""
    if name not in NAMES:
        raise Trouble(
            f"Choose a benchmark: {', '.join((*NAMES, 'faults'))}. `./hilft bench --help` lists what each prints."
        )
    if data is not None and not data.is_file():
        raise Trouble(f"There is no data file {data}.")
    measure: Measure = import_module(f"hilft.cli.bench.{name.replace('-', '_')}").measure
    result = measure(data)
    if as_json:
        sys.stdout.write(json.dumps(result) + "\n")
        return
    width = max(map(len, result))
    for key, value in result.items():
        sys.stdout.write(f"{key:<{width}}  {value:.3f}\n" if isinstance(value, float) else f"{key:<{width}}  {value}\n")
