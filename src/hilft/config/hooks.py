"""Webhooks: a small ASGI process that stores what networks tell us, and only then says that it heard.

Verifying needs no database. What arrives while a transaction is under way shares the next one, so a burst costs
few commits; a request is answered when its own events are committed. Reading them is a worker's job.
"""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hilft.config.settings")
django.setup()

from asgiref.sync import sync_to_async  # noqa: E402
from django.db import InterfaceError, OperationalError, close_old_connections  # noqa: E402

from hilft.channels.contract import Answer, Call, Forged  # noqa: E402
from hilft.channels.hooks import LARGEST, Doorkeeper, Told, store_together  # noqa: E402
from hilft.config.lifespan import Receive, Scope, Send, lifespan  # noqa: E402

log = logging.getLogger(__name__)
TOGETHER = 400
"""Requests stored in one transaction at most."""

WAITING = 4000
"""Requests that may wait to be stored; further ones are asked to come back, as networks do by themselves."""

PATH = "/hooks/"


class TooLarge(Exception):
    """A body beyond what any network sends."""


class Desk:
    """Where verified requests wait for their transaction."""

    def __init__(self) -> None:
        self.doorkeeper = Doorkeeper()
        self.waiting: asyncio.Queue[tuple[Told, asyncio.Future[None]]] = asyncio.Queue(WAITING)
        self.ready = asyncio.Event()

    async def keep(self, told: Told) -> None:
        """Returns when this is committed; raises what the database said, or asyncio.QueueFull."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiting.put_nowait((told, done))
        await done

    async def work(self) -> None:
        """Stores what waits, a transaction at a time, and follows the accounts."""
        while True:
            try:
                await _in_thread(self.doorkeeper.look)()
                self.ready.set()
            except (OperationalError, InterfaceError) as error:
                log.warning("The database is away: %s", error)
                await asyncio.sleep(0.5)
            try:
                batch = [await asyncio.wait_for(self.waiting.get(), 1.0)]
            except TimeoutError:
                continue
            while len(batch) < TOGETHER and not self.waiting.empty():
                batch.append(self.waiting.get_nowait())
            await self._store(batch)

    async def _store(self, batch: list[tuple[Told, asyncio.Future[None]]]) -> None:
        """One transaction for all; one that cannot be stored does not take the others with it."""
        try:
            await _in_thread(store_together)([told for told, _done in batch])
        except Exception as trouble:
            if len(batch) > 1 and not isinstance(trouble, (OperationalError, InterfaceError)):
                for one in batch:
                    await self._store([one])
                return
            log.warning("Webhooks could not be stored: %s", trouble)
            for _told, done in batch:
                if not done.cancelled():
                    done.set_exception(trouble)
            return
        for _told, done in batch:
            if not done.cancelled():
                done.set_result(None)


desk = Desk()


def _in_thread[**P, T](function: Callable[P, T]) -> Callable[P, Awaitable[T]]:
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        close_old_connections()
        try:
            return function(*args, **kwargs)
        finally:
            close_old_connections()

    return sync_to_async(run)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application: `/hooks/<kind of channel>/` for networks, `/healthz` for the supervisor."""
    if scope["type"] == "lifespan":
        await lifespan(receive, send, desk.work)
        return
    if scope["type"] != "http":
        return
    path, method = scope["path"], scope["method"]
    if path == "/healthz":
        ready = desk.ready.is_set()
        await _answer(send, Answer(status=200 if ready else 503, body=b"ok" if ready else b"no database"))
        return
    kind = path.removeprefix(PATH).strip("/")
    if not path.startswith(PATH) or not kind or "/" in kind:
        await _say(send, 404, "There is nothing here.")
        return
    if method not in {"GET", "POST"}:
        await _say(send, 405, "Webhooks come by GET or POST.")
        return
    try:
        body = await _body(receive)
    except TooLarge:
        await _say(send, 413, "No network sends that much.")
        return
    await _heard(send, kind, _call(scope, body))


async def _heard(send: Send, kind: str, call: Call) -> None:
    try:
        answer, told = desk.doorkeeper.receive(kind, call)
    except LookupError:
        await _say(send, 404, "No account of this kind listens here.")
        return
    except Forged:
        await _say(send, 401, "The signature does not fit.")
        return
    try:
        if told:
            await desk.keep(told)
    except asyncio.QueueFull:
        await _say(send, 503, "Too much at once; please come again.")
    except Exception:
        await _say(send, 503, "This could not be kept; please come again.")
    else:
        await _answer(send, answer)


def _call(scope: Scope, body: bytes) -> Call:
    return Call(
        method=scope["method"],
        query=dict(parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)),
        headers={name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]},
        body=body,
    )


async def _body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b"".join(parts)
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > LARGEST:
            raise TooLarge
        if not message.get("more_body"):
            return b"".join(parts)


async def _say(send: Send, status: int, text: str) -> None:
    await _answer(send, Answer(status=status, body=text.encode(), content_type="text/plain; charset=utf-8"))


async def _answer(send: Send, answer: Answer) -> None:
    headers = [(b"content-type", answer.content_type.encode()), (b"x-content-type-options", b"nosniff")]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": bytes(answer.body)})
