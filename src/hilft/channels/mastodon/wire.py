"""HTTP with one Mastodon server: what each failure means for us."""

from __future__ import annotations

import email.utils
import functools
import ssl
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import msgspec

from hilft.channels.contract import AuthLost, ChannelError, Config, Refused, RetryLater, Unknown

TIMEOUT = httpx2.Timeout(20.0, connect=5.0)
LATER = timedelta(seconds=5)
"""The period of Mastodon's rate limits; assumed when a 429 does not say when it ends."""

UNSENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.UnsupportedProtocol)


class Wire:
    """Requests that either answer with JSON or raise what the contract names."""

    def __init__(self, config: Config) -> None:
        self.base = str(config.settings["base_url"]).rstrip("/")
        timeout = config.settings.get("timeout_seconds")
        self.client = httpx2.Client(
            base_url=self.base,
            headers={"Authorization": f"Bearer {config.secrets.get('access_token', '')}", "User-Agent": "hilft"},
            timeout=TIMEOUT if timeout is None else httpx2.Timeout(float(timeout)),
            trust_env=False,
            verify=_trust(),
        )
        self._pause = timedelta(seconds=float(config.facts["window.rate"]))
        self.limited_until: datetime | None = None
        self._lock = threading.Lock()

    def read(self, path: str, **params: str | int | list[str]) -> Any:
        """GETs JSON; a server that does not answer is asked again later."""
        try:
            response = self.client.get(path, params=params)
        except httpx2.TransportError as error:
            raise RetryLater(f"{self.base} does not answer: {error}", LATER) from error
        if response.status_code >= 500:
            raise RetryLater(f"{self.base} answers {response.status_code}.", _after(response.headers) or LATER)
        self.refuse(response)
        try:
            return msgspec.json.decode(response.content)
        except msgspec.DecodeError as error:
            raise RetryLater(f"{self.base} did not answer in JSON.", LATER) from error

    def write(self, method: str, path: str, *, body: Mapping[str, Any] | None = None, key: str = "") -> Any:
        """Sends a change; everything that leaves open whether it was done is Unknown."""
        headers = {"Idempotency-Key": key} if key else {}
        try:
            response = self.client.request(method, path, json=body, headers=headers)
        except UNSENT as error:
            raise RetryLater(f"{self.base} cannot be reached: {error}", LATER) from error
        except httpx2.TransportError as error:
            raise Unknown(f"{self.base} did not answer: {error}") from error
        if response.status_code >= 500:
            raise Unknown(f"{self.base} answers {response.status_code}.")
        self.refuse(response)
        try:
            return msgspec.json.decode(response.content)
        except msgspec.DecodeError as error:
            raise Unknown(f"{self.base} did not answer in JSON.") from error

    def refuse(self, response: httpx2.Response) -> None:
        """Raises what an answer below 500 means, if it is not a success."""
        if response.is_success:
            return
        message = _message(response)
        if response.status_code == 429:
            raise self._limited(response)
        raise _meaning(response.status_code, message)

    def _limited(self, response: httpx2.Response) -> RetryLater:
        after = _after(response.headers) or self._pause
        with self._lock:
            self.limited_until = datetime.now(UTC) + after
        return RetryLater("Mastodon asks for a pause.", after)

    def close(self) -> None:
        self.client.close()


@functools.cache
def _trust() -> ssl.SSLContext:
    """Whom we trust, read once per process."""
    return httpx2.create_ssl_context()


class Gone(Refused):
    """The thing asked for does not exist, or not for us."""


def _meaning(status: int, message: str) -> ChannelError:
    if status == 401 or (status == 403 and _is_about_us(message)):
        return AuthLost(f"Mastodon no longer accepts the access token: {message}")
    if status in {404, 410}:
        return Gone(f"Mastodon does not know this post: {message}")
    if status == 408:
        return Unknown(f"Mastodon gave up waiting: {message}")
    return Refused(f"Mastodon refuses ({status}): {message}")


def _is_about_us(message: str) -> bool:
    """Whether a 403 speaks of our login or its scopes and not of one forbidden action."""
    lowered = message.lower()
    return any(word in lowered for word in ("your login", "authorized scope", "access token", "revoked"))


def _message(response: httpx2.Response) -> str:
    try:
        body = msgspec.json.decode(response.content)
    except msgspec.DecodeError:
        return response.reason_phrase
    return str(body.get("error", "")) if isinstance(body, dict) else ""


def _after(headers: Mapping[str, str]) -> timedelta | None:
    """How long to wait: Mastodon's reset is an ISO time, some servers' an epoch, a proxy's is Retry-After."""
    for name in ("x-ratelimit-reset", "retry-after"):
        value = headers.get(name, "").strip()
        until = _moment(value, relative=name == "retry-after") if value else None
        if until is not None:
            return max(until - datetime.now(UTC), timedelta(seconds=1))
    return None


def _moment(value: str, *, relative: bool) -> datetime | None:
    if value.isdigit():
        return (
            datetime.now(UTC) + timedelta(seconds=int(value)) if relative else datetime.fromtimestamp(int(value), UTC)
        )
    try:
        parsed = email.utils.parsedate_to_datetime(value) if relative else datetime.fromisoformat(value)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
