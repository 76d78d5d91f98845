"""Faults that a practice network shows on demand: slow, limited, broken, silent, forgetful of tokens."""

import asyncio
import json
import re
import threading
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import asdict, dataclass
from random import Random
from typing import Any, Final, NamedTuple, Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

type Message = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]
type Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

NAMES: Final = {
    "latency": "Every answer comes `amount` seconds late.",
    "rate_limit": "429 with the network's headers.",
    "rate_limit_bare": "429 without any header of a limit.",
    "server_error": "503.",
    "timeout_after": "The request is carried out, then the connection is held `amount` seconds and dropped.",
    "token_revoked": "401 as after a withdrawn permission.",
    "stream_gap": "Streams and webhooks lose what happens meanwhile.",
    "out_of_order": "Webhook deliveries are shuffled.",
    "duplicates": "Each delivery is sent two or three times.",
}
"""What can go wrong; the last three are asked for by the network itself, the others happen to requests."""

PATH: Final = "/practice/faults"


@dataclass(frozen=True)
class Fault:
    """One fault: in which share of the cases (0 to 1), how much (seconds), how often still, and for what.

    `times` None is "until cleared"; `only` is a regular expression searched in "METHOD /path", empty for all.
    """

    name: str
    share: float = 1.0
    amount: float = 0.0
    times: int | None = None
    only: str = ""


class Says(NamedTuple):
    """An answer in a network's own words."""

    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str] = {}


class Dialect(Protocol):
    """How one network words its failures, and which requests belong to its API."""

    def concerns(self, path: str) -> bool:
        """Whether requests to `path` can fail; the practice's own pages never do."""

    def limited(self) -> Says:
        """429 as documented, with its headers."""

    def broken(self) -> Says:
        """503."""

    def revoked(self) -> Says:
        """401 for a token that is no longer valid."""


class Faults:
    """The faults switched on, asked from any thread."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.active: dict[str, Fault] = {}
        self._lock = threading.Lock()
        self._lots = Random()  # noqa: S311 – play

    def set(
        self, name: str, *, share: float = 1.0, amount: float = 0.0, times: int | None = None, only: str = ""
    ) -> Fault:
        """Switch a fault on or change it; raises ValueError for an unknown name or a value out of range."""
        if name not in NAMES:
            raise ValueError(f"unknown fault {name!r}; known are {', '.join(NAMES)}")
        if not 0 <= share <= 1 or amount < 0 or (times is not None and times < 1):
            raise ValueError("share is 0 to 1, amount not negative, times at least 1 or null")
        try:
            re.compile(only)
        except re.error as error:
            raise ValueError(f"only is not a regular expression: {error}") from error
        fault = Fault(name, share, amount, times, only)
        with self._lock:
            self.active[name] = fault
        return fault

    def clear(self, name: str | None = None) -> None:
        """Switch one fault off, or all."""
        with self._lock:
            if name is None:
                self.active.clear()
            else:
                self.active.pop(name, None)

    def hit(self, name: str, what: str) -> Fault | None:
        """The fault if it strikes `what` ("METHOD /path") now; each strike counts against `times`."""
        with self._lock:
            fault = self.active.get(name)
            if fault is None or not re.search(fault.only, what) or self._lots.random() >= fault.share:
                return None
            if fault.times == 1:
                del self.active[name]
            elif fault.times is not None:
                self.active[name] = Fault(name, fault.share, fault.amount, fault.times - 1, fault.only)
            return fault

    def as_json(self) -> dict[str, dict[str, Any]]:
        """The active faults: {name: {share, amount, times, only}}."""
        with self._lock:
            active = list(self.active.values())
        return {fault.name: {key: value for key, value in asdict(fault).items() if key != "name"} for fault in active}

    def routes(self) -> list[Route]:
        """GET, PUT and DELETE of /practice/faults, to be mounted beside the network's API.

        PUT replaces all active faults by {name: {share, amount, times, only}}; what is wrong is a 400 and changes
        nothing. DELETE takes `?name=` or clears everything.
        """
        return [Route(PATH, self._answer, methods=["GET", "PUT", "DELETE"])]

    async def _answer(self, request: Request) -> Response:
        if request.method == "DELETE":
            self.clear(request.query_params.get("name"))
        elif request.method == "PUT":
            try:
                self._replace(await request.json())
            except (ValueError, TypeError, AttributeError) as error:
                return JSONResponse({"error": str(error)}, status_code=400)
        return JSONResponse(self.as_json())

    def _replace(self, wanted: dict[str, dict[str, Any]]) -> None:
        probe = Faults(self.dialect)
        for name, options in wanted.items():
            probe.set(name, **options)
        with self._lock:
            self.active = probe.active


class FaultGate:
    """ASGI middleware, the outermost one: lets a request's faults happen before or after the network answers."""

    def __init__(self, inner: Application, faults: Faults) -> None:
        self._inner = inner
        self._faults = faults

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer in the network's stead when a fault strikes, else hand on."""
        if scope["type"] != "http" or not self._faults.dialect.concerns(scope["path"]):
            await self._inner(scope, receive, send)
            return
        what = f"{scope['method']} {scope['path']}"
        if late := self._faults.hit("latency", what):
            receive = await _arrived(receive)
            await asyncio.sleep(late.amount)
        if (says := self._refusal(what)) is not None:
            await _say(says, send)
        elif silent := self._faults.hit("timeout_after", what):
            await self._inner(scope, receive, _unheard)
            await asyncio.sleep(silent.amount)
            await _drop(receive, send)
        else:
            await self._inner(scope, receive, send)

    def _refusal(self, what: str) -> Says | None:
        faults = self._faults
        if faults.hit("token_revoked", what):
            return faults.dialect.revoked()
        if faults.hit("rate_limit", what):
            return faults.dialect.limited()
        if faults.hit("rate_limit_bare", what):
            return faults.dialect.limited()._replace(headers={})
        if faults.hit("server_error", what):
            return faults.dialect.broken()
        return None


async def _arrived(receive: Receive) -> Receive:
    """The request with a body that is here already: it is carried out even when nobody waits for the answer."""
    parts = [await receive()]
    while parts[-1].get("more_body"):
        parts.append(await receive())

    async def again() -> Message:
        return parts.pop(0) if parts else await receive()

    return again


async def _say(says: Says, send: Send) -> None:
    body = json.dumps(says.body, ensure_ascii=False).encode()
    headers = {"content-type": "application/json; charset=utf-8", "content-length": str(len(body)), **says.headers}
    pairs = [(key.encode(), value.encode()) for key, value in headers.items()]
    await send({"type": "http.response.start", "status": says.status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})


async def _unheard(message: Message) -> None:
    """An answer that nobody gets to read."""


async def _drop(receive: Receive, send: Send) -> None:
    """Close the connection without an answer.

    ASGI has no word for it; uvicorn's request cycle, of which `send` is a method, knows the transport.
    """
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:
        raise RuntimeError(
            "the server does not let a connection be dropped; FaultGate must be the outermost application"
        )
    transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass
