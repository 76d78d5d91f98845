"""OAuth 1.0a signatures, checked as strictly as RFC 5849 allows: HMAC-SHA1, fresh timestamp, nonce used once."""

import base64
import hashlib
import hmac
import time
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, unquote

_REQUIRED = {
    "oauth_consumer_key",
    "oauth_nonce",
    "oauth_signature",
    "oauth_signature_method",
    "oauth_timestamp",
    "oauth_token",
}
_ALLOWED = _REQUIRED | {"oauth_version"}


class Signed(NamedTuple):
    """What is signed of a request: method, address without query, query string, and the body if it is a form."""

    method: str
    url: str
    query: str
    form: str


class Keys(NamedTuple):
    """The keys of an app and of a user who authorised it."""

    consumer_key: str
    consumer_secret: str
    token: str
    token_secret: str


class Verifier:
    """Accepts each signature once; time is the real one, not the network's."""

    def __init__(self, keys: Keys, skew: int) -> None:
        self._keys = keys
        self._skew = skew
        self._nonces: dict[tuple[str, str], float] = {}

    def accepts(self, header: str, request: Signed) -> bool:
        """Whether the value of an Authorization header that begins with `OAuth ` signs this request."""
        fields = parameters(header)
        if fields is None or not self._plausible(fields):
            return False
        expected = signature(fields, request, self._keys)
        if not hmac.compare_digest(expected.encode(), fields["oauth_signature"].encode()):
            return False
        return self._first_use(fields["oauth_timestamp"], fields["oauth_nonce"])

    def _plausible(self, fields: dict[str, str]) -> bool:
        return (
            fields["oauth_consumer_key"] == self._keys.consumer_key
            and fields["oauth_token"] == self._keys.token
            and fields["oauth_signature_method"] == "HMAC-SHA1"
            and fields.get("oauth_version", "1.0") == "1.0"
            and bool(fields["oauth_nonce"])
            and fields["oauth_timestamp"].isdecimal()
            and abs(int(fields["oauth_timestamp"]) - time.time()) <= self._skew
        )

    def _first_use(self, timestamp: str, nonce: str) -> bool:
        now = time.time()
        self._nonces = {key: until for key, until in self._nonces.items() if until > now}
        if (timestamp, nonce) in self._nonces:
            return False
        self._nonces[timestamp, nonce] = now + 2 * self._skew
        return True


def parameters(header: str) -> dict[str, str] | None:
    """The fields of an `OAuth …` header; None when one is missing, unknown, repeated or unquoted."""
    fields: dict[str, str] = {}
    for part in header.removeprefix("OAuth ").split(","):
        name, _, value = part.strip().partition("=")
        if name in fields or len(value) < 2 or value[0] != '"' or value[-1] != '"':
            return None
        fields[unquote(name)] = unquote(value[1:-1])
    return fields if fields.keys() <= _ALLOWED and fields.keys() >= _REQUIRED else None


def signature(fields: dict[str, str], request: Signed, keys: Keys) -> str:
    """The signature a request with these OAuth fields must carry, in base64 (RFC 5849, section 3.4)."""
    pairs = [(name, value) for name, value in fields.items() if name != "oauth_signature"]
    pairs += parse_qsl(request.query, keep_blank_values=True) + parse_qsl(request.form, keep_blank_values=True)
    base = "&".join(_encoded(part) for part in (request.method.upper(), request.url, _normal(pairs)))
    key = f"{_encoded(keys.consumer_secret)}&{_encoded(keys.token_secret)}"
    return base64.b64encode(hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()).decode()


def _normal(pairs: Sequence[tuple[str, str]]) -> str:
    return "&".join(f"{name}={value}" for name, value in sorted((_encoded(n), _encoded(v)) for n, v in pairs))


def _encoded(text: str) -> str:
    return quote(text, safe="-._~")
