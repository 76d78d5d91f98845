"""What an app's dashboard has, and a laboratory beyond it: tokens, settings, limits, webhooks, and the clock."""

import secrets
from typing import Literal

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hilft.practice.meta.access import REVOKED, Access
from hilft.practice.meta.handlers import Handler, Refusal, guarded, read_as
from hilft.practice.meta.network import open_for_business
from hilft.practice.meta.payloads import sample
from hilft.practice.meta.rules import rules
from hilft.practice.meta.store import Store
from hilft.practice.meta.usage import Usage
from hilft.practice.meta.webhooks import Courier


class Time(msgspec.Struct, forbid_unknown_fields=True):
    """How far the clock is ahead of the machine's, and whether it stands still."""

    seconds: float = 0.0
    stopped: bool = False


class NewToken(msgspec.Struct, forbid_unknown_fields=True):
    """A page access token: its scopes (all when none are named) and when it ends, in seconds from now."""

    scopes: frozenset[str] | None = None
    expires_in: float = 0.0
    token: str = ""


class Revocation(msgspec.Struct, forbid_unknown_fields=True):
    """A token and the subcode it answers from now on; 0 gives it back."""

    token: str
    subcode: int = 460


class Settings(msgspec.Struct, forbid_unknown_fields=True):
    """The app's and the brand's standing; None leaves a setting alone.

    `unavailable` lists handles that take no messages; `limit_code` is the code with which the fault `rate_limit`
    answers (4, 17, 32, 613, 80001, 80002 or 80006).
    """

    require_proof: bool | None = None
    human_agent: bool | None = None
    blocked: bool | None = None
    unavailable: list[str] | None = None
    limit_code: Literal[4, 17, 32, 613, 80_001, 80_002, 80_006] | None = None


class Test(msgspec.Struct, forbid_unknown_fields=True):
    """The dashboard's test button."""

    object: Literal["page", "instagram"]
    field: str


class Fill(msgspec.Struct, forbid_unknown_fields=True):
    """Pretend that so much percent of a limit was used."""

    type: str
    percent: int


class Dashboard:
    """The routes below /practice/ by which a test or a script sets the scene and looks behind it."""

    def __init__(self, store: Store, access: Access, usage: Usage, courier: Courier) -> None:
        self.store = store
        self.access = access
        self.usage = usage
        self.courier = courier

    def routes(self) -> list[Route]:
        """All routes, to be mounted beside the Graph API."""
        table: list[tuple[str, str, Handler]] = [
            ("GET", "/practice/deliveries", self._deliveries),
            ("GET", "/practice/clock", self._clock),
            ("PUT", "/practice/clock", self._clock),
            ("POST", "/practice/tokens", self._token),
            ("PUT", "/practice/revocations", self._revoke),
            ("PUT", "/practice/settings", self._settings),
            ("PUT", "/practice/usage", self._fill),
            ("POST", "/practice/webhooks/test", self._test),
            ("DELETE", "/practice/everything", self._forget),
        ]
        return guarded(table)

    async def _deliveries(self, request: Request) -> Response:
        return JSONResponse(self.courier.deliveries())

    async def _clock(self, request: Request) -> Response:
        if request.method == "PUT":
            given = await read_as(request, Time)
            self.store.clock.set(given.seconds, stopped=given.stopped)
            self.store.remember("clock", given.seconds)
        clock = self.store.clock
        return JSONResponse({"now": clock.now(), "seconds": clock.seconds, "stopped": clock.stopped})

    async def _token(self, request: Request) -> Response:
        given = await read_as(request, NewToken)
        token = given.token or f"EAAPractice{secrets.token_hex(32)}"
        scopes = rules().scopes["page"] if given.scopes is None else given.scopes
        end = self.store.clock.now() + given.expires_in if given.expires_in else 0.0
        try:
            self.access.issue(token, scopes, expires_at=end)
        except ValueError as error:
            raise Refusal(str(error)) from error
        return JSONResponse({"access_token": token, "scopes": sorted(scopes), "expires_at": int(end)}, 201)

    async def _revoke(self, request: Request) -> Response:
        given = await read_as(request, Revocation)
        if self.access.find(given.token) is None or given.subcode not in (0, *REVOKED):
            raise Refusal("unknown token or subcode", 404)
        self.access.revoke(given.token, given.subcode)
        return Response(status_code=204)

    async def _settings(self, request: Request) -> Response:
        given = msgspec.to_builtins(await read_as(request, Settings))
        for name, value in given.items():
            if value is not None:
                self.store.remember(name, value)
        return JSONResponse({name: self.store.setting(name) for name in given})

    async def _fill(self, request: Request) -> Response:
        given = await read_as(request, Fill)
        if given.type not in rules().limits or not 0 <= given.percent <= 100:
            raise Refusal(f"type is one of {', '.join(rules().limits)}, percent 0 to 100")
        self.usage.fill(given.type, given.percent)
        return JSONResponse({"type": given.type, "percent": self.usage.share(given.type)})

    async def _test(self, request: Request) -> Response:
        given = await read_as(request, Test)
        if given.object not in self.courier.subscriptions() or given.field not in rules().subscriptions[given.object]:
            raise Refusal("that field or object has no subscription", 409)
        entry = {"id": "0", "time": int(self.store.clock.now()), "changes": [sample(given.object, given.field)]}
        number = self.courier.deliver(given.object, {"object": given.object, "entry": [entry]})
        return JSONResponse({"delivery": number}, 202)

    async def _forget(self, request: Request) -> Response:
        self.courier.forget()
        self.store.forget()
        open_for_business(self.store)
        return Response(status_code=204)
