"""HTTP with X: what each failure means for us, and which route X asks to leave alone for how long."""

from __future__ import annotations

import functools
import ssl
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

import httpx2
import msgspec

from hilft.channels.contract import AuthLost, ChannelError, Config, Refused, RetryLater, Unknown
from hilft.channels.x import oauth

BASE: Final = "https://api.x.com"
TIMEOUT: Final = httpx2.Timeout(20.0, connect=5.0)
LATER: Final = timedelta(seconds=5)
UNPAID: Final = timedelta(minutes=15)
LONGEST: Final = timedelta(minutes=15)
UNSENT: Final = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.UnsupportedProtocol)
ABOUT_US: Final = ("account is suspended", "account is temporarily locked", "account has been locked")
"""Words of a 403 that speaks of our account and not of one action; observed, not documented."""

type As = Literal["user", "app"]


class Limited(RetryLater):
    """X takes no more requests on this route for a while; other routes are not concerned."""


class Gone(Refused):
    """The thing asked for does not exist, or not for us."""


class Duplicate(Refused):
    """X already has a post of ours with the same words."""


class Wire:
    """Requests that either answer with JSON or raise what the contract names.

    `route` names what X counts together, such as "GET /2/users/:id/mentions".
    """

    def __init__(self, config: Config) -> None:
        self.base = str(config.settings.get("base_url") or BASE).rstrip("/")
        timeout = config.settings.get("timeout_seconds")
        self.client = httpx2.Client(
            base_url=self.base,
            headers={"User-Agent": "hilft"},
            timeout=TIMEOUT if timeout is None else httpx2.Timeout(float(timeout)),
            trust_env=False,
            verify=_trust(),
        )
        self.user = oauth.user_of(self.base, config.secrets)
        self.app = oauth.App(self.base, config.secrets)
        self._pause = timedelta(seconds=float(config.facts["window.pause"]))
        self._lock = threading.Lock()
        self._until: dict[str, datetime] = {}
        self._misses: dict[str, int] = {}

    def read(self, route: str, path: str, query: Mapping[str, str] | None = None, *, by: As = "user") -> Any:
        """GETs JSON; when X does not answer it is asked again later."""
        response = self._asked("GET", route, path, by, params=query)
        if response.status_code >= 500 or response.status_code == 408:
            raise RetryLater(f"X answers {response.status_code}.", LATER)
        self._judge(route, response)
        try:
            return msgspec.json.decode(response.content)
        except msgspec.DecodeError as error:
            raise RetryLater("X did not answer in JSON.", LATER) from error

    def write(self, route: str, path: str, body: Mapping[str, Any] | None = None, *, by: As = "user") -> Any:
        """Sends a change; everything that leaves open whether it was done is Unknown."""
        method = route.split(" ", 1)[0]
        try:
            response = self._asked(method, route, path, by, json=body)
        except _Silent as error:
            raise Unknown(str(error)) from error
        if response.status_code >= 500:
            raise Unknown(f"X answers {response.status_code}.")
        self._judge(route, response)
        try:
            return msgspec.json.decode(response.content)
        except msgspec.DecodeError as error:
            raise Unknown("X did not answer in JSON.") from error

    def limited_until(self, route: str) -> datetime | None:
        """Until when X takes nothing more on a route, if that is still to come."""
        with self._lock:
            until = self._until.get(route)
        return until if until and until > datetime.now(UTC) else None

    def refuse(self, route: str, response: httpx2.Response) -> None:
        """Raises what the answer to opening a stream means, if it is no success; its body must have been read."""
        if response.status_code >= 500:
            raise RetryLater(f"X answers {response.status_code}.", LATER)
        self._judge(route, response)

    def close(self) -> None:
        self.client.close()

    def _asked(self, method: str, route: str, path: str, by: As, **options: Any) -> httpx2.Response:
        if until := self.limited_until(route):
            raise _limited(route, until)
        auth = self.app if by == "app" else self.user
        options = {name: value for name, value in options.items() if value is not None}
        try:
            return self.client.request(method, path, auth=auth, **options)
        except UNSENT as error:
            raise RetryLater(f"X cannot be reached: {error}", LATER) from error
        except httpx2.TransportError as error:
            raise _Silent(f"X did not answer: {error}", LATER) from error

    def _judge(self, route: str, response: httpx2.Response) -> None:
        """Remembers how long a route is closed, and raises what a refusal means."""
        until = _until(response.headers)
        if response.status_code == 429:
            with self._lock:
                self._misses[route] = self._misses.get(route, 0) + 1
                pause = min(self._pause * 2 ** (self._misses[route] - 1), LONGEST)
                self._until[route] = until = until or datetime.now(UTC) + pause
            raise _limited(route, until)
        with self._lock:
            self._misses.pop(route, None)
            if until:
                self._until[route] = until
        if not response.is_success:
            raise _meaning(response)


class _Silent(RetryLater):
    """The request left us and no answer came; harmless for a read."""


@functools.cache
def _trust() -> ssl.SSLContext:
    """Whom we trust, read once per process."""
    return httpx2.create_ssl_context()


def _limited(route: str, until: datetime) -> Limited:
    """A limit on direct messages concerns those only, any other the account."""
    after = max(until - datetime.now(UTC), timedelta(seconds=1))
    private = route.startswith("POST /2/dm")
    return Limited(f"X asks for a pause until {until:%H:%M} UTC.", after, "target" if private else "account")


def _until(headers: Mapping[str, str]) -> datetime | None:
    """When the window ends that is used up: X counts 15 minutes and, for some routes, a day."""
    ends: list[datetime] = []
    for name in ("x-rate-limit", "x-app-limit-24hour", "x-user-limit-24hour"):
        reset = headers.get(f"{name}-reset", "")
        if headers.get(f"{name}-remaining", "").strip() == "0" and reset.strip().isdigit():
            ends.append(datetime.fromtimestamp(int(reset), UTC))
    return max(ends, default=None)


def _meaning(response: httpx2.Response) -> ChannelError:
    status, (title, detail) = response.status_code, _said(response)
    lowered = detail.lower()
    if status == 401 or (status == 403 and any(words in lowered for words in ABOUT_US)):
        return AuthLost(f"X no longer accepts our keys: {detail}")
    if status == 402:
        return RetryLater(f"The credits at X are used up; buy some in X's developer console. ({detail})", UNPAID)
    if status == 404:
        return Gone(f"X does not know this: {detail}")
    if status == 408:
        return Unknown(f"X gave up waiting: {detail}")
    if status == 403 and "duplicate content" in lowered:
        return Duplicate("X refuses the same words twice; change the text.")
    return Refused(f"X refuses ({status} {title}): {detail}")


def _said(response: httpx2.Response) -> tuple[str, str]:
    """The title and the most exact words of a problem (RFC 9457)."""
    try:
        body = msgspec.json.decode(response.content)
    except msgspec.DecodeError:
        return response.reason_phrase, response.reason_phrase
    if not isinstance(body, dict):
        return response.reason_phrase, response.reason_phrase
    errors = body.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    detail = first.get("message") or body.get("detail") or body.get("error_description") or ""
    return str(body.get("title", "")), str(detail)
