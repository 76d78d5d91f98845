"""Accounts over the API: who they are, who mentions them, and what they wrote."""

from typing import Final

from hilft.practice.x.api_posts import answer_posts
from hilft.practice.x.endpoint import ANY, USER, Answer, Call, Endpoint
from hilft.practice.x.fields import TWEET_QUERY, USER_EXPANSIONS, USER_QUERY, only, wanted
from hilft.practice.x.paging import cut, span
from hilft.practice.x.posts import Person, Span
from hilft.practice.x.problems import invalid, not_found

_TIMELINE: Final = ("since_id", "until_id", "max_results", "pagination_token", *TWEET_QUERY)


async def me(call: Call) -> Answer:
    """GET /2/users/me."""
    return _user(call, call.user, "id", call.caller.user_id)


async def by_id(call: Call) -> Answer:
    """GET /2/users/:id."""
    return _user(call, call.world.posts.person(user_id=call.path["id"]), "id", call.path["id"])


async def by_username(call: Call) -> Answer:
    """GET /2/users/by/username/:username, in any case."""
    name = call.path["username"]
    if not name.isascii() or not name.replace("_", "a").isalnum() or len(name) > 20:
        raise invalid(
            f"The `username` query parameter value [{name}] does not match ^[A-Za-z0-9_]{{1,15}}$", username=name
        )
    return _user(call, call.world.posts.person(handle=name), "username", name)


async def mentions(call: Call) -> Answer:
    """GET /2/users/:id/mentions: the newest versions of posts that mention somebody, newest first."""
    only(call.query, _TIMELINE)
    part = span(call.query, (5, 100, 10))
    most = call.world.rules.number("search", "mentions")
    page, meta = cut(call.world.posts.mentioning(call.path["id"], _within(part, most)), part)
    own = call.path["id"] == call.caller.user_id
    return answer_posts(call, page, {"meta": meta}, price="own_read" if own else "post_read")


async def timeline(call: Call) -> Answer:
    """GET /2/users/:id/tweets: the newest versions of somebody's posts, newest first."""
    only(call.query, (*_TIMELINE, "exclude", "start_time", "end_time"))
    if unsimulated := {"exclude", "start_time", "end_time"} & call.query.keys():
        raise invalid(f"The practice network does not simulate [{', '.join(sorted(unsimulated))}]")
    part = span(call.query, (5, 100, 10))
    most = call.world.rules.number("search", "timeline")
    page, meta = cut(call.world.posts.by_author(call.path["id"], _within(part, most)), part)
    return answer_posts(call, page, {"meta": meta})


def _within(part: Span, most: int) -> Span:
    return part._replace(limit=min(part.limit, most))


def _user(call: Call, person: Person | None, parameter: str, value: str) -> Answer:
    only(call.query, USER_QUERY)
    asked = wanted(call.query, USER_EXPANSIONS)
    if person is None:
        return 200, {"errors": [not_found("user", parameter, value)]}
    call.world.bill.read("user_read", [person.id])
    return 200, {"data": call.world.renderer.user(person, asked)}


ENDPOINTS: Final = [
    Endpoint("GET", "/2/users/me", USER, me),
    Endpoint("GET", "/2/users/by/username/:username", ANY, by_username),
    Endpoint("GET", "/2/users/:id/mentions", ANY, mentions),
    Endpoint("GET", "/2/users/:id/tweets", ANY, timeline),
    Endpoint("GET", "/2/users/:id", ANY, by_id),
]
