"""One GET of JSON with an end to everything: total time, size, redirects, and who may be asked at once."""

import asyncio
import functools
import ssl
import threading
from decimal import Decimal
from typing import Any, Final

import httpx2
import msgspec

from hilft.customers.connector import Trouble

TOGETHER: Final = 1
QUEUE: Final = 0.3
"""Calls at a time in one process, and seconds to wait for a turn: a slow system never holds both of its threads."""

_turn = threading.BoundedSemaphore(TOGETHER)
_json = msgspec.json.Decoder(Any, float_hook=Decimal)


def get(url: str, headers: dict[str, str], *, seconds: float, kilobytes: int) -> Any:
    """The JSON behind an address, looked up, connected and read within `seconds` in all; raises Trouble."""
    if not _turn.acquire(timeout=QUEUE):
        raise Trouble("busy")
    try:
        content = _run(_get(url, headers, kilobytes), seconds)
    finally:
        _turn.release()
    try:
        return _json.decode(content)
    except (msgspec.DecodeError, RecursionError, ValueError) as error:
        raise Trouble("json") from error


def _run(asked: Any, seconds: float) -> bytes:
    """Runs to the end or to the deadline; a loop that is only closed waits for no look-up of a name."""
    loop = asyncio.new_event_loop()
    try:
        return bytes(loop.run_until_complete(asyncio.wait_for(asked, seconds)))
    except TimeoutError as error:
        raise Trouble("slow", f"{seconds:g}") from error
    except (httpx2.InvalidURL, httpx2.UnsupportedProtocol, UnicodeError) as error:
        raise Trouble("address", str(error)[:200]) from error
    except httpx2.HTTPError as error:
        raise Trouble("unreachable", str(error)[:200] or type(error).__name__) from error
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


async def _get(url: str, headers: dict[str, str], kilobytes: int) -> bytes:
    """The bytes as they come: nothing compressed is asked for, or a small answer could become a huge one."""
    sent = {"User-Agent": "hilft", "Accept": "application/json", "Accept-Encoding": "identity"} | headers
    async with (
        httpx2.AsyncClient(
            headers=sent, timeout=None, follow_redirects=False, trust_env=False, verify=_trust()
        ) as http,
        http.stream("GET", url) as answer,
    ):
        _refuse(answer.status_code)
        content = bytearray()
        async for part in answer.aiter_raw():
            content += part
            if len(content) > kilobytes * 1000:
                raise Trouble("big", kilobytes)
        return bytes(content)


def _refuse(status: int) -> None:
    if status in {401, 403}:
        raise Trouble("unauthorised", status)
    if status in {404, 410}:
        raise Trouble("gone")
    if 300 <= status < 400:
        raise Trouble("redirect", status)
    if status != 200:
        raise Trouble("status", status)


@functools.cache
def _trust() -> ssl.SSLContext:
    """Whom we trust, read once per process."""
    return httpx2.create_ssl_context()
