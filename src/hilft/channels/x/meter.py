"""What our calls to X cost: counted by price, and held below a daily budget."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from hilft.channels.contract import READING, OverBudget


class Meter:
    """Counts priced calls since the start and what reading has cost on this UTC day; safe in threads.

    X charges a resource once per UTC day however often it is read, so that is how it is counted. The budget is in
    US dollars a day, 0 for none; it stops reading only, and only reading counts against it. `_kept` is what all
    processes have handed over, as far as this one was told, `_fresh` what it has yet to hand over itself.
    """

    def __init__(self, facts: Mapping[str, Any], budget: Decimal, now: Callable[[], datetime] | None = None) -> None:
        self._facts = facts
        self._budget = budget
        self._now = now or (lambda: datetime.now(UTC))
        self._lock = threading.Lock()
        self._calls: Counter[str] = Counter()
        self._day = date.min
        self._kept = self._fresh = Decimal(0)
        self._read: set[tuple[str, str]] = set()

    def price(self, name: str) -> Decimal:
        """What one call costs in US dollars."""
        return Decimal(str(self._facts[name]))

    def read(self, name: str, resources: Iterable[str]) -> None:
        """Counts what an answer contains, each resource once a day."""
        with self._lock:
            self._turn()
            fresh = {(name, resource) for resource in resources} - self._read
            self._read |= fresh
            self._add(name, len(fresh))

    def did(self, name: str, times: int = 1) -> None:
        """Counts calls that are charged each."""
        with self._lock:
            self._turn()
            self._add(name, times)

    def affordable(self, name: str, least: int, most: int) -> int:
        """How many resources may be asked for at once, between `least` and `most`; raises OverBudget.

        What is asked for is what X may charge, so the budget is kept before the answer is known.
        """
        with self._lock:
            self._turn()
            if not self._budget:
                return most
            price = self.price(name)
            affordable = int((self._budget - self._kept - self._fresh) / price) if price else most
            if affordable < least:
                raise self._over()
            return min(affordable, most)

    def enough(self) -> None:
        """Raises OverBudget when the day's money is gone; for streams, which charge by what comes."""
        with self._lock:
            self._turn()
            if self._budget and self._kept + self._fresh >= self._budget:
                raise self._over()

    def spent(self) -> Mapping[str, int]:
        """Calls by price since this was last asked."""
        with self._lock:
            calls, self._calls = self._calls, Counter()
            self._kept, self._fresh = self._kept + self._fresh, Decimal(0)
        return dict(calls)

    def reminded(self, day: date, usd: Decimal) -> None:
        """What reading has cost in all processes on a day; a sum only grows, so a smaller one is an older one."""
        with self._lock:
            self._turn()
            if day == self._day:
                self._kept = max(self._kept, usd)

    @property
    def today(self) -> Decimal:
        """US dollars spent on reading since midnight UTC, as far as this process knows."""
        with self._lock:
            self._turn()
            return self._kept + self._fresh

    def _add(self, name: str, times: int) -> None:
        if times:
            self._calls[name] += times
            if name.startswith(READING):
                self._fresh += times * self.price(name)

    def _turn(self) -> None:
        day = self._now().date()
        if day != self._day:
            self._day, self._kept, self._fresh, self._read = day, Decimal(0), Decimal(0), set()

    def _over(self) -> OverBudget:
        now = self._now()
        midnight = datetime.combine(now.date() + timedelta(days=1), time.min, UTC)
        return OverBudget(
            f"The daily budget of {self._budget} US dollars for X is spent; reading goes on at midnight UTC.",
            midnight - now,
        )
