"""Live updates: a small ASGI process that fans PostgreSQL notifications out as server-sent events.

One LISTEN connection per process, none per stream. The streams of somebody who is signed out end with the change that
says so; any stream ends after a while, so that a session that ran out is noticed at the reconnect. What was missed
meanwhile is replayed by its id from the log of changes.
"""

import asyncio
import json
import logging
import os
from collections import deque
from collections.abc import AsyncIterator
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs

import django
import psycopg
from asgiref.sync import sync_to_async

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hilft.config.settings")
django.setup()

from django.conf import settings  # noqa: E402  after setup
from django.contrib.auth import SESSION_KEY  # noqa: E402
from django.db import close_old_connections  # noqa: E402

from hilft.base.live import SIGNED_OUT, newest  # noqa: E402
from hilft.config.lifespan import Receive, Scope, Send, lifespan  # noqa: E402
from hilft.people.models import User  # noqa: E402

Stream = asyncio.Queue[bytes | None]

log = logging.getLogger(__name__)
KEPT = 2000
OUT_OF_ORDER = 200
"""How many numbers a change may lag behind another that was committed before it."""
HEARTBEAT = 15.0
LONGEST = 15 * 60.0
MOST_WAITING = 500


class Hub:
    """Recent changes, and a queue for every open stream with whose it is."""

    def __init__(self) -> None:
        self.recent: deque[tuple[int, bytes]] = deque(maxlen=KEPT)
        self.streams: dict[Stream, int] = {}
        self.connected = asyncio.Event()

    def add(self, number: int, message: bytes) -> None:
        """Remembers a change and hands it to every stream; a stream that does not keep up is ended."""
        self.recent.append((number, message))
        for queue in list(self.streams):
            if queue.qsize() > MOST_WAITING:
                self._end(queue)
            else:
                queue.put_nowait(message)

    def sign_out(self, user: int) -> None:
        """Ends every stream of somebody."""
        for queue in [queue for queue, whose in self.streams.items() if whose == user]:
            self._end(queue)

    def since(self, number: int) -> list[bytes] | None:
        """What came after `number`; None when that reaches further back than this process remembers.

        Changes come in the order of their commits, in which numbers may be out of order: what counts is the place.
        """
        known = list(self.recent)
        for place in range(len(known) - 1, -1, -1):
            if known[place][0] == number:
                return [message for _number, message in known[place + 1 :]]
        newer = number > max((found for found, _message in known), default=number)
        return [] if newer or number == len(known) == 0 else None

    def close(self) -> None:
        """Ends every stream."""
        for queue in list(self.streams):
            self._end(queue)

    def _end(self, queue: Stream) -> None:
        del self.streams[queue]
        queue.put_nowait(None)


hub = Hub()


def event(number: int, topic: str, data: object) -> bytes:
    """One server-sent event."""
    body = json.dumps({"topic": topic, "data": data}, separators=(",", ":"))
    return f"id: {number}\ndata: {body}\n\n".encode()


async def listen() -> None:
    """Follows the database's notifications; comes back when the database does, and replays what it missed."""
    url = settings.HILFT.database_url
    pause = 0.2
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(url, autocommit=True, connect_timeout=5) as connection:
                await connection.execute("LISTEN hilft_live")
                await _catch_up(connection)
                hub.connected.set()
                pause = 0.2
                async for notice in connection.notifies():
                    change = json.loads(notice.payload)
                    _hear(change["id"], change["topic"], change["data"])
        except psycopg.Error as error:
            log.warning("The database is away: %s", error)
        hub.connected.clear()
        await asyncio.sleep(pause)
        pause = min(pause * 2, 5.0)


async def _catch_up(connection: psycopg.AsyncConnection[Any]) -> None:
    known = {number for number, _message in hub.recent}
    first = max(known, default=0) - OUT_OF_ORDER
    query = (
        "SELECT id, topic, data FROM (SELECT * FROM base_change WHERE id > %s ORDER BY id DESC LIMIT %s) c ORDER BY id"
    )
    async for number, topic, data in await connection.execute(query, [first, KEPT]):
        if number not in known:
            _hear(number, topic, data)


def _hear(number: int, topic: str, data: Any) -> None:
    if topic == SIGNED_OUT:
        hub.sign_out(data["user"])
    hub.add(number, event(number, topic, data))


@sync_to_async
def signed_in(cookies: str) -> int | None:
    """The active member of staff whose session the request shows; None for anybody else."""
    try:
        jar = SimpleCookie(cookies)
    except CookieError:
        return None
    morsel = jar.get(settings.SESSION_COOKIE_NAME)
    if morsel is None:
        return None
    close_old_connections()
    session = import_module(settings.SESSION_ENGINE).SessionStore(morsel.value)
    key = session.get(SESSION_KEY)
    user = User.objects.filter(pk=key, is_active=True).first() if key else None
    close_old_connections()
    return user.pk if user else None


@sync_to_async
def newest_change() -> int:
    """The number of the latest change."""
    close_old_connections()
    return newest()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application: `/events` for staff, `/healthz` for the supervisor."""
    if scope["type"] == "lifespan":
        await lifespan(receive, send, listen, hub.close)
        return
    if scope["type"] != "http":
        return
    if scope["path"] == "/healthz":
        await _answer(send, 200 if hub.connected.is_set() else 503, b"ok" if hub.connected.is_set() else b"no database")
        return
    if scope["path"] != "/events" or scope["method"] != "GET":
        await _answer(send, 404, b"not found")
        return
    headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
    origin = headers.get("origin", "")
    if origin and origin != settings.HILFT.public_url:
        await _answer(send, 403, b"another origin")
        return
    user = await signed_in(headers.get("cookie", ""))
    if user is None:
        await _answer(send, 401, b"not signed in", origin)
        return
    query = parse_qs(scope.get("query_string", b"").decode())
    last = headers.get("last-event-id") or query.get("last_event_id", [""])[0]
    await _stream(receive, send, last, origin, user)


async def _stream(receive: Receive, send: Send, last: str, origin: str, user: int) -> None:
    queue: Stream = asyncio.Queue()
    hub.streams[queue] = user
    gone = asyncio.ensure_future(_gone(receive))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": _headers(b"text/event-stream", origin)})
        async for chunk in _chunks(queue, last, gone):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        hub.streams.pop(queue, None)
        gone.cancel()


async def _chunks(queue: Stream, last: str, gone: asyncio.Future[None]) -> AsyncIterator[bytes]:
    yield b"retry: 1500\n\n"
    if last.isdigit():
        missed = hub.since(int(last))
        if missed is None:
            yield event(await newest_change(), "resume", {})
        else:
            for message in missed:
                yield message
    until = asyncio.get_running_loop().time() + LONGEST
    while not gone.done() and asyncio.get_running_loop().time() < until:
        try:
            async with asyncio.timeout(HEARTBEAT):
                news = await queue.get()
        except TimeoutError:
            yield b": still here\n\n"
            continue
        if news is None:
            return
        yield news


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _answer(send: Send, status: int, body: bytes, origin: str = "") -> None:
    await send({"type": "http.response.start", "status": status, "headers": _headers(b"text/plain", origin)})
    await send({"type": "http.response.body", "body": body})


def _headers(kind: bytes, origin: str) -> list[tuple[bytes, bytes]]:
    headers = [(b"content-type", kind), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")]
    if origin:
        headers += [
            (b"access-control-allow-origin", origin.encode()),
            (b"access-control-allow-credentials", b"true"),
            (b"vary", b"origin"),
        ]
    return headers
