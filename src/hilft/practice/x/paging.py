"""Lists that go back in time: bounds of the query, opaque tokens, and the meta object."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from hilft.practice.x.fields import identity, whole
from hilft.practice.x.posts import Post, Span
from hilft.practice.x.problems import invalid

_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_PREFIX: Final = "7140w"
NO_END: Final = 2**63 - 1


def span(query: Mapping[str, str], bounds: tuple[int, int, int], *, token: str = "pagination_token") -> Span:  # noqa: S107
    """The part of a list that a query asks for, one more than a page; bounds are least, most and default."""
    until = identity(query, "until_id", NO_END)
    if query.get(token):
        until = min(until, _opened(query[token], token))
    return Span(identity(query, "since_id"), until, whole(query, "max_results", *bounds) + 1)


def cut[Item: Post](found: Sequence[Item], part: Span) -> tuple[list[Item], dict[str, Any]]:
    """The page itself and its meta: result_count, newest_id, oldest_id, and next_token when there is more."""
    page = list(found[: part.limit - 1])
    meta: dict[str, Any] = {"result_count": len(page)}
    if page:
        meta |= {"newest_id": str(page[0].id), "oldest_id": str(page[-1].id)}
    if len(found) >= part.limit:
        meta["next_token"] = token_after(page[-1].id)
    return page, meta


def token_after(number: int) -> str:
    """The token of the page that begins below an id."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return _PREFIX + digits


def _opened(token: str, name: str) -> int:
    digits = token.removeprefix(_PREFIX)
    if not token.startswith(_PREFIX) or not digits or any(digit not in _DIGITS for digit in digits):
        raise invalid(f"The `{name}` query parameter value [{token}] is not valid", **{name: token})
    return int(digits, 36)
