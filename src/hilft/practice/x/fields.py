"""The fields and expansions a caller may ask for, as the API's specification lists them."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from hilft.practice.x import rules
from hilft.practice.x.problems import invalid

_RULES = rules.read()
TWEET: Final = _RULES.names("fields", "tweet")
USER: Final = _RULES.names("fields", "user")
DM_EVENT: Final = _RULES.names("fields", "dm_event")
EXPANSIONS: Final = _RULES.names("fields", "expansions")
DM_EXPANSIONS: Final = _RULES.names("fields", "dm_expansions")
USER_EXPANSIONS: Final = _RULES.names("fields", "user_expansions")

TWEET_QUERY: Final = ("tweet.fields", "user.fields", "expansions", "media.fields", "place.fields", "poll.fields")
USER_QUERY: Final = ("user.fields", "tweet.fields", "expansions")
DM_QUERY: Final = ("dm_event.fields", "user.fields", "tweet.fields", "media.fields", "expansions", "event_types")


class Wanted(NamedTuple):
    """What an answer shall contain beyond the defaults."""

    tweet: frozenset[str] = frozenset()
    user: frozenset[str] = frozenset()
    dm_event: frozenset[str] = frozenset()
    expansions: frozenset[str] = frozenset()


EVERYTHING: Final = Wanted(
    frozenset(TWEET) - {"source"},
    frozenset(USER) - {"receives_your_dm"},
    frozenset(DM_EVENT),
    frozenset({"author_id", "entities.mentions.username"}),
)
"""What an activity event carries."""


def wanted(query: Mapping[str, str], expansions: Sequence[str] = EXPANSIONS) -> Wanted:
    """The fields of a query; raises Problem for a value that is not in the specification."""
    return Wanted(
        _chosen(query, "tweet.fields", TWEET),
        _chosen(query, "user.fields", USER),
        _chosen(query, "dm_event.fields", DM_EVENT),
        _chosen(query, "expansions", expansions),
    )


def only(query: Mapping[str, str], allowed: Sequence[str]) -> None:
    """Refuse a query that has other parameters than these."""
    for name, value in query.items():
        if name not in allowed:
            message = f"The query parameter [{name}] is not one of [{','.join(sorted(allowed))}]"
            raise invalid(message, **{name: value})


def whole(query: Mapping[str, str], name: str, low: int, high: int, default: int) -> int:
    """A number of the query within bounds, both included."""
    value = query.get(name, str(default))
    if not value.isdecimal():
        raise invalid(f"The `{name}` query parameter value [{value}] is not a valid number", **{name: value})
    if not low <= int(value) <= high:
        raise invalid(f"The `{name}` query parameter value [{value}] is not between {low} and {high}", **{name: value})
    return int(value)


def identity(query: Mapping[str, str], name: str, default: int = 0) -> int:
    """An id of the query: 1 to 19 digits."""
    value = query.get(name, "")
    if not value:
        return default
    if not (value.isdecimal() and len(value) <= 19):
        raise invalid(f"The `{name}` query parameter value [{value}] does not match ^[0-9]{{1,19}}$", **{name: value})
    return int(value)


def _chosen(query: Mapping[str, str], name: str, allowed: Sequence[str]) -> frozenset[str]:
    values = query[name].split(",") if query.get(name) else []
    for value in values:
        if value not in allowed:
            message = f"The `{name}` query parameter value [{value}] is not one of [{','.join(allowed)}]"
            raise invalid(message, **{name: query[name]})
    return frozenset(values)
