"""Posts over the API: look up, search, publish, edit, delete, hide."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from hilft.practice.x.clock import id_at, iso
from hilft.practice.x.endpoint import ANY, USER, Answer, Call, Endpoint, known, post_id
from hilft.practice.x.fields import TWEET_QUERY, identity, only, wanted
from hilft.practice.x.paging import cut, span
from hilft.practice.x.posts import Post, Span
from hilft.practice.x.problems import Problem, forbidden, invalid, not_found
from hilft.practice.x.publishing import Draft
from hilft.practice.x.query import BadQuery, facts, parse
from hilft.practice.x.weight import links

_CREATE: Final = {"text": str, "reply": dict, "quote_tweet_id": str, "edit_options": dict}
_NOT_SIMULATED: Final = (
    "card_uri",
    "community_id",
    "direct_message_deep_link",
    "for_super_followers_only",
    "geo",
    "made_with_ai",
    "media",
    "nullcast",
    "paid_partnership",
    "poll",
    "reply_settings",
    "share_with_followers",
)
"""Fields of the specification that the practice network refuses instead of ignoring."""
_REPLY: Final = {"in_reply_to_tweet_id": str, "exclude_reply_user_ids": list, "auto_populate_reply_metadata": bool}


def answer_posts(call: Call, posts: Sequence[Post], rest: dict[str, Any] | None = None, *, price: str = "") -> Answer:
    """A list of posts with what was asked for; each is charged, at `price` or at what it costs by itself."""
    asked = wanted(call.query)
    charge(call, posts, price)
    render = call.world.renderer
    body: dict[str, Any] = {"data": [render.tweet(post, asked) for post in posts]} if posts else {}
    includes = render.includes(posts, asked)
    return 200, body | ({"includes": includes} if includes else {}) | (rest or {})


def charge(call: Call, posts: Iterable[Post], item: str = "") -> None:
    """Charge the posts of an answer; `item` forces a price, else own posts are cheaper."""
    for post in posts:
        own = post.author == call.caller.user_id
        call.world.bill.read(item or ("own_read" if own else "post_read"), [post.id])


async def look_up(call: Call) -> Answer:
    """GET /2/tweets/:id; a missing post is an answer with `errors` and no `data`."""
    only(call.query, TWEET_QUERY)
    asked = wanted(call.query)
    post = call.world.posts.get(int(call.path["id"]))
    if post is None:
        return 200, {"errors": [not_found("tweet", "id", call.path["id"])]}
    charge(call, [post])
    includes = call.world.renderer.includes([post], asked)
    return 200, {"data": call.world.renderer.tweet(post, asked)} | ({"includes": includes} if includes else {})


async def look_up_many(call: Call) -> Answer:
    """GET /2/tweets?ids=, up to 100; missing ones are named in `errors`."""
    only(call.query, ("ids", *TWEET_QUERY))
    ids = call.query.get("ids", "").split(",")
    if not 1 <= len(ids) <= 100 or not all(text.isdecimal() and len(text) <= 19 for text in ids):
        raise invalid(
            f"The `ids` query parameter value [{call.query.get('ids', '')}] is not valid", ids=call.query.get("ids", "")
        )
    found = {text: call.world.posts.get(int(text)) for text in dict.fromkeys(ids)}
    errors = [not_found("tweet", "ids", text) for text, post in found.items() if post is None]
    return answer_posts(call, [post for post in found.values() if post], {"errors": errors} if errors else {})


async def search_recent(call: Call) -> Answer:
    """GET /2/tweets/search/recent: the last seven days, newest first."""
    only(
        call.query,
        ("query", "since_id", "until_id", "max_results", "next_token", "pagination_token", "sort_order", *TWEET_QUERY),
    )
    world = call.world
    text = call.query.get("query", "")
    if not text or len(text) > world.rules.number("search", "query_length"):
        raise invalid("The `query` query parameter is missing, empty or too long", query=text)
    try:
        matcher = parse(text)
    except BadQuery as bad:
        raise invalid(f"There were errors processing your request: {bad}", query=text) from bad
    since = world.clock.now() - 86400 * world.rules.number("search", "days")
    if 0 < identity(call.query, "since_id") < id_at(since):
        day = iso(since)[:16] + "Z"
        hint = f"Please use a 'since_id' that is larger than {id_at(since)}"
        message = f"'since_id' must be a tweet id created after {day}. {hint}"
        raise invalid(message, since_id=call.query["since_id"])
    token = "next_token" if "next_token" in call.query else "pagination_token"
    part = span(call.query, (10, 100, 10), token=token)
    posts = world.posts.all(Span(max(part.since, id_at(since)), part.until, 1_000_000))
    found = [post for post in posts if post.created_at > since and matcher(facts(post, world.posts))]
    page, meta = cut(found[: part.limit], part)
    return answer_posts(call, page, {"meta": meta})


async def create(call: Call) -> Answer:
    """POST /2/tweets: a post, a reply, a quote, or a new version of an own post."""
    draft, previous = _draft(call.body)
    world = call.world
    if previous is None:
        post = world.publishing.by_api(call.user, draft)
    else:
        post = world.publishing.edit(call.user, previous, draft.text)
    world.bill.wrote("post_create_with_url" if links(draft.text) else "post_create")
    world.activity.published(post)
    return 201, {"data": world.renderer.tweet(post, wanted({}))}


async def delete(call: Call) -> Answer:
    """DELETE /2/tweets/:id: an own post and all its versions."""
    only(call.query, ())
    post = call.world.posts.get(int(call.path["id"]))
    if post is None:
        raise missing(call.path["id"])
    if post.author != call.caller.user_id:
        raise forbidden("You are not authorized to delete this Tweet.")
    call.world.posts.delete(post)
    call.world.bill.wrote("post_delete")
    call.world.activity.deleted(post)
    return 200, {"data": {"deleted": True}}


async def hide(call: Call) -> Answer:
    """PUT /2/tweets/:id/hidden: a reply of somebody else in a conversation of one's own."""
    known(call.body, {"hidden": bool})
    if "hidden" not in call.body:
        raise invalid("$.hidden: is missing but it is required")
    post = call.world.posts.get(int(call.path["id"]))
    if post is None:
        raise missing(call.path["id"])
    root = call.world.posts.get(post.conversation, deleted=True)
    if post.reply_to is None or root is None or root.author != call.caller.user_id:
        raise forbidden("You are not permitted to perform this action.")
    call.world.posts.hide(post, hidden=call.body["hidden"])
    call.world.bill.wrote("post_manage")
    return 200, {"data": {"hidden": call.body["hidden"]}}


def missing(text: str) -> Problem:
    """404 for a write to a post that does not exist."""
    error = not_found("tweet", "id", text)
    return Problem(404, error["title"], error["detail"], kind="resource-not-found", more=error)


def _draft(body: Mapping[str, Any]) -> tuple[Draft, int | None]:
    refused = [name for name in _NOT_SIMULATED if name in body]
    if refused:
        raise invalid(f"$.{refused[0]}: the practice network does not simulate this field")
    known(body, _CREATE)
    reply, options = body.get("reply", {}), body.get("edit_options", {})
    known(reply, _REPLY, where="$.reply")
    known(options, {"previous_post_id": str}, where="$.edit_options")
    if "reply" in body and "in_reply_to_tweet_id" not in reply:
        raise invalid("$.reply.in_reply_to_tweet_id: is missing but it is required")
    if not body.get("text"):
        raise invalid("Your request must include `text`", text=body.get("text", ""))
    above = post_id(reply, "in_reply_to_tweet_id", where="$.reply")
    previous = post_id(options, "previous_post_id", where="$.edit_options")
    if options and (above or "quote_tweet_id" in body):
        raise invalid("$.edit_options: a new version keeps what the post answers and quotes")
    left_out = [str(user_id) for user_id in reply.get("exclude_reply_user_ids", [])]
    return Draft(body["text"], above, post_id(body, "quote_tweet_id"), left_out), previous


ENDPOINTS: Final = [
    Endpoint("GET", "/2/tweets", ANY, look_up_many),
    Endpoint("GET", "/2/tweets/:id", ANY, look_up),
    Endpoint("GET", "/2/tweets/search/recent", ANY, search_recent),
    Endpoint("POST", "/2/tweets", USER, create),
    Endpoint("DELETE", "/2/tweets/:id", USER, delete),
    Endpoint("PUT", "/2/tweets/:id/hidden", USER, hide),
]
