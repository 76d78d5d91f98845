"""The door of the Graph API: reads a request, checks token, proof and limits, and writes the answer."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from hilft.practice.faults import Says
from hilft.practice.meta import graph, subscriptions
from hilft.practice.meta.access import REVOKED, Access, Token
from hilft.practice.meta.call import Call, as_text
from hilft.practice.meta.errors import GraphError, numbered, required, too_many_calls
from hilft.practice.meta.network import Acts
from hilft.practice.meta.people import APP_ID, PAGE_ID
from hilft.practice.meta.rules import rules
from hilft.practice.meta.store import Store
from hilft.practice.meta.usage import Usage
from hilft.practice.meta.view import View
from hilft.practice.meta.webhooks import Courier

BODY_LIMIT = 200_000
METHODS = ("GET", "POST", "DELETE")
OWN = ("", "practice", "wand", "practice.css", "favicon.ico")
"""First parts of the addresses that are not Meta's."""


class Door:
    """Answers every request that is not the practice's own."""

    def __init__(self, store: Store, access: Access, usage: Usage, courier: Courier, acts: Acts) -> None:
        self._store = store
        self._access = access
        self._usage = usage
        self._courier = courier
        self._acts = acts

    async def answer(self, request: Request) -> Response:
        """Answer one call of the Graph API."""
        headers = {"facebook-api-version": rules().versions.newest}
        try:
            parameters = await _parameters(request)
            path = graph.without_version(request.url.path)
            token = self._access.check(request.headers, parameters)
            use_case = "app" if token.is_app else graph.use_case(path, self._store)
            try:
                self._usage.count(use_case)
                body = await self._carry_out(request, path, token, parameters)
            finally:
                headers |= self._usage.headers(use_case)
        except GraphError as error:
            return _written(error.status, error.body(), headers | error.headers())
        return _written(200, body, headers)

    async def _carry_out(self, request: Request, path: str, token: Token, parameters: dict[str, str]) -> dict[str, Any]:
        version = request.url.path.strip("/").partition("/")[0]
        prefix = version if version in rules().versions.available else rules().versions.available[0]
        address = f"{request.url.scheme}://{request.url.netloc}/{prefix}"
        call = Call(request.method, parameters, View(self._store, token, address), self._acts)
        if request.method not in METHODS:
            raise numbered(100, "Unsupported method")
        if path == "debug_token":
            if "input_token" not in parameters:
                raise required("input_token")
            return self._access.debug(token, parameters["input_token"])
        if path in (f"{APP_ID}/subscriptions", "app/subscriptions"):
            return await subscriptions.app(call, self._courier)
        if path in (f"{PAGE_ID}/subscribed_apps", "me/subscribed_apps"):
            return subscriptions.page(call)
        return graph.answer(call, path, self._usage)


async def _parameters(request: Request) -> dict[str, str]:
    """All parameters of a request as text: of the address, and of a body as a form or as JSON."""
    parameters = dict(request.query_params)
    body = await request.body()
    if len(body) > BODY_LIMIT:
        raise numbered(100, "The request is too large")
    if not body:
        return parameters
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind == "application/json":
        return parameters | _json(body)
    if kind == "multipart/form-data":
        form = await request.form()
        return parameters | {key: value for key, value in form.items() if isinstance(value, str)}
    return parameters | dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _json(body: bytes) -> dict[str, str]:
    try:
        given = msgspec.json.decode(body)
    except msgspec.DecodeError as error:
        raise numbered(100, "The request body is not valid JSON") from error
    if not isinstance(given, dict):
        raise numbered(100, "The request body must be an object")
    return {key: as_text(value) for key, value in given.items()}


def _written(status: int, body: Mapping[str, Any], headers: Mapping[str, str]) -> Response:
    """JSON as Meta writes it: characters beyond ASCII and slashes escaped."""
    text = json.dumps(body, separators=(",", ":")).replace("/", "\\/")
    return Response(text, status, dict(headers), media_type="application/json; charset=UTF-8")


class Dialect:
    """How the Graph API words the practice's faults; its rate limits are 400 and 403, never 429."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def concerns(self, path: str) -> bool:
        """Everything but the practice's own pages and API."""
        return path.strip("/").partition("/")[0] not in OWN

    def limited(self) -> Says:
        """The page's business use case is used up for a minute; the setting `limit_code` chooses another limit."""
        error = too_many_calls(self._store.setting("limit_code", rules().limits["pages"].code))
        usage = {"type": "pages", "call_count": 100, "total_cputime": 50, "total_time": 50}
        header = json.dumps({PAGE_ID: [usage | {"estimated_time_to_regain_access": 1}]}, separators=(",", ":"))
        return Says(error.status, error.body(), {"X-Business-Use-Case-Usage": header})

    def broken(self) -> Says:
        """The temporary failure, code 2."""
        error = GraphError(
            2, "An unexpected error has occurred. Please retry your request later.", status=500, transient=True
        )
        return Says(error.status, error.body())

    def revoked(self) -> Says:
        """The person behind the token has changed the password."""
        error = GraphError(190, REVOKED[460], subcode=460)
        return Says(error.status, error.body(), error.headers())
