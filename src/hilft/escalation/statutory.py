"""The clock of section 58 TKG for a total failure: tell the customer by the next day, compensate from the third.

An engineering reading of the law, not advice. The day of the report does not count (section 187 BGB); days are those
of Germany.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final
from zoneinfo import ZoneInfo

ZONE: Final = ZoneInfo("Europe/Berlin")
CENT: Final = Decimal("0.01")
FROM_THIRD: Final = (Decimal(5), Decimal("0.10"))
FROM_FIFTH: Final = (Decimal(10), Decimal("0.20"))
"""Euros and share of the monthly price a day, whichever is more (section 58, paragraph 3)."""


@dataclass(frozen=True)
class FaultReport:
    """When a fault was reported, by any channel; the time of the post counts, not of our reading it."""

    at: datetime

    @property
    def on(self) -> date:
        """The day of the report."""
        return self.at.astimezone(ZONE).date()

    @property
    def inform_on(self) -> date:
        """The next day, in whose course the customer is to hear."""
        return self.on + timedelta(days=1)

    @property
    def inform_by(self) -> datetime:
        """The end of the next day, by which the customer has heard what is done and until when (paragraph 2)."""
        return datetime.combine(self.on + timedelta(days=2), time(), ZONE)

    @property
    def compensated_from(self) -> date:
        """The third day after the report."""
        return self.on + timedelta(days=3)

    def compensation(self, mended_at: datetime, monthly: Decimal) -> Decimal:
        """Euros for every day begun without service until it was mended; nothing up to the second day."""
        last = (mended_at.astimezone(ZONE).date() - self.on).days
        per_day = [FROM_THIRD if day < 5 else FROM_FIFTH for day in range(3, last + 1)]
        due = sum((max(euros, share * monthly) for euros, share in per_day), Decimal(0))
        return due.quantize(CENT, ROUND_HALF_UP)
