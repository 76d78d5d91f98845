"""XRPC with the account's own server: the session, and what each failure means for us."""

from __future__ import annotations

import functools
import ssl
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx2
import msgspec

from hilft.channels.contract import AuthLost, ChannelError, Config, Refused, RetryLater, Unknown

TIMEOUT: Final = httpx2.Timeout(20.0, connect=5.0)
LATER: Final = timedelta(seconds=5)
LOCKED: Final = 60.0
"""Seconds for which a refused login is not tried again; a server allows 30 in five minutes."""

UNSENT: Final = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.UnsupportedProtocol)
STALE: Final = {"ExpiredToken", "InvalidToken", "AuthMissing", "AuthenticationRequired"}
CLOSED: Final = {"AccountTakedown", "AccountSuspended", "AccountDeactivated", "AuthFactorTokenRequired"}


class Answer(Refused):
    """A refusal by name, as XRPC gives it."""

    def __init__(self, error: str, message: str) -> None:
        super().__init__(f"Bluesky refuses: {message or error}")
        self.error = error


class _Stale(Exception):
    """The access token is no longer taken; a bad token is a 400 here."""


class Wire:
    """Calls that log in when needed and either answer with JSON or raise what the contract names."""

    def __init__(self, config: Config) -> None:
        self.base = str(config.settings["service"]).rstrip("/")
        self.name = str(config.settings.get("handle") or config.handle).lstrip("@")
        self._password = config.secrets.get("app_password", "")
        timeout = config.settings.get("timeout_seconds")
        self._client = httpx2.Client(
            base_url=f"{self.base}/xrpc/",
            headers={"User-Agent": "hilft"},
            timeout=TIMEOUT if timeout is None else httpx2.Timeout(float(timeout)),
            trust_env=False,
            verify=_trust(),
        )
        self._pause = timedelta(seconds=float(config.facts["window.rate"]))
        self.limited_until: datetime | None = None
        self._lock = threading.Lock()
        self._access = self._refresh = self._did = ""
        self._refused: tuple[float, AuthLost] | None = None

    @property
    def did(self) -> str:
        """Our account's identity, known since the login."""
        if not self._did:
            self._token("")
        return self._did

    def read(self, method: str, **params: str | int | list[str]) -> Any:
        """A query; a server that does not answer is asked again later."""
        try:
            return self._called("GET", method, params=params)
        except Unknown as error:
            raise RetryLater(str(error), LATER) from error

    def write(self, method: str, body: Mapping[str, Any]) -> Any:
        """A procedure; everything that leaves open whether it was done is Unknown."""
        return self._called("POST", method, json=body)

    def close(self) -> None:
        self._client.close()

    def _called(self, verb: str, method: str, **content: Any) -> Any:
        token = self._token("")
        try:
            return self._sent(verb, method, token, **content)
        except _Stale:
            token = self._token(token)
        try:
            return self._sent(verb, method, token, **content)
        except _Stale as error:
            raise AuthLost("Bluesky does not take its own token.") from error

    def _token(self, stale: str) -> str:
        """The access token, another one than `stale`; one thread logs in for all."""
        with self._lock:
            if self._access and self._access != stale:
                return self._access
            if self._refused and time.monotonic() - self._refused[0] < LOCKED:
                raise self._refused[1]
            self._keep(self._renewed() or self._logged_in())
            return self._access

    def _renewed(self) -> Any:
        if not self._refresh:
            return None
        token, self._refresh = self._refresh, ""
        try:
            return self._sent("POST", "com.atproto.server.refreshSession", token)
        except (_Stale, Refused):
            return None
        except Unknown as error:
            raise RetryLater(str(error), LATER) from error

    def _logged_in(self) -> Any:
        body = {"identifier": self.name, "password": self._password}
        try:
            return self._sent("POST", "com.atproto.server.createSession", "", json=body)
        except (_Stale, AuthLost) as error:
            lost = AuthLost(f"Bluesky does not take the app password: {error}")
            self._refused = (time.monotonic(), lost)
            raise lost from error
        except Unknown as error:
            raise RetryLater(str(error), LATER) from error

    def _keep(self, session: Any) -> None:
        try:
            self._access, self._refresh = str(session["accessJwt"]), str(session["refreshJwt"])
            self._did = str(session["did"])
        except (KeyError, TypeError) as error:
            raise RetryLater("Bluesky opened no session.", LATER) from error

    def _sent(self, verb: str, method: str, token: str, **content: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            response = self._client.request(verb, method, headers=headers, **content)
        except UNSENT as error:
            raise RetryLater(f"{self.base} cannot be reached: {error}", LATER) from error
        except httpx2.TransportError as error:
            raise Unknown(f"{self.base} did not answer: {error}") from error
        if response.status_code == 429:
            raise self._limited(response.headers)
        if not response.is_success:
            raise _meaning(response)
        try:
            return msgspec.json.decode(response.content) if response.content else {}
        except msgspec.DecodeError as error:
            raise Unknown(f"{self.base} did not answer in JSON.") from error

    def _limited(self, headers: Mapping[str, str]) -> RetryLater:
        reset, after = headers.get("ratelimit-reset", ""), headers.get("retry-after", "")
        wait = self._pause
        if reset.isdigit():
            wait = max(datetime.fromtimestamp(int(reset), UTC) - datetime.now(UTC), timedelta(seconds=1))
        elif after.isdigit():
            wait = timedelta(seconds=int(after))
        self.limited_until = datetime.now(UTC) + wait
        return RetryLater("Bluesky asks for a pause.", wait)


@functools.cache
def _trust() -> ssl.SSLContext:
    """Whom we trust, read once per process."""
    return httpx2.create_ssl_context()


def _meaning(response: httpx2.Response) -> ChannelError | _Stale:
    if response.status_code >= 500:
        return Unknown(f"Bluesky answers {response.status_code}.")
    try:
        body = msgspec.json.decode(response.content)
    except msgspec.DecodeError:
        body = {}
    error = str(body.get("error", "")) if isinstance(body, dict) else ""
    message = str(body.get("message", "")) if isinstance(body, dict) else ""
    if error in CLOSED:
        return AuthLost(f"Bluesky has closed the account: {message or error}")
    if error in STALE or response.status_code == 401:
        return _Stale(message or error)
    return Answer(error or str(response.status_code), message)
