"""Open streams: each connection gets every item from when it opened, and a blank line when nothing happens."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from hilft.practice.x.problems import too_many_connections


class Stream[Item]:
    """The connections to one streaming endpoint; each writes the items in its own way."""

    def __init__(self, connections: int, heartbeat: float) -> None:
        self._most = connections
        self._heartbeat = heartbeat
        self._open: set[asyncio.Queue[Item]] = set()

    @property
    def connections(self) -> int:
        """How many are open."""
        return len(self._open)

    def connect(self, write: Callable[[Item], Mapping[str, Any]], first: Sequence[Item] = ()) -> StreamingResponse:
        """The answer to a new connection, beginning with `first`; raises Problem 429 when all are taken."""
        if len(self._open) >= self._most:
            raise too_many_connections()
        queue: asyncio.Queue[Item] = asyncio.Queue()
        for item in first:
            queue.put_nowait(item)
        self._open.add(queue)
        return _Connection(self._lines(queue, write), lambda: self._open.discard(queue))

    def send(self, item: Item) -> None:
        """Give every connection one item."""
        for queue in self._open:
            queue.put_nowait(item)

    async def _lines(
        self, queue: asyncio.Queue[Item], write: Callable[[Item], Mapping[str, Any]]
    ) -> AsyncIterator[bytes]:
        while True:
            try:
                item = await asyncio.wait_for(queue.get(), self._heartbeat)
            except TimeoutError:
                yield b"\r\n"
            else:
                yield json.dumps(write(item), ensure_ascii=False, separators=(",", ":")).encode() + b"\r\n"


class _Connection(StreamingResponse):
    """An endless answer that gives its place back however it ends."""

    def __init__(self, lines: AsyncIterator[bytes], leave: Callable[[], None]) -> None:
        super().__init__(lines, media_type="application/json; charset=utf-8")
        self._leave = leave

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._leave()
