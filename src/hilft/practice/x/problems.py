"""How X words its refusals: RFC 9457 problems with its own types."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.responses import Response

from hilft.practice.faults import Says
from hilft.practice.x.clock import Clock

TYPES: Final = "https://api.x.com/2/problems/"
"""As on docs.x.com/x-api/fundamentals/response-codes-and-errors (read 2026-11-24); live answers often still name
api.twitter.com: compare the last part of the address only."""


class Problem(Exception):
    """A request is refused: the status and the body X answers with."""

    def __init__(
        self,
        status: int,
        title: str,
        detail: str,
        *,
        kind: str = "",
        errors: Sequence[Mapping[str, Any]] = (),
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.body: dict[str, Any] = {
            "title": title,
            "detail": detail,
            "type": f"{TYPES}{kind}" if kind else "about:blank",
        }
        self.body |= {"errors": list(errors)} if errors else {}
        self.body |= {} if kind == "invalid-request" else {"status": status}
        self.body |= more or {}


def invalid(message: str, **parameters: object) -> Problem:
    """400: a parameter or a field that X does not take."""
    named = {name.replace("__", "."): [str(value)] for name, value in parameters.items()}
    error = {"parameters": named, "message": message}
    return Problem(
        400,
        "Invalid Request",
        "One or more parameters to your request was invalid.",
        kind="invalid-request",
        errors=[error],
    )


def forbidden(detail: str) -> Problem:
    """403 for an action that X refuses."""
    return Problem(403, "Forbidden", detail)


def unauthorized() -> Problem:
    """401: no credentials, wrong ones, or expired ones."""
    return Problem(401, "Unauthorized", "Unauthorized")


def wrong_credentials(offered: str, supported: Sequence[str]) -> Problem:
    """403: valid credentials of a kind that this endpoint does not take."""
    names = ", ".join(supported)
    detail = (
        f"Authenticating with {offered} is forbidden for this endpoint.  Supported authentication types are [{names}]."
    )
    return Problem(403, "Unsupported Authentication", detail, kind="unsupported-authentication")


def not_found(what: str, parameter: str, value: object) -> dict[str, Any]:
    """One missing resource, as it stands among `errors`."""
    return {
        "value": str(value),
        "detail": f"Could not find {what} with {parameter}: [{value}].",
        "title": "Not Found Error",
        "resource_type": what,
        "parameter": parameter,
        "resource_id": str(value),
        "type": f"{TYPES}resource-not-found",
    }


def too_many_connections() -> Problem:
    """429: all connections to a stream are taken."""
    return Problem(
        429,
        "ConnectionException",
        "This stream is currently at the maximum allowed connection limit.",
        kind="streaming-connection",
        more={"connection_issue": "TooManyConnections"},
    )


def too_many_requests() -> Problem:
    """429: a rate limit is used up; the headers say until when."""
    return Problem(429, "Too Many Requests", "Too Many Requests")


def as_response(status: int, body: Mapping[str, Any] | None, headers: Mapping[str, str] | None = None) -> Response:
    """JSON as X sends it."""
    text = "" if body is None else json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status, dict(headers or {}), "application/json; charset=utf-8")


class XDialect:
    """X's words for what a fault does to a request; limits end by the network's own clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def concerns(self, path: str) -> bool:
        """The API and the token endpoints fail; the practice's own pages do not."""
        return path.startswith(("/2/", "/oauth2/"))

    def limited(self) -> Says:
        """429 with the window's end a minute away."""
        headers = {
            "x-rate-limit-limit": "100",
            "x-rate-limit-remaining": "0",
            "x-rate-limit-reset": str(int(self._clock.now()) + 60),
        }
        return Says(429, too_many_requests().body, headers)

    def broken(self) -> Says:
        """503 as it is written when X is over capacity."""
        return Says(
            503, {"title": "Service Unavailable", "detail": "Service Unavailable", "type": "about:blank", "status": 503}
        )

    def revoked(self) -> Says:
        """401, the same as for any other bad token."""
        return Says(401, unauthorized().body)
