"""Webhooks: the challenge that proves an address, signed deliveries, retries, and the periodic check."""

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Coroutine, Mapping
from random import Random
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import httpx2

from hilft.practice.accounts import XKeys
from hilft.practice.faults import Faults
from hilft.practice.x.bill import Bill
from hilft.practice.x.clock import Clock
from hilft.practice.x.rules import Rules
from hilft.practice.x.store import Store

type Verdict = Literal["passed", "wrong", "transient"]

_HELD_SECONDS: Final = 0.4
"""How long deliveries are gathered before they are shuffled."""


class Deliveries:
    """Sends events to webhooks; several at once to different ones, in order to each unless a fault shuffles them."""

    def __init__(self, store: Store, clock: Clock, rules: Rules, faults: Faults, bill: Bill, keys: XKeys) -> None:
        self._store = store
        self._clock = clock
        self._rules = rules
        self._faults = faults
        self._bill = bill
        self._keys = keys
        self._timeout = float(rules.of["webhook"]["timeout_seconds"])
        self._retries = [float(wait) for wait in rules.of["webhook"]["retries_seconds"]]
        self._http = httpx2.AsyncClient(timeout=self._timeout, trust_env=False, follow_redirects=False)
        self._turns: dict[int, asyncio.Lock] = {}
        self._held: list[tuple[int, Mapping[str, Any]]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._lots = Random()  # noqa: S311 – play

    def send(self, webhook: int, envelope: Mapping[str, Any]) -> None:
        """Begin to deliver an event; what happens to it is in the table of deliveries."""
        row = self._store.row("select url, valid from webhook where id = ?", webhook)
        if row is None or not row["valid"]:
            return
        what = f"POST {urlsplit(row['url']).path}"
        if self._faults.hit("stream_gap", what):
            return
        copies = self._lots.choice((2, 3)) if self._faults.hit("duplicates", what) else 1
        for _ in range(copies):
            self._bill.wrote(f"event.{envelope['data']['event_type']}")
            if self._faults.hit("out_of_order", what):
                self._hold(webhook, envelope)
            else:
                self._begin(self._deliver(webhook, envelope))

    async def challenge(self, url: str) -> Verdict:
        """Ask an address to prove itself with GET ?crc_token=…; either of the app's secrets will do."""
        token = secrets.token_urlsafe(24)
        try:
            answer = await self._http.get(url, params={"crc_token": token})
        except httpx2.HTTPError:
            return "transient"
        if answer.status_code >= 400:
            return "transient"
        try:
            response_token = str(answer.json()["response_token"])
        except (ValueError, KeyError, TypeError):
            return "wrong"
        good = {_signature(secret, token.encode()) for secret in (self._keys.consumer_secret, self._keys.client_secret)}
        return "passed" if answer.status_code < 300 and response_token in good else "wrong"

    async def recheck(self) -> None:
        """Challenge all webhooks: a wrong answer makes one invalid at once, trouble only after many hours."""
        for row in self._store.rows("select * from webhook where valid"):
            verdict = await self.challenge(row["url"])
            patience = 3600 * self._rules.number("webhook", "transient_hours")
            tired = self._clock.now() - row["succeeded_at"] > patience
            self.note(row["id"], valid=verdict == "passed" or (verdict == "transient" and not tired), verdict=verdict)

    def note(self, webhook: int, *, valid: bool, verdict: Verdict) -> None:
        """Remember what a challenge found."""
        self._store.write("update webhook set valid = ? where id = ?", valid, webhook)
        if verdict == "passed":
            self._store.write("update webhook set succeeded_at = ? where id = ?", self._clock.now(), webhook)

    async def keep_checking(self, seconds: float) -> None:
        """Recheck again and again until cancelled."""
        while True:
            await asyncio.sleep(seconds)
            await self.recheck()

    async def close(self) -> None:
        """Give up what is under way."""
        for task in list(self._tasks):
            task.cancel()
        await self._http.aclose()

    def _hold(self, webhook: int, envelope: Mapping[str, Any]) -> None:
        self._held.append((webhook, envelope))
        if len(self._held) == 1:
            self._begin(self._release())

    async def _release(self) -> None:
        await asyncio.sleep(_HELD_SECONDS)
        held, self._held = self._held, []
        shuffled = self._lots.sample(held, len(held))
        for webhook, envelope in shuffled if shuffled != held else reversed(held):
            await self._deliver(webhook, envelope)

    async def _deliver(self, webhook: int, envelope: Mapping[str, Any]) -> None:
        body = json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode()
        async with self._turns.setdefault(webhook, asyncio.Lock()):
            done = await self._attempt(webhook, envelope, body, 1)
        for attempt, wait in enumerate(self._retries, start=2):
            if done:
                return
            await asyncio.sleep(wait)
            done = await self._attempt(webhook, envelope, body, attempt)

    async def _attempt(self, webhook: int, envelope: Mapping[str, Any], body: bytes, attempt: int) -> bool:
        """One POST; True when nothing more is to be done."""
        row = self._store.row("select url, valid from webhook where id = ?", webhook)
        if row is None or not row["valid"]:
            return True
        headers = {
            "content-type": "application/json",
            "x-twitter-webhooks-signature": _signature(self._keys.consumer_secret, body),
            "x-twitter-webhooks-signature-oauth2": _signature(self._keys.client_secret, body),
        }
        status, problem = None, ""
        try:
            async with asyncio.timeout(self._timeout):
                status = (await self._http.post(row["url"], content=body, headers=headers)).status_code
        except (httpx2.HTTPError, TimeoutError) as error:
            problem = type(error).__name__
        data = envelope["data"]
        sql = (
            "insert into delivery(webhook, url, event_type, event_uuid, attempt, at, status, problem) "
            "values(?, ?, ?, ?, ?, ?, ?, ?)"
        )
        described = (data["event_type"], data["event_uuid"], attempt, self._clock.now(), status, problem)
        self._store.write(sql, webhook, row["url"], *described)
        return status is not None and 200 <= status < 300

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _signature(secret: str, message: bytes) -> str:
    return "sha256=" + base64.b64encode(hmac.new(secret.encode(), message, hashlib.sha256).digest()).decode()
