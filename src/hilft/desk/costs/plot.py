"""Bars by day as whole numbers in a picture that the server draws; colours and size are the style sheet's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

WIDTH: Final = 3_000
HEIGHT: Final = 1_000
GAP: Final = 20


@dataclass(frozen=True)
class Bar:
    """One day in the picture's own units, and what it stands for."""

    day: date
    usd: Decimal
    x: int
    y: int
    width: int
    height: int


def bars(days: Mapping[date, Decimal]) -> list[Bar]:
    """A bar for each day, the highest as high as the picture; a day that cost anything is never invisible."""
    most = max(days.values(), default=Decimal(0))
    step = WIDTH // max(len(days), 1)
    drawn = []
    for number, (day, usd) in enumerate(days.items()):
        height = max(int(usd * HEIGHT / most), 10) if usd else 0
        drawn.append(Bar(day, usd, number * step + GAP // 2, HEIGHT - height, step - GAP, height))
    return drawn
