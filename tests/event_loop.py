"""An event loop for a test, wherever it runs."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any


def run[T](coroutine: Coroutine[Any, Any, T]) -> T:
    """Runs it to its end in a thread of its own: the main thread's loop may be the browser's, which never ends."""
    with kept() as keep:
        return keep(coroutine)


@contextmanager
def kept[T]() -> Iterator[Callable[[Coroutine[Any, Any, T]], T]]:
    """The same for thousands of runs, one after the other in one loop: making a loop takes longer than a short run."""
    with ThreadPoolExecutor(1) as pool:
        runner = asyncio.Runner()
        try:
            yield lambda coroutine: pool.submit(runner.run, coroutine).result()
        finally:
            pool.submit(runner.close).result()
