"""How the practice's own API reads a request and refuses one.

Every refusal is {"error": text} with 400, 404 or 409.
"""

from collections.abc import Awaitable, Callable, Iterable

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

type Handler = Callable[[Request], Awaitable[Response]]


class Refusal(Exception):
    """What cannot be done, and the status that says so."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


async def read_as[T](request: Request, kind: type[T]) -> T:
    """The body of a request in its shape; refuses any other."""
    try:
        return msgspec.json.decode(await request.body(), type=kind)
    except msgspec.DecodeError as error:
        raise Refusal(str(error)) from error


def guarded(table: Iterable[tuple[str, str, Handler]]) -> list[Route]:
    """Routes by method and path, whose refusals are answers."""
    return [Route(path, _answering(handler), methods=[method]) for method, path, handler in table]


def _answering(handler: Handler) -> Handler:
    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except Refusal as refusal:
            return JSONResponse({"error": str(refusal)}, refusal.status)

    return answer
