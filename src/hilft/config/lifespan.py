"""What the plain ASGI processes share: the forms of a call, and a task that works from startup to shutdown."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]


async def lifespan(
    receive: Receive,
    send: Send,
    work: Callable[[], Coroutine[Any, Any, None]],
    at_end: Callable[[], None] | None = None,
) -> None:
    """Lets `work` run while the process serves; what it leaves open is closed by `at_end`."""
    task: asyncio.Task[None] | None = None
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            task = asyncio.create_task(work())
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            if task:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
            if at_end:
                at_end()
            await send({"type": "lifespan.shutdown.complete"})
            return
