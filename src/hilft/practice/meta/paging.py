"""Pages of an edge: cursors that survive what is written and deleted between two requests."""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlencode

from hilft.practice.meta.errors import numbered
from hilft.practice.meta.rules import rules


class Placed(Protocol):
    """Something with a place in the order of its edge."""

    @property
    def seq(self) -> int: ...

    @property
    def created_at(self) -> float: ...


class Page(NamedTuple):
    """The items of one page and where it stands among the others."""

    items: list[Any]
    before: bool
    after: bool


def cursor(seq: int) -> str:
    """An opaque place, stable when items around it disappear."""
    return base64.urlsafe_b64encode(f"QVFI{seq}".encode()).decode().rstrip("=")


def _seq(value: str) -> int:
    try:
        text = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)).decode()
        return int(text.removeprefix("QVFI"))
    except (ValueError, binascii.Error, UnicodeDecodeError) as error:
        raise numbered(100, "Invalid cursors values provided for pagination") from error


def _limit(given: str, most: int) -> int:
    if not given:
        return min(rules().paging.default, most)
    if not given.isdigit() or int(given) < 1:
        raise numbered(100, "Param limit must be a positive number")
    return min(int(given), most)


def _moment(name: str, given: str) -> float:
    if not given.isdigit():
        raise numbered(100, f"Param {name} must be a unix timestamp")
    return float(given)


def cut[T: Placed](items: Sequence[T], modifiers: Mapping[str, str], most: int) -> Page:
    """The part of `items`, ordered by `seq` up or down, that limit, after, before, since and until ask for."""
    kept = list(items)
    if since := modifiers.get("since", ""):
        kept = [item for item in kept if item.created_at >= _moment("since", since)]
    if until := modifiers.get("until", ""):
        kept = [item for item in kept if item.created_at <= _moment("until", until)]
    limit = _limit(modifiers.get("limit", ""), most)
    rising = len(kept) < 2 or kept[0].seq < kept[-1].seq
    if after := modifiers.get("after", ""):
        place = _seq(after)
        rest = [item for item in kept if (item.seq > place if rising else item.seq < place)]
        return Page(rest[:limit], before=len(rest) < len(kept), after=len(rest) > limit)
    if before := modifiers.get("before", ""):
        place = _seq(before)
        rest = [item for item in kept if (item.seq < place if rising else item.seq > place)]
        return Page(rest[-limit:], before=len(rest) > limit, after=len(rest) < len(kept))
    return Page(kept[:limit], before=False, after=len(kept) > limit)


def written[T: Placed](
    page: Page, render: Callable[[T], dict[str, Any]], address: str, query: Mapping[str, str]
) -> dict[str, Any]:
    """The edge as the Graph API writes it: data, cursors, and addresses of the neighbouring pages if there are any."""
    if not page.items:
        return {"data": []}
    first, last = cursor(page.items[0].seq), cursor(page.items[-1].seq)
    paging: dict[str, Any] = {"cursors": {"before": first, "after": last}}
    base = {key: value for key, value in query.items() if key not in ("after", "before")}
    if page.before:
        paging["previous"] = f"{address}?{urlencode(base | {'before': first})}"
    if page.after:
        paging["next"] = f"{address}?{urlencode(base | {'after': last})}"
    return {"data": [render(item) for item in page.items], "paging": paging}
