"""The practice X as one ASGI application: API, practice interface, page, and faults in front of them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from hilft.practice.faults import Application, FaultGate
from hilft.practice.x import (
    api_activity,
    api_messages,
    api_posts,
    api_stream,
    api_users,
    api_webhooks,
    page,
    practice_api,
    tokens,
)
from hilft.practice.x.problems import Problem, as_response
from hilft.practice.x.world import World

_APIS = (api_posts, api_users, api_messages, api_webhooks, api_activity, api_stream)


def application(world: World) -> Application:
    """The application around one network."""
    endpoints = [endpoint for api in _APIS for endpoint in api.ENDPOINTS]
    endpoints.sort(key=lambda endpoint: ":" in endpoint.path)
    own = [*tokens.routes(world.access), *practice_api.routes(world), *world.faults.routes(), *page.routes(world)]

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        checking = asyncio.create_task(world.deliveries.keep_checking(world.options.recheck))
        yield
        checking.cancel()
        await world.deliveries.close()
        world.store.close()

    return FaultGate(
        Starlette(
            routes=[*(endpoint.route(world) for endpoint in endpoints), *own],
            lifespan=lifespan,
            exception_handlers={HTTPException: _unknown},
        ),
        world.faults,
    )


async def _unknown(_: Request, error: Exception) -> Response:
    """404 and 405 in X's shape."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    title = {404: "Not Found", 405: "Method Not Allowed"}.get(status, "Internal Server Error")
    problem = Problem(status, title, title)
    return as_response(status, problem.body)
