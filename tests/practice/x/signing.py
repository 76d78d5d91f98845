"""An OAuth 1.0a signer of its own, written from X's guide "Creating a signature", to try the practice X with."""

import base64
import hashlib
import hmac
import secrets
import time
from urllib.parse import parse_qsl, quote, urlsplit


class Signer:
    """Signs requests; every part of a signature can be set to something wrong."""

    def __init__(self, consumer_key: str, consumer_secret: str, token: str, token_secret: str) -> None:
        self.consumer_key = consumer_key
        self.consumer_secret = consumer_secret
        self.token = token
        self.token_secret = token_secret

    def header(self, method: str, url: str, form: dict[str, str] | None = None, **changed: str) -> str:
        """The Authorization header; `changed` replaces OAuth parameters before they are signed."""
        oauth = {
            "oauth_consumer_key": self.consumer_key,
            "oauth_nonce": secrets.token_hex(16),
            "oauth_signature_method": "HMAC-SHA1",
            "oauth_timestamp": str(int(time.time())),
            "oauth_token": self.token,
            "oauth_version": "1.0",
        } | changed
        oauth["oauth_signature"] = self.signature(method, url, form or {}, oauth)
        return "OAuth " + ", ".join(f'{enc(name)}="{enc(value)}"' for name, value in sorted(oauth.items()))

    def signature(self, method: str, url: str, form: dict[str, str], oauth: dict[str, str]) -> str:
        parts = urlsplit(url)
        pairs = [*parse_qsl(parts.query, keep_blank_values=True), *form.items(), *oauth.items()]
        collected = "&".join("=".join(pair) for pair in sorted((enc(name), enc(value)) for name, value in pairs))
        base = f"{method.upper()}&{enc(f'{parts.scheme}://{parts.netloc}{parts.path}')}&{enc(collected)}"
        key = f"{enc(self.consumer_secret)}&{enc(self.token_secret)}".encode("ascii")
        return base64.b64encode(hmac.digest(key, base.encode("ascii"), hashlib.sha1)).decode("ascii")


def enc(text: str) -> str:
    """Percent encoding of RFC 3986: only letters, digits, `-`, `.`, `_` and `~` stay."""
    return quote(text, safe="~")
