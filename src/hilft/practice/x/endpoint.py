"""One endpoint of the API: who may call it, how often, and how its parameters and answers travel."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hilft.practice.x.access import TITLES, Caller, Kind
from hilft.practice.x.posts import Person
from hilft.practice.x.problems import (
    Problem,
    as_response,
    invalid,
    too_many_requests,
    wrong_credentials,
)
from hilft.practice.x.world import World

USER: Final[tuple[Kind, ...]] = ("oauth1", "oauth2")
APP: Final[tuple[Kind, ...]] = ("app",)
ANY: Final[tuple[Kind, ...]] = (*USER, *APP)


class Call(NamedTuple):
    """A request that passed authentication and limits; `body` is empty when there is none."""

    world: World
    caller: Caller
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def user(self) -> Person:
        """The account that calls; only for endpoints that need one."""
        found = self.world.posts.person(user_id=self.caller.user_id)
        if found is None:
            raise RuntimeError("an app-only call reached an endpoint for users")
        return found


type Answer = tuple[int, Mapping[str, Any]] | Response
type Handler = Callable[[Call], Awaitable[Answer]]


class Endpoint(NamedTuple):
    """A method and a path such as /2/tweets/:id, who may call, and what answers."""

    method: str
    path: str
    by: tuple[Kind, ...]
    handler: Handler

    def route(self, world: World) -> Route:
        """The endpoint for the server; without a route of its own in the limits it is not limited."""

        async def answer(request: Request) -> Response:
            headers: dict[str, str] = {}
            try:
                found = await self._answer(world, request, headers)
            except Problem as problem:
                return as_response(problem.status, problem.body, headers)
            if isinstance(found, Response):
                found.headers.update(headers)
                return found
            return as_response(*found, headers)

        path = "/".join(f"{{{part[1:]}}}" if part.startswith(":") else part for part in self.path.split("/"))
        return Route(path, answer, methods=[self.method], name=f"{self.method} {self.path}")

    async def _answer(self, world: World, request: Request, headers: dict[str, str]) -> Answer:
        body = await request.body()
        caller = world.access.caller(request, body)
        if caller.kind not in self.by:
            raise wrong_credentials(TITLES[caller.kind], [TITLES[kind] for kind in self.by])
        free, counted = world.limits.take(f"{self.method} {self.path}", caller.user_id)
        headers.update(counted)
        if not free:
            raise too_many_requests()
        for name, value in request.path_params.items():
            if name == "id" and not (value.isdecimal() and len(value) <= 19):
                raise invalid(f"The `id` query parameter value [{value}] is not valid", id=value)
        parsed = _json(request, body) if self.method in ("POST", "PUT") else {}
        return await self.handler(Call(world, caller, request.path_params, dict(request.query_params), parsed))


def known(body: object, allowed: Mapping[str, type], *, where: str = "$") -> None:
    """Refuse fields that the specification does not have and values of another type."""
    if not isinstance(body, Mapping):
        raise invalid(f"{where}: object expected")
    for name, value in body.items():
        if name not in allowed:
            raise invalid(
                f"{where}.{name}: is not defined in the schema and the schema does not allow additional properties"
            )
        expected = allowed[name]
        if not isinstance(value, expected) or (expected is int and isinstance(value, bool)):
            raise invalid(f"{where}.{name}: {type(value).__name__} found, {expected.__name__} expected")


def post_id(body: Mapping[str, Any], name: str, *, where: str = "$") -> int | None:
    """An id in a body: a string of 1 to 19 digits, or nothing."""
    value = body.get(name)
    if value is None:
        return None
    if not (isinstance(value, str) and value.isdecimal() and len(value) <= 19):
        raise invalid(f"{where}.{name}: does not match the regex pattern ^[0-9]{{1,19}}$")
    return int(value)


def _json(request: Request, body: bytes) -> Mapping[str, Any]:
    if not body:
        return {}
    if request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
        raise invalid("The request body must be of type application/json")
    try:
        parsed = json.loads(body)
    except ValueError as error:
        raise invalid("The request body is not valid JSON") from error
    if not isinstance(parsed, dict):
        raise invalid("$: object expected")
    return parsed
