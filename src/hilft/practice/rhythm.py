"""The rhythms in which practice customers talk: a few at once, a burst for benchmarks, or on and on."""

import asyncio
import contextlib
import sys
import time
from random import Random
from typing import Protocol

from hilft.practice.wire import Down, Gone

BURST_RATE = 20  # posts per second


class Keyed(Protocol):
    """Something to say, known by its key."""

    @property
    def key(self) -> str: ...


class Driver[U](Protocol):
    """What a rhythm drives."""

    stop: asyncio.Event
    rng: Random

    def next(self, said: set[str]) -> U: ...
    async def say(self, utterance: U, number: int, *, followed: bool = True) -> dict[str, str]: ...
    def note(self, sent: dict[str, str]) -> None: ...
    def keep(self) -> None: ...
    async def do_due(self) -> None: ...
    async def look_for_replies(self) -> None: ...


async def post_now[U: Keyed](driver: Driver[U], count: int) -> int:
    """Post that many messages one after the other; gives up when a peer stays away for half a minute."""
    for number in range(count):
        utterance = driver.next(set())
        deadline = time.monotonic() + 30
        while not driver.stop.is_set():
            try:
                driver.note(await driver.say(utterance, number, followed=False))
                break
            except Gone as gone:
                complain(gone)
                break
            except Down as down:
                complain(down)
                if time.monotonic() > deadline:
                    return 1
                await pause(driver.stop, 1)
    return 0


async def burst[U: Keyed](driver: Driver[U], count: int) -> int:
    """Post that many messages at a steady rate, regardless of how long each takes."""
    started = time.monotonic()
    said: set[str] = set()

    async def one(number: int, utterance: U) -> bool:
        for attempt in range(5):
            try:
                driver.note(await driver.say(utterance, number, followed=False))
            except (Down, Gone) as problem:
                complain(problem)
                await asyncio.sleep(0.2 * 2**attempt)
            else:
                return True
        return False

    tasks = []
    for number in range(count):
        await pause(driver.stop, started + number / BURST_RATE - time.monotonic())
        utterance = driver.next(said)
        said.add(utterance.key)
        tasks.append(asyncio.create_task(one(number, utterance)))
    return 0 if all(await asyncio.gather(*tasks)) else 1


async def live[U: Keyed](driver: Driver[U], every: float) -> int:
    """Post about every so many seconds until told to stop; waits when a peer is down and goes on when it is back."""
    waiting: U | None = None
    number, due, wait = 0, time.monotonic(), 1.0
    while not driver.stop.is_set():
        try:
            await driver.do_due()
            await driver.look_for_replies()
            if time.monotonic() >= due:
                waiting = waiting or driver.next(set())
                driver.note(await driver.say(waiting, number))
                waiting, number = None, number + 1
                due = time.monotonic() + every * driver.rng.uniform(0.4, 1.6)
            driver.keep()
            wait = 1.0
        except Gone as gone:
            complain(gone)
            waiting = None
        except Down as down:
            complain(down)
            wait = min(wait * 2, 30)
        await pause(driver.stop, wait if wait > 1 else min(3.0, max(0.2, due - time.monotonic())))
    return 0


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait, but not beyond the order to stop."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), max(0.0, seconds))


def complain(problem: Exception) -> None:
    """Say on the error output what went wrong."""
    sys.stderr.write(f"{problem}\n")
