"""What networks charged, by day, account and call, and what an answered question cost."""

import datetime
from decimal import Decimal
from typing import Annotated, Any, Final

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from ninja.errors import HttpError

from hilft.api.access import Key
from hilft.channels.models import Spending as Spent
from hilft.channels.spending import spendings, today
from hilft.people.enums import KeyRight
from hilft.publishing.costs import per_answer

router = Router(tags=["spending"])
USUAL: Final = datetime.timedelta(days=29)
LONGEST: Final = datetime.timedelta(days=400)


class Row(Schema):
    """One account's calls of one price on one day (UTC); `price` names a fact of its network."""

    day: datetime.date
    account: int
    name: str
    kind: str
    price: str
    calls: int
    usd: Decimal


class PerAnswer(Schema):
    """What an answered conversation cost on a network; null where none was answered."""

    kind: str
    usd: Decimal
    answered: int
    each: Decimal | None


class Spending(Schema):
    """US dollars as decimal numbers in strings; both days are included."""

    first: datetime.date = Field(alias="from")
    last: datetime.date = Field(alias="to")
    usd: Decimal
    rows: list[Row]
    per_answer: list[PerAnswer]


@router.get("/spending", response=Spending, by_alias=True, auth=Key(KeyRight.SPENDING), summary="Money spent")
def show(
    request: HttpRequest,
    first: Annotated[datetime.date | None, Query(alias="from", description="First day (UTC)")] = None,
    last: Annotated[datetime.date | None, Query(alias="to", description="Last day (UTC)")] = None,
) -> dict[str, Any]:
    """The last 30 days, unless other days are asked for; at most 400."""
    last = last or today()
    first = first or last - USUAL
    if first > last:
        raise HttpError(422, "The first day lies after the last one.")
    if last - first > LONGEST:
        raise HttpError(422, "Ask for at most 400 days at a time.")
    found = list(spendings(first, last))
    costs = [
        {"kind": cost.kind, "usd": cost.usd, "answered": cost.answered, "each": cost.each}
        for cost in per_answer(first, last)
    ]
    usd = sum((row.usd for row in found), Decimal(0))
    return {"from": first, "to": last, "usd": usd, "rows": [_row(row) for row in found], "per_answer": costs}


def _row(row: Spent) -> dict[str, Any]:
    return {
        "day": row.day,
        "account": row.account_id,
        "name": row.account.name,
        "kind": row.account.kind,
        "price": row.price,
        "calls": row.calls,
        "usd": row.usd,
    }
