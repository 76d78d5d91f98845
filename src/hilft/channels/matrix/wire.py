"""HTTP with one Matrix server: what each failure means for us.

Error codes: Matrix specification v1.18, "Client-Server API", standard error response and rate limiting
(https://spec.matrix.org/v1.18/client-server-api/, read 2026-11-24).
"""

from __future__ import annotations

import contextlib
import functools
import json
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

import httpx2
import msgspec

from hilft.channels.contract import AuthLost, ChannelError, Config, Refused, RetryLater, Unknown

PREFIX: Final = "/_matrix/client"
TIMEOUT: Final = 20.0
CONNECT: Final = 5.0
LATER: Final = timedelta(seconds=5)
UNSENT: Final = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.UnsupportedProtocol)
LOST: Final = {
    "M_UNKNOWN_TOKEN",
    "M_MISSING_TOKEN",
    "M_USER_DEACTIVATED",
    "M_USER_LOCKED",
    "M_USER_SUSPENDED",
    "M_CONSENT_NOT_GIVEN",
}
"""Codes that speak of our account and not of one action."""


class Answer(Refused):
    """A refusal by its status and code, as Matrix gives it."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"Matrix refuses ({status} {code}): {message}")
        self.status = status
        self.code = code


class Gone(Answer):
    """The thing asked for does not exist, or not for us."""


class Wire:
    """Requests that either answer with JSON or raise what the contract names."""

    def __init__(self, config: Config) -> None:
        self.base = str(config.settings["base_url"]).rstrip("/")
        self._config = config
        self._timeout = float(config.settings.get("timeout_seconds", TIMEOUT))
        self._client = httpx2.Client(
            base_url=self.base + PREFIX,
            headers={"Authorization": f"Bearer {config.secrets.get('access_token', '')}", "User-Agent": "hilft"},
            trust_env=False,
            verify=_trust(),
        )
        self._pause = timedelta(seconds=float(config.facts["window.rate"]))
        self.limited_until: datetime | None = None
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] | None = None

    def read(self, path: str, *, wait: float = 0.0, params: Mapping[str, str | int] | None = None) -> Any:
        """GETs JSON; `wait` is how many seconds the server may take beyond the usual time-out."""
        try:
            response = self._send("GET", path, wait, params=params)
        except httpx2.TransportError as error:
            raise RetryLater(f"{self.base} does not answer: {error}", LATER) from error
        if response.status_code >= 500:
            raise RetryLater(f"{self.base} answers {response.status_code}.", LATER)
        self._refuse(response)
        try:
            return _decoded(response.content)
        except ValueError as error:
            raise RetryLater(f"{self.base} did not answer in JSON.", LATER) from error

    def write(self, method: str, path: str, body: Mapping[str, Any]) -> Any:
        """Sends a change; everything that leaves open whether it was done is Unknown."""
        try:
            response = self._send(method, path, 0.0, content=msgspec.json.encode(body))
        except UNSENT as error:
            raise RetryLater(f"{self.base} cannot be reached: {error}", LATER) from error
        except httpx2.TransportError as error:
            raise Unknown(f"{self.base} did not answer: {error}") from error
        if response.status_code >= 500:
            raise Unknown(f"{self.base} answers {response.status_code}.")
        self._refuse(response)
        try:
            return _decoded(response.content)
        except ValueError as error:
            raise Unknown(f"{self.base} did not answer in JSON.") from error

    def breakable(self) -> Wire:
        """A connection of its own to the same server, whose waiting `cut` ends from another thread."""
        line = Wire(self._config)
        line._sockets = []
        return line

    def cut(self) -> None:
        """Ends the request another thread waits in."""
        for raw in self._sockets or ():
            with contextlib.suppress(OSError):
                raw.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._client.close()

    def _send(self, method: str, path: str, wait: float, **content: Any) -> httpx2.Response:
        timeout = httpx2.Timeout(self._timeout + wait, connect=CONNECT)
        extensions = {} if self._sockets is None else {"trace": _noting(self._sockets)}
        return self._client.request(method, path, timeout=timeout, extensions=extensions, **content)

    def _refuse(self, response: httpx2.Response) -> None:
        if response.is_success:
            return
        status, answer = response.status_code, _answer(response)
        code, message = str(answer.get("errcode", "")), str(answer.get("error", "") or response.reason_phrase)
        if status == 429 or code == "M_LIMIT_EXCEEDED":
            raise self._limited(answer, response.headers)
        raise _meaning(status, code, message)

    def _limited(self, answer: Mapping[str, Any], headers: Mapping[str, str]) -> RetryLater:
        after = _after(answer, headers) or self._pause
        with self._lock:
            self.limited_until = datetime.now(UTC) + after
        return RetryLater("Matrix asks for a pause.", after)


def path(*parts: str, version: str = "v3") -> str:
    """A path of an endpoint; every part is quoted, for identifiers hold slashes and signs."""
    return "".join(f"/{quote(part, safe='')}" for part in (version, *parts))


def _meaning(status: int, code: str, message: str) -> ChannelError:
    if code in LOST or status == 401:
        return AuthLost(f"Matrix no longer accepts the access token: {message}")
    if status in {404, 410}:
        return Gone(status, code, message)
    if status == 408:
        return Unknown(f"Matrix gave up waiting: {message}")
    return Answer(status, code, message)


def _after(answer: Mapping[str, Any], headers: Mapping[str, str]) -> timedelta | None:
    """How long to wait: the header since v1.10 of the specification, the body's milliseconds before."""
    seconds, milliseconds = headers.get("retry-after", "").strip(), answer.get("retry_after_ms")
    if seconds.isdigit():
        return timedelta(seconds=max(int(seconds), 1))
    if isinstance(milliseconds, int) and milliseconds > 0:
        return timedelta(milliseconds=milliseconds)
    return None


def _answer(response: httpx2.Response) -> Mapping[str, Any]:
    try:
        answer = _decoded(response.content)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _decoded(content: bytes) -> Any:
    """JSON; half a surrogate pair in somebody's message must not stop all the others."""
    try:
        return msgspec.json.decode(content)
    except msgspec.DecodeError:
        return json.loads(content)


def _noting(sockets: list[socket.socket]) -> Callable[[str, dict[str, Any]], None]:
    """Keeps the newest socket of a client, told by the transport's trace."""

    def note(name: str, info: dict[str, Any]) -> None:
        if name.endswith(("connect_tcp.complete", "start_tls.complete")):
            raw = info["return_value"].get_extra_info("socket")
            if isinstance(raw, socket.socket):
                sockets[:] = [raw]

    return note


@functools.cache
def _trust() -> ssl.SSLContext:
    """Whom we trust, read once per process."""
    return httpx2.create_ssl_context()
