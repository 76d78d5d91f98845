"""HTTP with Meta's Graph API: every call proves the app's secret, every answer says how much of the limit is used."""

from __future__ import annotations

import functools
import hashlib
import hmac
import json
import ssl
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx2
import msgspec

from hilft.channels.contract import Config, RetryLater, Unknown
from hilft.channels.graph.errors import LIMITS, PAUSE, Envelope, Error, meaning
from hilft.channels.graph.network import Network
from hilft.channels.graph.usage import Usage

BASE: Final = "https://graph.facebook.com"
TIMEOUT: Final = httpx2.Timeout(20.0, connect=5.0)
LATER: Final = timedelta(seconds=5)
UNSENT: Final = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.UnsupportedProtocol)
MESSENGER: Final = "messenger"


class Wire:
    """Calls with the page's token that either answer with JSON or raise what the contract names."""

    def __init__(self, config: Config, network: Network) -> None:
        self.network = network
        self.usage = Usage()
        self.base = str(config.settings.get("base_url") or BASE).rstrip("/")
        self._version = str(config.facts["graph.version"])
        self.token = config.secrets.get("page_token", "")
        self._secret = config.secrets.get("app_secret", "")
        timeout = config.settings.get("timeout_seconds")
        self.client = httpx2.Client(
            headers={"User-Agent": "hilft"},
            timeout=TIMEOUT if timeout is None else httpx2.Timeout(float(timeout)),
            trust_env=False,
            verify=_trust(),
        )

    def read(self, path: str, **params: str | int) -> Any:
        """GETs JSON; a server that does not answer is asked again later."""
        return self.read_as(self.token, path, **params)

    def read_as(self, asker: str, path: str, **params: str | int) -> Any:
        """The same with another token."""
        try:
            response = self._send("GET", path, asker, params=params)
        except httpx2.TransportError as error:
            raise RetryLater(f"{self.network.name} does not answer: {error}", LATER) from error
        answer = self._answer(response, path)
        if answer is None:
            raise RetryLater(f"{self.network.name} answers {response.status_code} without a reason.", LATER)
        return answer

    def write(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Sends a change; everything that leaves open whether it was done is Unknown."""
        return self.write_as(self.token, method, path, body)

    def write_as(self, asker: str, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The same with another token."""
        try:
            response = self._send(method, path, asker, json=body)
        except UNSENT as error:
            raise RetryLater(f"{self.network.name} cannot be reached: {error}", LATER) from error
        except httpx2.TransportError as error:
            raise Unknown(f"{self.network.name} did not answer: {error}") from error
        answer = self._answer(response, path)
        if answer is None:
            raise Unknown(f"{self.network.name} answers {response.status_code} without a reason.")
        return answer

    def pages(self, path: str, **params: str | int) -> Iterator[list[Any]]:
        """An edge page by page; follows the cursors, because the addresses of further pages carry no proof."""
        answer = self.read(path, **params)
        yield listed(answer)
        while after := following(answer):
            answer = self.read(path, **params, after=after)
            yield listed(answer)

    def use_case(self, path: str) -> str:
        """The limit that a call counts against."""
        _, _, edge = path.partition("/")
        return MESSENGER if edge in {"messages", "conversations"} else self.network.use_case

    def close(self) -> None:
        self.client.close()

    def _send(self, method: str, path: str, token: str, **options: Any) -> httpx2.Response:
        params = {**options.pop("params", {}), "appsecret_proof": proof(self._secret, token)}
        response = self.client.request(
            method,
            f"{self.base}/{self._version}/{path}",
            params=params,
            headers={"Authorization": f"Bearer {token}"},
            **options,
        )
        self.usage.note(response.headers)
        return response

    def _answer(self, response: httpx2.Response, path: str) -> Any:
        """The JSON of a success; None when nobody can tell what happened; raises what an error means."""
        try:
            answer = decoded(response.content)
        except ValueError:
            return None
        if response.is_success:
            return answer
        error = _error(answer)
        if error is None:
            return None
        after = self._wait(path, error.code)
        if (refusal := meaning(error, after, self.network.name)) is not None:
            raise refusal
        return None

    def _wait(self, path: str, code: int) -> timedelta | None:
        """How long a limit holds, if the error is one; a limit that does not say is remembered with the usual pause."""
        if code not in LIMITS:
            return None
        case = LIMITS[code]
        if self.usage.until(case) is None:
            self.usage.close(case, PAUSE)
        until = self.usage.until(self.use_case(path)) or self.usage.until(case)
        return max(until - datetime.now(UTC), timedelta(seconds=1)) if until else PAUSE


def proof(secret: str, token: str) -> str:
    """The `appsecret_proof` of a token: HMAC-SHA256 with the app's secret, in hexadecimal digits.

    <https://developers.facebook.com/docs/graph-api/guides/secure-requests> (read 2026-11-24).
    """
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def listed(answer: Any) -> list[Any]:
    """The items of an edge; Meta leaves an empty nested one out."""
    items = answer.get("data") if isinstance(answer, dict) else None
    return items if isinstance(items, list) else []


def following(answer: Any) -> str:
    """The cursor of the next page; empty when this is the last."""
    paging = answer.get("paging") if isinstance(answer, dict) else None
    if not isinstance(paging, dict) or not paging.get("next"):
        return ""
    return str((paging.get("cursors") or {}).get("after") or "")


def decoded(content: bytes) -> Any:
    """JSON; half a surrogate pair in somebody's text must not stop all the others. Raises ValueError."""
    try:
        return msgspec.json.decode(content)
    except msgspec.DecodeError:
        mended = json.dumps(json.loads(content), ensure_ascii=False).encode("utf-8", "replace")
        return msgspec.json.decode(mended)


def _error(answer: Any) -> Error | None:
    try:
        return msgspec.convert(answer, Envelope).error
    except msgspec.ValidationError:
        return None


@functools.cache
def _trust() -> ssl.SSLContext:
    """Whom we trust, read once per process."""
    return httpx2.create_ssl_context()
