"""Who asks: access tokens with scopes and an end, the proof of the app's secret, and what each call needs."""

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from hilft.practice.meta.errors import GraphError, not_permitted, not_readable, numbered
from hilft.practice.meta.people import APP_ID, APP_NAME, PAGE_ID, app_token, page_token, secret_proof
from hilft.practice.meta.rules import rules
from hilft.practice.meta.store import Store


class Token(msgspec.Struct, frozen=True):
    """An access token. `expires_at` 0 is never; `revoked` is a subcode (458 app removed, 460 password) or 0."""

    token: str
    scopes: frozenset[str]
    issued_at: float
    expires_at: float
    revoked: int

    @property
    def is_app(self) -> bool:
        """Whether it is the app's own."""
        return self.token == app_token()


REVOKED = {
    458: "Error validating access token: The user has not authorized application {app}.",
    460: (
        "Error validating access token: The session has been invalidated because the user changed their password or "
        "Facebook has changed the session for security reasons."
    ),
}


class Access:
    """The tokens of this network."""

    def __init__(self, store: Store) -> None:
        self._store = store
        if self.find(page_token()) is None:
            self.issue(page_token(), rules().scopes["page"], expires_at=0.0)

    def issue(self, token: str, scopes: frozenset[str], *, expires_at: float) -> None:
        """Make a page access token, or change the one of that name."""
        unknown = scopes - rules().scopes["page"]
        if unknown:
            raise ValueError(f"unknown scopes: {', '.join(sorted(unknown))}")
        self._store.database.execute(
            "INSERT OR REPLACE INTO token (token, scopes, issued_at, expires_at) VALUES (?, ?, ?, ?)",
            (token, " ".join(sorted(scopes)), self._store.clock.now(), expires_at),
        )

    def revoke(self, token: str, subcode: int) -> None:
        """Withdraw a token; 0 gives it back."""
        self._store.database.execute("UPDATE token SET revoked = ? WHERE token = ?", (subcode, token))

    def find(self, token: str) -> Token | None:
        """A token that was once issued."""
        if token == app_token():
            return Token(token, frozenset(), 0.0, 0.0, 0)
        rows = self._store.rows("SELECT * FROM token WHERE token = ?", token)
        if not rows:
            return None
        return msgspec.convert(rows[0] | {"scopes": rows[0]["scopes"].split()}, Token)

    def fault(self, token: Token) -> GraphError | None:
        """Why a token does not work (any more)."""
        now = self._store.clock.now()
        if token.revoked:
            return GraphError(190, REVOKED[token.revoked].format(app=APP_ID), subcode=token.revoked)
        if token.expires_at and now >= token.expires_at:
            message = f"Error validating access token: Session has expired on {_spoken(token.expires_at)}. The current "
            return GraphError(190, f"{message}time is {_spoken(now)}.", subcode=463)
        return None

    def check(self, headers: Mapping[str, str], parameters: Mapping[str, str]) -> Token:
        """The token of a request, in the header or the parameter `access_token`; raises what Meta answers."""
        kind, _, given = headers.get("authorization", "").partition(" ")
        text = parameters.get("access_token") or (given if kind.lower() in ("bearer", "oauth") else "")
        if not text:
            raise GraphError(104, "An access token is required to request this resource.")
        token = self.find(text)
        if token is None:
            raise GraphError(190, "Invalid OAuth access token - Cannot parse access token")
        if error := self.fault(token):
            raise error
        self._check_proof(token, parameters.get("appsecret_proof"))
        return token

    def _check_proof(self, token: Token, proof: str | None) -> None:
        if proof is None:
            if self._store.setting("require_proof", False) and not token.is_app:
                raise GraphError(
                    100, "API calls from the server require an appsecret_proof argument", kind="GraphMethodException"
                )
        elif not hmac.compare_digest(proof.encode(), secret_proof(token.token).encode()):
            raise GraphError(100, "Invalid appsecret_proof provided in the API argument", kind="GraphMethodException")

    def debug(self, asker: Token, input_token: str) -> dict[str, Any]:
        """What `GET /debug_token` says; a page token may ask about itself, the app about all."""
        found = self.find(input_token)
        if not asker.is_app and input_token != asker.token:
            raise numbered(100, "You must provide an app access token, or one of an owner or developer of the app")
        if found is None:
            error = {"code": 190, "message": "Invalid OAuth access token."}
            return {"data": {"error": error, "is_valid": False, "scopes": []}}
        if found.is_app:
            return {"data": {"app_id": APP_ID, "type": "APP", "application": APP_NAME, "is_valid": True, "scopes": []}}
        fault = self.fault(found)
        data: dict[str, Any] = {
            "app_id": APP_ID,
            "type": "PAGE",
            "application": APP_NAME,
            "data_access_expires_at": 0,
            "expires_at": int(found.expires_at),
            "is_valid": fault is None,
            "issued_at": int(found.issued_at),
            "profile_id": PAGE_ID,
            "scopes": sorted(found.scopes),
            "user_id": "10215241773831025",
        }
        if fault:
            data["error"] = {"code": 190, "message": fault.message, "subcode": fault.subcode}
        return {"data": data}


def may_read(token: Token, *scopes: str) -> None:
    """Refuse a token that lacks one of the scopes for reading."""
    for scope in scopes:
        if scope not in token.scopes:
            raise not_readable(scope)


def may_write(token: Token, *scopes: str) -> None:
    """Refuse a token that lacks one of the scopes for writing."""
    for scope in scopes:
        if scope not in token.scopes:
            raise not_permitted(scope)


def _spoken(moment: float) -> str:
    """A time as Meta's error texts say it, in UTC."""
    return datetime.fromtimestamp(moment, UTC).strftime("%A, %d-%b-%y %H:%M:%S UTC")
