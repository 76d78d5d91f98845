"""Webhooks over the API: register, list, check again, remove."""

import sqlite3
from typing import Any, Final
from urllib.parse import urlsplit

from hilft.practice.x.clock import iso
from hilft.practice.x.endpoint import APP, Answer, Call, Endpoint, known
from hilft.practice.x.problems import Problem, invalid

_LOOPBACK: Final = {"127.0.0.1", "localhost", "::1"}


async def register(call: Call) -> Answer:
    """POST /2/webhooks: the address must answer the challenge before it is kept."""
    known(call.body, {"url": str})
    url = call.body.get("url", "")
    world = call.world
    if not allowed(url):
        raise invalid("UrlValidationFailed: The URL must use https and must not name a port.", url=url)
    if world.store.row("select 1 from webhook where url = ?", url):
        raise invalid("DuplicateUrlFailed: This URL is already registered by the application.", url=url)
    if world.store.number("select count(*) from webhook") >= world.rules.number("webhook", "webhooks"):
        raise invalid("WebhookLimitExceeded: The application has reached the number of allowed webhooks.", url=url)
    if await world.deliveries.challenge(url) != "passed":
        raise invalid("CrcValidationFailed: The callback URL did not respond correctly to the CRC check.", url=url)
    webhook, now = world.clock.new_id(), world.clock.now()
    world.store.write("insert into webhook values(?, ?, 1, ?, ?)", webhook, url, now, now)
    return 200, {"data": _webhook(_found(call, webhook))}


async def listed(call: Call) -> Answer:
    """GET /2/webhooks."""
    rows = call.world.store.rows("select * from webhook order by id")
    return 200, {"data": [_webhook(row) for row in rows], "meta": {"result_count": len(rows)}}


async def check(call: Call) -> Answer:
    """PUT /2/webhooks/:webhook_id: challenge again; passing re-enables, failing marks as invalid."""
    row = _found(call, int(call.path["id"]))
    verdict = await call.world.deliveries.challenge(row["url"])
    call.world.deliveries.note(row["id"], valid=verdict == "passed", verdict=verdict)
    return 200, {"data": {"valid": verdict == "passed"}}


async def remove(call: Call) -> Answer:
    """DELETE /2/webhooks/:webhook_id, with the subscriptions that deliver to it."""
    row = _found(call, int(call.path["id"]))
    call.world.store.write("delete from webhook where id = ?", row["id"])
    call.world.store.write("delete from subscription where webhook = ?", row["id"])
    return 200, {"data": {"deleted": True}}


def allowed(url: str) -> bool:
    """Whether X would take an address: https without a port; here also http on loopback, where hilft is tried."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    if parts.hostname in _LOOPBACK:
        return parts.scheme in ("http", "https")
    return parts.scheme == "https" and bool(parts.hostname) and port is None


def _found(call: Call, webhook: int) -> sqlite3.Row:
    row = call.world.store.row("select * from webhook where id = ?", webhook)
    if row is None:
        detail = "WebhookIdInvalid: The webhook_id was not found or is not associated with your app."
        raise Problem(404, "Not Found Error", detail, kind="resource-not-found")
    return row


def _webhook(row: sqlite3.Row) -> dict[str, Any]:
    return {
        "id": str(row["id"]),
        "url": row["url"],
        "valid": bool(row["valid"]),
        "created_at": iso(row["created_at"]),
    }


ENDPOINTS: Final = [
    Endpoint("POST", "/2/webhooks", APP, register),
    Endpoint("GET", "/2/webhooks", APP, listed),
    Endpoint("PUT", "/2/webhooks/:id", APP, check),
    Endpoint("DELETE", "/2/webhooks/:id", APP, remove),
]
