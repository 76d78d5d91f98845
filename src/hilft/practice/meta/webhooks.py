"""Webhooks towards the app: verified addresses, signed batches, at least once, tried again less and less often."""

import asyncio
import contextlib
import hashlib
import hmac
import json
import secrets
import time
from random import Random
from typing import Any

import httpx2

from hilft.practice.faults import Faults
from hilft.practice.meta.errors import GraphError, numbered
from hilft.practice.meta.network import Topic
from hilft.practice.meta.people import app_secret
from hilft.practice.meta.rules import rules
from hilft.practice.meta.store import Store

PAUSE_FOR_DISORDER = 0.5
"""Seconds for which updates are gathered before they are shuffled."""


def escaped(payload: dict[str, Any]) -> bytes:
    """The body as Meta writes and signs it: ASCII only, \\u with lowercase digits, slashes escaped."""
    return json.dumps(payload, separators=(",", ":")).replace("/", "\\/").encode("ascii")


def signatures(body: bytes, secret: str) -> dict[str, str]:
    """The headers that prove who sent these bytes; the one with SHA-1 is older and still sent."""
    return {
        "X-Hub-Signature": "sha1=" + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest(),
        "X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest(),
    }


def merged(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Neighbouring changes of the same owner and second as one entry; messages keep an entry each."""
    found: list[dict[str, Any]] = []
    for entry in entries:
        last = found[-1] if found else {}
        if "changes" in entry and "changes" in last and (last["id"], last["time"]) == (entry["id"], entry["time"]):
            last["changes"] += entry["changes"]
        else:
            found.append(entry)
    return found


class Courier:
    """Gathers updates for a moment, writes them down as deliveries, and takes those to the app until it says 200."""

    def __init__(self, store: Store, faults: Faults, *, retries: tuple[float, ...], wait: float) -> None:
        self._store = store
        self._faults = faults
        self._retries = retries
        self._wait = wait
        self._pending: list[tuple[Topic, dict[str, Any]]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._gathering = False
        self._turn = asyncio.Lock()
        self._lots = Random()  # noqa: S311 – play
        self._http = httpx2.AsyncClient(timeout=rules().webhooks.timeout, trust_env=False)

    def subscriptions(self) -> dict[str, dict[str, Any]]:
        """What the app subscribed, by topic: callback_url and fields."""
        found: dict[str, dict[str, Any]] = self._store.setting("subscriptions", {})
        return found

    async def subscribe(self, topic: str, url: str, verify_token: str, fields: list[str]) -> None:
        """Remember an address once it has echoed our challenge; raises 2200 when it does not."""
        challenge = str(secrets.randbelow(10**10))
        query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token}
        try:
            answer = await self._http.get(url, params=query, headers={"User-Agent": "facebookplatform/1.0"})
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise _unverified(f"URL timeout or connection error: {type(error).__name__}") from error
        if answer.status_code != 200:
            raise _unverified(f"HTTP Status Code = {answer.status_code}; HTTP Message = {answer.reason_phrase}")
        if answer.text != challenge:
            raise numbered(2200, "Callback verification failed: Provided callback did not return the hub.challenge")
        kept = self.subscriptions()
        kept[topic] = {"callback_url": url, "fields": fields, "active": True}
        self._store.remember("subscriptions", kept)

    def unsubscribe(self, topic: str, fields: set[str]) -> None:
        """Forget some fields of a topic, or with no fields the whole; an empty topic means all."""
        kept = self.subscriptions()
        for name in [topic] if topic in kept else [] if topic else list(kept):
            rest = [field for field in kept[name]["fields"] if fields and field not in fields]
            if rest:
                kept[name]["fields"] = rest
            else:
                del kept[name]
        self._store.remember("subscriptions", kept)

    def tell(self, topic: Topic, owner: str, field: str, group: str, item: dict[str, Any]) -> None:
        """Deliver one update if the app subscribed the field and the page installed the app."""
        subscription = self.subscriptions().get(topic)
        installed: list[str] | None = self._store.setting("subscribed_fields")
        wanted = subscription is not None and field in subscription["fields"] and bool(installed)
        if topic == "page" and field not in (installed or []):
            wanted = False
        if not wanted or self._faults.hit("stream_gap", f"POST /webhooks/{topic}/{field}"):
            return
        now = self._store.clock.now()
        entry = {"id": owner, "time": int(now * 1000) if group == "messaging" else int(now), group: [item]}
        self._pending.append((topic, entry))
        if not self._gathering:
            self._gathering = True
            self._start(self._gather())

    def deliver(self, topic: str, body: dict[str, Any]) -> int:
        """Write down one delivery to the topic's address and set out; returns its number."""
        url = self.subscriptions()[topic]["callback_url"]
        now = time.time()
        row = self._store.database.execute(
            "INSERT INTO delivery (body, url, begun_at, due_at, status) VALUES (?, ?, ?, ?, 'waiting')",
            (escaped(body), url, now, now),
        )
        number = int(row.lastrowid or 0)
        self._start(self._carry(number))
        return number

    def resume(self) -> None:
        """Set out with what an earlier run left behind."""
        for row in self._store.rows("SELECT seq FROM delivery WHERE status = 'waiting' ORDER BY seq"):
            self._start(self._carry(row["seq"]))

    def deliveries(self) -> list[dict[str, Any]]:
        """All deliveries, oldest first, with their bodies as sent."""
        found = self._store.rows("SELECT * FROM delivery ORDER BY seq")
        return [row | {"body": row["body"].decode("ascii")} for row in found]

    def forget(self) -> None:
        """Drop the updates that are not yet written down."""
        self._pending.clear()

    async def close(self) -> None:
        """Stop; what waits is delivered after the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._http.aclose()

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _gather(self) -> None:
        """Wait a moment for further updates, then write one delivery per topic and thousand updates."""
        disorder = self._faults.hit("out_of_order", "POST /webhooks")
        await asyncio.sleep(PAUSE_FOR_DISORDER if disorder else self._wait)
        self._gathering = False
        pending, self._pending = self._pending, []
        if disorder:
            self._lots.shuffle(pending)
        for topic in self.subscriptions():
            entries = [entry for of, entry in pending if of == topic]
            size = 1 if disorder else rules().webhooks.batch
            for begin in range(0, len(entries), size):
                self.deliver(topic, {"object": topic, "entry": merged(entries[begin : begin + size])})

    async def _carry(self, number: int) -> None:
        """Take one delivery there until it is taken, or given up after the last attempt."""
        async with self._turn:
            done = await self._attempt(number)
        for pause in self._retries:
            if done:
                return
            await asyncio.sleep(pause)
            done = await self._attempt(number)
        if not done:
            self._store.database.execute("UPDATE delivery SET status = 'dropped' WHERE seq = ?", (number,))

    async def _attempt(self, number: int) -> bool:
        rows = self._store.rows("SELECT * FROM delivery WHERE seq = ?", number)
        if not rows:
            return True
        repeated = self._faults.hit("duplicates", "POST /webhooks")
        answer = ""
        for _ in range(self._lots.randint(2, 3) if repeated else 1):
            answer = await self._send(rows[0]["url"], rows[0]["body"])
        self._store.database.execute(
            "UPDATE delivery SET attempts = attempts + 1, answer = ?, status = ? WHERE seq = ?",
            (answer, "delivered" if answer == "200" else "waiting", number),
        )
        return answer == "200"

    async def _send(self, url: str, body: bytes) -> str:
        headers = {"Content-Type": "application/json", "User-Agent": "facebookexternalua"}
        with contextlib.suppress(httpx2.HTTPError):
            response = await self._http.post(url, content=body, headers=headers | signatures(body, app_secret()))
            return str(response.status_code)
        return "no answer"


def _unverified(reason: str) -> GraphError:
    return numbered(2200, f"Callback verification failed with the following errors: {reason}")
