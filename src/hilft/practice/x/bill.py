"""What the brand's calls would have cost: counted per resource read, request written and event delivered."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from hilft.practice.x.clock import Clock
from hilft.practice.x.rules import Rules
from hilft.practice.x.store import Store


class Bill:
    """Adds up in millionths of a dollar; a resource read twice on one UTC day is charged once."""

    def __init__(self, store: Store, clock: Clock, rules: Rules) -> None:
        self._store = store
        self._clock = clock
        self._prices = rules.prices

    def read(self, item: str, resources: Iterable[object]) -> None:
        """Charge resources of one kind that an answer contains."""
        for resource in resources:
            self._add(item, str(resource))

    def wrote(self, item: str) -> None:
        """Charge one request or one delivered event; what has no price is counted at 0."""
        self._add(item, "")

    def as_json(self) -> dict[str, Any]:
        """{"calls": {item: count}, "usd": dollars}."""
        rows = self._store.rows(
            "select item, count(*) as n, sum(microusd) as cost from charge group by item order by item"
        )
        return {"calls": {row["item"]: row["n"] for row in rows}, "usd": sum(row["cost"] for row in rows) / 1_000_000}

    def _add(self, item: str, resource: str) -> None:
        day = datetime.fromtimestamp(self._clock.now(), UTC).date().isoformat()
        sql = "insert or ignore into charge(item, resource, day, microusd) values(?, ?, ?, ?)"
        self._store.write(sql, item, resource, day, self._prices.get(item, 0))
