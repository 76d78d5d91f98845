"""The token endpoints: an app-only bearer token for the consumer keys, new user tokens for a refresh token."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hilft.practice.x.access import SCOPES, Access, basic, form, token_problem
from hilft.practice.x.problems import Problem, as_response


def routes(access: Access) -> list[Route]:
    """POST /oauth2/token and POST /2/oauth2/token."""

    async def app_token(request: Request) -> Response:
        keys = access.keys
        fields = form(request, await request.body())
        if basic(request) != (keys.consumer_key, keys.consumer_secret):
            return _unverified()
        if fields.get("grant_type") != "client_credentials":
            return _unverified()
        return as_response(200, {"token_type": "bearer", "access_token": keys.bearer})

    async def user_token(request: Request) -> Response:
        try:
            return as_response(200, _refreshed(access, request, form(request, await request.body())))
        except Problem as problem:
            return as_response(problem.status, problem.body)

    return [
        Route("/oauth2/token", app_token, methods=["POST"]),
        Route("/2/oauth2/token", user_token, methods=["POST"]),
    ]


def _refreshed(access: Access, request: Request, fields: dict[str, str]) -> dict[str, object]:
    keys = access.keys
    if basic(request) != (keys.client_id, keys.client_secret):
        raise token_problem(401, "unauthorized_client", "Missing valid authorization header")
    if fields.get("grant_type") != "refresh_token":
        raise token_problem(400, "unsupported_grant_type", "The practice network only refreshes tokens.")
    issued = access.refresh(fields.get("refresh_token", ""))
    return {
        "token_type": "bearer",
        "expires_in": access.lifetime,
        "access_token": issued.access,
        "scope": SCOPES,
        "refresh_token": issued.refresh,
    }


def _unverified() -> Response:
    error = {"code": 99, "message": "Unable to verify your credentials", "label": "authenticity_token_error"}
    return as_response(403, {"errors": [error]})
