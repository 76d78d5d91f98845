"""Who calls: the app by its bearer token, or the brand by OAuth 1.0a or by an OAuth 2.0 token that expires."""

import base64
import binascii
import hmac
import secrets
from typing import Final, Literal, NamedTuple
from urllib.parse import parse_qs, unquote

from starlette.requests import Request

from hilft.practice.accounts import XKeys
from hilft.practice.x.clock import Clock
from hilft.practice.x.oauth1 import Keys, Signed, Verifier
from hilft.practice.x.problems import Problem, unauthorized
from hilft.practice.x.rules import Rules
from hilft.practice.x.store import Store

type Kind = Literal["app", "oauth1", "oauth2"]

TITLES: Final[dict[Kind, str]] = {
    "oauth1": "OAuth 1.0a User Context",
    "oauth2": "OAuth 2.0 User Context",
    "app": "OAuth 2.0 Application-Only",
}
SCOPES: Final = (
    "tweet.read tweet.write tweet.moderate.write users.read dm.read dm.write offline.access"  # what the brand granted
)


class Caller(NamedTuple):
    """Who made a request, and by which kind of credentials; app-only has no user."""

    kind: Kind
    user_id: str = ""


class Issued(NamedTuple):
    """A pair of OAuth 2.0 user tokens and when the first of them ends, in seconds since 1970."""

    access: str
    refresh: str
    expires_at: float


class Access:
    """Knows the app's keys and the tokens of the one user who authorised it, the brand."""

    def __init__(self, store: Store, clock: Clock, rules: Rules, keys: XKeys, user_id: str) -> None:
        self.keys = keys
        self._store = store
        self._clock = clock
        self._user_id = user_id
        self.lifetime = rules.number("oauth", "access_seconds")
        oauth1 = Keys(keys.consumer_key, keys.consumer_secret, keys.access_token, keys.access_token_secret)
        self._verifier = Verifier(oauth1, rules.number("oauth", "skew_seconds"))
        if store.row("select 1 from token") is None:
            self.grant()

    def caller(self, request: Request, body: bytes) -> Caller:
        """Who signed or authorised a request; raises Problem 401 for everybody else."""
        header = request.headers.get("authorization", "")
        if header.startswith("Bearer "):
            return self._by_token(header.removeprefix("Bearer "))
        if header.startswith("OAuth ") and self._verifier.accepts(header, _signed(request, body)):
            return Caller("oauth1", self._user_id)
        raise unauthorized()

    def grant(self) -> Issued:
        """Authorise the app anew: all user tokens end, and the pair in the keys is valid again."""
        self._store.write("delete from token")
        return self._keep(Issued(self.keys.user_token, self.keys.refresh_token, self._clock.now() + self.lifetime))

    def refresh(self, refresh_token: str) -> Issued:
        """A new pair for a refresh token, which works once; raises Problem."""
        row = self._store.row("select access from token where refresh = ? and not revoked", refresh_token)
        if row is None:
            raise token_problem(400, "invalid_request", "Value passed for the token was invalid.")
        self._store.write("update token set revoked = 1 where access = ?", row["access"])
        expires_at = self._clock.now() + self.lifetime
        return self._keep(Issued(secrets.token_urlsafe(48), secrets.token_urlsafe(48), expires_at))

    def _by_token(self, token: str) -> Caller:
        if hmac.compare_digest(token.encode(), self.keys.bearer.encode()):
            return Caller("app")
        row = self._store.row("select * from token where access = ? and not revoked", token)
        if row is None or row["expires_at"] <= self._clock.now():
            raise unauthorized()
        return Caller("oauth2", str(row["user_id"]))

    def _keep(self, issued: Issued) -> Issued:
        sql = "insert into token(access, refresh, user_id, expires_at) values(?, ?, ?, ?)"
        self._store.write(sql, issued.access, issued.refresh, self._user_id, issued.expires_at)
        return issued


def token_problem(status: int, error: str, description: str) -> Problem:
    """A refusal of a token endpoint, in the words of OAuth 2.0 (RFC 6749, section 5.2)."""
    problem = Problem(status, error, description)
    problem.body = {"error": error, "error_description": description}
    return problem


def basic(request: Request) -> tuple[str, str]:
    """The user and password of a Basic authorization, percent-decoded as OAuth 2.0 wants; empty when there is none."""
    header = request.headers.get("authorization", "")
    try:
        name, _, secret = base64.b64decode(header.removeprefix("Basic "), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return (unquote(name), unquote(secret)) if header.startswith("Basic ") else ("", "")


def form(request: Request, body: bytes) -> dict[str, str]:
    """The fields of a form body; nothing when it is of another type."""
    if request.headers.get("content-type", "").split(";")[0].strip() != "application/x-www-form-urlencoded":
        return {}
    return {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}


def _signed(request: Request, body: bytes) -> Signed:
    host = request.headers.get("host", "").lower()
    url = f"{request.url.scheme}://{host}{request.scope['raw_path'].decode('ascii')}"
    kind = request.headers.get("content-type", "").split(";")[0].strip()
    text = body.decode("utf-8", "replace") if kind == "application/x-www-form-urlencoded" else ""
    return Signed(request.method, url, request.url.query, text)
