"""The practice's own interface: people write, edit and delete; tests look behind the network and move its clock."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hilft.practice.x.clock import iso
from hilft.practice.x.fields import EVERYTHING
from hilft.practice.x.paging import NO_END
from hilft.practice.x.posts import Person, Post, Span
from hilft.practice.x.problems import Problem, forbidden, invalid
from hilft.practice.x.publishing import Draft
from hilft.practice.x.world import World

type Work = Callable[[World, Request, Mapping[str, Any]], Awaitable[tuple[int, Any]]]


def routes(world: World) -> list[Route]:
    """Everything below /practice/ except the faults."""
    table: list[tuple[str, str, Work]] = [
        ("GET", "/practice/posts", _posts),
        ("POST", "/practice/posts", _post),
        ("PATCH", "/practice/posts/{id:int}", _edit),
        ("DELETE", "/practice/posts/{id:int}", _delete),
        ("GET", "/practice/dms", _messages),
        ("POST", "/practice/dms", _message),
        ("PUT", "/practice/people/{handle}", _person),
        ("GET", "/practice/bill", _bill),
        ("GET", "/practice/deliveries", _deliveries),
        ("POST", "/practice/recheck", _recheck),
        ("POST", "/practice/tokens", _tokens),
        ("GET", "/practice/clock", _clock),
        ("PUT", "/practice/clock", _clock),
    ]
    return [Route(path, _answering(world, work), methods=[method]) for method, path, work in table]


def publish(world: World, author: Person, draft: Draft) -> Post:
    """Somebody posts, answers or quotes; whoever subscribed learns of it."""
    post = world.publishing.by_person(author, draft)
    world.activity.published(post)
    return post


def edit(world: World, author: Person, post_id: int, text: str) -> Post:
    """Somebody edits an own post, by the network's rule."""
    post = world.publishing.edit(author, post_id, text)
    world.activity.published(post)
    return post


def delete(world: World, author: Person, post_id: int) -> None:
    """Somebody deletes an own post."""
    post = world.posts.get(post_id)
    if post is None or post.author != author.id:
        raise forbidden("This is not a post of theirs.")
    world.posts.delete(post)
    world.activity.deleted(post)


def message(world: World, sender: Person, text: str) -> int:
    """Somebody writes a direct message to the brand; its id."""
    if not text.strip() or len(text) > world.rules.number("dm", "length"):
        raise invalid("The text is empty or too long", text=text[:100])
    sent = world.messages.send(sender, world.brand, text)
    world.activity.messaged(sent)
    return sent.id


def somebody(world: World, handle: object) -> Person:
    """The person a request speaks for."""
    person = world.posts.person(handle=str(handle).removeprefix("@"))
    if person is None:
        raise invalid("There is nobody of this name", **{"as": handle})
    return person


def described(world: World, post: Post) -> dict[str, Any]:
    """A post with everything the API knows, and what it does not say: the plain text, deletion, all versions."""
    author = world.posts.person(user_id=post.author)
    return world.renderer.tweet(post, EVERYTHING) | {
        "username": author.handle if author else "",
        "plain": post.text[post.shown_from :],
        "deleted": post.deleted,
        "hidden": post.hidden,
        "versions": [version.text[version.shown_from :] for version in world.posts.versions(post)],
    }


def _answering(world: World, work: Work) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            body = await request.body()
            status, found = await work(world, request, json.loads(body) if body else {})
        except Problem as problem:
            return JSONResponse(problem.body, problem.status)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            return JSONResponse({"error": f"{type(error).__name__}: {error}"}, 400)
        return JSONResponse(found, status)

    return answer


async def _posts(world: World, request: Request, _: Mapping[str, Any]) -> tuple[int, Any]:
    query = request.query_params
    found = world.posts.all(Span(int(query.get("since_id", 0)), NO_END, 1_000_000), deleted=True)
    chosen = [described(world, post) for post in reversed(found)]
    for name, key in (("as", "username"), ("conversation", "conversation_id")):
        chosen = [post for post in chosen if name not in query or post[key] == query[name]]
    return 200, {"posts": chosen}


async def _post(world: World, _: Request, body: Mapping[str, Any]) -> tuple[int, Any]:
    above, quoted = (int(body[name]) if body.get(name) else None for name in ("reply_to", "quote"))
    return 201, described(world, publish(world, somebody(world, body["as"]), Draft(str(body["text"]), above, quoted)))


async def _edit(world: World, request: Request, body: Mapping[str, Any]) -> tuple[int, Any]:
    post = edit(world, somebody(world, body["as"]), request.path_params["id"], str(body["text"]))
    return 200, described(world, post)


async def _delete(world: World, request: Request, body: Mapping[str, Any]) -> tuple[int, Any]:
    delete(world, somebody(world, body.get("as", request.query_params.get("as"))), request.path_params["id"])
    return 200, {"deleted": True}


async def _messages(world: World, request: Request, _: Mapping[str, Any]) -> tuple[int, Any]:
    since = int(request.query_params.get("since_id", 0))
    found = [
        world.renderer.message(item, EVERYTHING) | {"recipient_id": item.recipient}
        for item in world.messages.all(1000)
        if item.id > since
    ]
    return 200, {"dms": list(reversed(found))}


async def _message(world: World, _: Request, body: Mapping[str, Any]) -> tuple[int, Any]:
    return 201, {"id": str(message(world, somebody(world, body["as"]), str(body["text"])))}


async def _person(world: World, request: Request, body: Mapping[str, Any]) -> tuple[int, Any]:
    person = somebody(world, request.path_params["handle"])
    accepts = bool(body["accepts_dm"])
    world.store.write("update person set accepts_dm = ? where id = ?", accepts, person.id)
    return 200, {"id": person.id, "username": person.handle, "accepts_dm": accepts}


async def _bill(world: World, _: Request, __: Mapping[str, Any]) -> tuple[int, Any]:
    return 200, world.bill.as_json()


async def _deliveries(world: World, _: Request, __: Mapping[str, Any]) -> tuple[int, Any]:
    rows = world.store.rows("select * from delivery order by id desc limit 1000")
    found = [dict(row) | {"webhook": str(row["webhook"]), "at": iso(row["at"])} for row in reversed(rows)]
    return 200, {"deliveries": found}


async def _recheck(world: World, _: Request, __: Mapping[str, Any]) -> tuple[int, Any]:
    await world.deliveries.recheck()
    return 200, {}


async def _tokens(world: World, _: Request, __: Mapping[str, Any]) -> tuple[int, Any]:
    """The brand authorises the app anew."""
    issued = world.access.grant()
    return 200, {"access_token": issued.access, "refresh_token": issued.refresh, "expires_at": iso(issued.expires_at)}


async def _clock(world: World, request: Request, body: Mapping[str, Any]) -> tuple[int, Any]:
    if request.method == "PUT":
        world.clock.offset = float(body["seconds"])
    return 200, {"seconds": world.clock.offset, "now": iso(world.clock.now())}
