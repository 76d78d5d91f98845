"""Everything is read again by another reader in a process of its own, ended in the middle and begun anew."""

import subprocess
import time
from typing import TYPE_CHECKING, Final

import numpy as np

from hilft.cli.bench import Result
from hilft.cli.bench.scale_match.reader import NEWER
from hilft.cli.instance import Trouble, python
from hilft.knowledge.matching import suggest
from hilft.knowledge.readers import Reader, Reading

if TYPE_CHECKING:
    from hilft.cli.bench.scale_match.stock import Stock

SECONDS: Final = 30.0
"""How long it may read before it is killed, and how long again afterwards."""


def read_again(stock: "Stock") -> Result:
    """How fast the other reader reads, what matches take meanwhile, and whether nothing was read twice or lost."""
    times: list[float] = []
    asked = [text for text, _vector in stock.ask(300)]
    before = _while_reading(stock, asked, times)
    after = _while_reading(stock, asked, times)
    rows = Reading.objects.filter(place=after.place).count()
    return {
        "reembed_per_s": after.done / after.seconds,
        "reembed_done": after.done,
        "match_while_reembedding_p95_ms": float(np.percentile(times, 95)),
        "resumed": str(0 < before.done < after.done == rows).lower(),
    }


def _while_reading(stock: "Stock", asked: list[str], times: list[float]) -> Reader:
    """Asks until the time is up or half is read, kills the other process, and says how far it came."""
    before = _reader().done if Reader.objects.filter(encoder=NEWER).exists() else 0
    with subprocess.Popen(python("-m", "hilft.cli.bench.scale_match.reader")) as process:
        try:
            _begun(process, before)
            until = time.monotonic() + SECONDS
            while time.monotonic() < until and _reader().done - before < stock.size.wordings // 2:
                began = time.perf_counter()
                suggest(asked[len(times) % len(asked)], using=stock.matcher)
                times.append(1000 * (time.perf_counter() - began))
        finally:
            process.kill()
    return _reader()


def _reader() -> Reader:
    return Reader.objects.defer("parts").get(encoder=NEWER)


def _begun(process: subprocess.Popen[bytes], before: int) -> None:
    """Waits until it reads."""
    deadline = time.monotonic() + 60
    while not Reader.objects.filter(encoder=NEWER, done__gt=before).exists():
        if process.poll() is not None or time.monotonic() > deadline:
            raise Trouble("The other reader did not begin.")
        time.sleep(0.02)
