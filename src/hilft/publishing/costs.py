"""What an answered question costs: what a network charged, by the conversations that were answered there."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count

from hilft.channels.spending import spendings
from hilft.publishing.models import Placement


class PerAnswer(NamedTuple):
    """One network: US dollars spent, conversations answered, and what one of them cost; None when there was none."""

    kind: str
    usd: Decimal
    answered: int

    @property
    def each(self) -> Decimal | None:
        """What one of them cost, to a tenth of a cent."""
        return (self.usd / self.answered).quantize(Decimal("0.001")) if self.answered else None


def answered(first: date, last: date) -> Mapping[str, int]:
    """Conversations answered from one day (UTC) to another, both included, by kind of network; corrections are none."""
    since = datetime.combine(first, time.min, UTC)
    until = datetime.combine(last + timedelta(days=1), time.min, UTC)
    rows = (
        Placement.objects.filter(
            published_at__gte=since, published_at__lt=until, delivery__correction_item__isnull=True
        )
        .values_list("account__kind")
        .annotate(n=Count("conversation", distinct=True))
        .order_by("account__kind")
    )
    return dict(rows)


def per_answer(first: date, last: date) -> list[PerAnswer]:
    """Each network that charged something in these days."""
    spent: dict[str, Decimal] = {}
    for row in spendings(first, last):
        spent[row.account.kind] = spent.get(row.account.kind, Decimal(0)) + row.usd
    counts = answered(first, last)
    return [PerAnswer(kind, usd, counts.get(kind, 0)) for kind, usd in sorted(spent.items())]
