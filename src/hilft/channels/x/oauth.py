"""Who signs our requests to X: the account by OAuth 1.0a or OAuth 2.0, the app by its bearer token."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Generator, Mapping
from datetime import timedelta
from typing import Final
from urllib.parse import parse_qsl, quote

import httpx2
import msgspec

from hilft.channels.contract import AuthLost, RetryLater

LATER: Final = timedelta(minutes=1)
ONE: Final = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
TWO: Final = ("client_id", "client_secret", "refresh_token")


class Pair(msgspec.Struct):
    """What X answers when tokens are asked for."""

    access_token: str
    refresh_token: str = ""


class Signature(httpx2.Auth):
    """OAuth 1.0a (RFC 5849) with HMAC-SHA1; a body in JSON is not signed, the query is."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        self._keys = keys

    def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response]:
        request.headers["Authorization"] = self.header(request.method, str(request.url))
        yield request

    def header(self, method: str, url: str, nonce: str = "", timestamp: str = "") -> str:
        """The value of the Authorization header for one request."""
        oauth = {
            "oauth_consumer_key": self._keys["consumer_key"],
            "oauth_nonce": nonce or secrets.token_hex(16),
            "oauth_signature_method": "HMAC-SHA1",
            "oauth_timestamp": timestamp or str(int(time.time())),
            "oauth_token": self._keys["access_token"],
            "oauth_version": "1.0",
        }
        oauth["oauth_signature"] = self._signature(method, url, oauth)
        return "OAuth " + ", ".join(f'{_encoded(name)}="{_encoded(value)}"' for name, value in sorted(oauth.items()))

    def _signature(self, method: str, url: str, oauth: Mapping[str, str]) -> str:
        address, _, query = url.partition("?")
        pairs = [*parse_qsl(query, keep_blank_values=True), *oauth.items()]
        normal = "&".join(f"{name}={value}" for name, value in sorted((_encoded(n), _encoded(v)) for n, v in pairs))
        base = "&".join(_encoded(part) for part in (method.upper(), address, normal))
        key = f"{_encoded(self._keys['consumer_secret'])}&{_encoded(self._keys['access_token_secret'])}"
        return base64.b64encode(hmac.digest(key.encode(), base.encode(), hashlib.sha1)).decode()


class _Bearer(httpx2.Auth):
    """A bearer token that is asked for when there is none, and once more when X no longer takes it."""

    def __init__(self, base: str, token: str) -> None:
        self._base = base
        self._token = token
        self._lock = threading.Lock()

    def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response]:
        used = self._token
        if not used:
            used = yield from self._renewed(used)
        if not used:
            raise AuthLost("X gives no token for our keys.")
        request.headers["Authorization"] = f"Bearer {used}"
        response = yield request
        if response.status_code == 401 and (fresh := (yield from self._renewed(used))):
            request.headers["Authorization"] = f"Bearer {fresh}"
            yield request

    def _renewed(self, used: str) -> Generator[httpx2.Request, httpx2.Response, str]:
        """A token other than the one that was used; empty when X gives none. Only one thread asks."""
        with self._lock:
            if self._token == used:
                response = yield self._request()
                response.read()
                self._token = self._taken(response)
            return self._token

    def _request(self) -> httpx2.Request:
        raise NotImplementedError

    def _taken(self, response: httpx2.Response) -> str:
        raise NotImplementedError


class App(_Bearer):
    """The app without a user, by its consumer keys (RFC 6749, section 4.4)."""

    def __init__(self, base: str, keys: Mapping[str, str]) -> None:
        super().__init__(base, keys.get("bearer_token", ""))
        self._keys = keys

    def _request(self) -> httpx2.Request:
        basic = _basic(self._keys.get("consumer_key", ""), self._keys.get("consumer_secret", ""))
        form = {"grant_type": "client_credentials"}
        return httpx2.Request("POST", f"{self._base}/oauth2/token", data=form, headers={"Authorization": basic})

    def _taken(self, response: httpx2.Response) -> str:
        return _pair(response).access_token


class User(_Bearer):
    """The account by OAuth 2.0; a refresh token works once, and `renewed` hands on the next one."""

    def __init__(self, base: str, keys: Mapping[str, str]) -> None:
        super().__init__(base, keys.get("user_token", ""))
        self._keys = keys
        self._refresh = keys["refresh_token"]
        self._changed: dict[str, str] = {}

    def renewed(self) -> dict[str, str]:
        """The secrets that changed since this was last asked, to be stored in place of the old ones."""
        with self._lock:
            changed, self._changed = self._changed, {}
        return changed

    def _request(self) -> httpx2.Request:
        basic = _basic(self._keys["client_id"], self._keys["client_secret"])
        form = {"grant_type": "refresh_token", "refresh_token": self._refresh, "client_id": self._keys["client_id"]}
        return httpx2.Request("POST", f"{self._base}/2/oauth2/token", data=form, headers={"Authorization": basic})

    def _taken(self, response: httpx2.Response) -> str:
        pair = _pair(response)
        if pair.access_token:
            self._refresh = pair.refresh_token or self._refresh
            self._changed = {"user_token": pair.access_token, "refresh_token": self._refresh}
        return pair.access_token


def user_of(base: str, keys: Mapping[str, str]) -> Signature | User:
    """How the account proves itself: OAuth 1.0a where its four keys are given, for they never expire."""
    if all(keys.get(name) for name in ONE):
        return Signature(keys)
    if all(keys.get(name) for name in TWO):
        return User(base, keys)
    return Signature(dict.fromkeys(ONE, "") | dict(keys))


def _pair(response: httpx2.Response) -> Pair:
    """The tokens X gave; none when it refuses. Raises RetryLater when it can give none now."""
    if response.status_code == 429 or response.status_code >= 500:
        raise RetryLater(f"X gives no tokens now ({response.status_code}).", LATER)
    if not response.is_success:
        return Pair("")
    try:
        return msgspec.json.decode(response.content, type=Pair)
    except msgspec.DecodeError:
        return Pair("")


def _basic(name: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{quote(name, safe='')}:{quote(secret, safe='')}".encode()).decode()


def _encoded(text: str) -> str:
    return quote(text, safe="-._~")
