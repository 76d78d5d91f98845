"""Graph API errors in Meta's envelope.

Codes, subcodes and texts after docs/graph-api/guides/error-handling and
documentation/business-messaging/messenger-platform/error-codes (read 2026-11-24); HTTP statuses as seen in the field.
"""

import secrets
import string
from typing import Any

GRAPH_DOCS = "https://developers.facebook.com/docs/graph-api"
_LETTERS = string.ascii_letters + string.digits


class GraphError(Exception):
    """A refusal as the Graph API words it."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        subcode: int | None = None,
        kind: str = "OAuthException",
        status: int = 400,
        transient: bool | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.subcode = subcode
        self.kind = kind
        self.status = status
        self.transient = transient

    def body(self) -> dict[str, Any]:
        """The envelope; every answer carries a new trace id."""
        error: dict[str, Any] = {"message": self.message, "type": self.kind, "code": self.code}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.transient is not None:
            error["is_transient"] = self.transient
        error["fbtrace_id"] = "A" + "".join(secrets.choice(_LETTERS) for _ in range(22))
        return {"error": error}

    def headers(self) -> dict[str, str]:
        """The challenge that comes with every error about tokens."""
        if self.code != 190:
            return {}
        return {"WWW-Authenticate": f'OAuth "Facebook Platform" "invalid_token" "{self.message}"'}


def numbered(code: int, message: str, *, subcode: int | None = None, status: int = 400) -> GraphError:
    """An error whose message starts with its code, as most do."""
    return GraphError(code, f"(#{code}) {message}", subcode=subcode, status=status)


def no_such_object(method: str, object_id: str) -> GraphError:
    """The object does not exist, is not for us, or knows no such call; Meta does not say which."""
    message = (
        f"Unsupported {method.lower()} request. Object with ID '{object_id}' does not exist, cannot be loaded due to "
        f"missing permissions, or does not support this operation. Please read the Graph API documentation at "
        f"{GRAPH_DOCS}"
    )
    return GraphError(100, message, subcode=33, kind="GraphMethodException")


def no_such_field(name: str, node: str) -> GraphError:
    """A field or an edge that this type of node does not have."""
    return numbered(100, f"Tried accessing nonexisting field ({name}) on node type ({node})")


def required(parameter: str) -> GraphError:
    """A parameter is missing."""
    return numbered(100, f"The parameter {parameter} is required")


def unknown_parameter(name: str) -> GraphError:
    """A parameter that the call does not have."""
    return numbered(100, f"Unexpected parameter '{name}'")


def not_readable(scope: str) -> GraphError:
    """Reading needs a permission that the token lacks."""
    return numbered(
        10,
        f"This endpoint requires the '{scope}' permission or the 'Page Public Content Access' feature. Refer to "
        "https://developers.facebook.com/docs/apps/review/login-permissions#manage-pages for details.",
        status=403,
    )


def not_permitted(scope: str) -> GraphError:
    """Writing needs a permission that the token lacks; for messages the code is 230."""
    code = 230 if scope.endswith(("messaging", "messages")) else 200
    return numbered(code, f"Requires {scope} permission to manage the object", status=403)


def too_many_calls(code: int) -> GraphError:
    """A rate limit; BUC codes begin with 800."""
    names = {80_001: "Page account", 80_002: "Instagram account", 80_006: "messenger api calls to this Page account"}
    if code in names:
        message = (
            f"There have been too many calls to this {names[code]}. Wait a bit and try again. For more info, please "
            "refer to https://developers.facebook.com/docs/graph-api/overview/rate-limiting."
        )
        return numbered(code, message)
    texts = {
        4: "Application request limit reached",
        17: "User request limit reached",
        32: "Page request limit reached",
        613: "Calls to this api have exceeded the rate limit.",
    }
    return numbered(code, texts[code], status=403 if code in {4, 17, 32} else 400)
