"""X's limits and prices, read from rules.toml with their sources."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

FILE: Final = Path(__file__).with_name("rules.toml")


class Window(NamedTuple):
    """So many requests within so many seconds."""

    requests: int
    seconds: int


class Limit(NamedTuple):
    """The windows of one route, counted for the app as a whole and for each of its users."""

    app: tuple[Window, ...] = ()
    user: tuple[Window, ...] = ()


class Rules(NamedTuple):
    """Everything in the file: `of` by table and name, prices in millionths of a dollar, limits by route."""

    of: Mapping[str, Mapping[str, Any]]
    prices: Mapping[str, int]
    limits: Mapping[str, Limit]

    def number(self, table: str, name: str) -> int:
        """A whole number of the file."""
        return int(self.of[table][name])

    def names(self, table: str, name: str) -> Sequence[str]:
        """A list of names of the file."""
        return [str(item) for item in self.of[table][name]]


def read() -> Rules:
    """The rules as they stand in the file."""
    tables = tomllib.loads(FILE.read_text(encoding="utf-8"))
    limits = {
        str(entry["route"]): Limit(_windows(entry.get("app", [])), _windows(entry.get("user", [])))
        for entry in tables.pop("limit")
    }
    prices = {name: round(dollars * 1_000_000) for name, dollars in tables.pop("price").items()}
    return Rules(tables, prices, limits)


def _windows(pairs: list[list[int]]) -> tuple[Window, ...]:
    return tuple(Window(*pair) for pair in pairs)
