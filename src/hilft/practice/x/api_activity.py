"""Activity over the API: subscriptions to event types of one person, and the stream of events."""

import sqlite3
from collections.abc import Mapping
from typing import Any, Final

from hilft.practice.x.clock import iso
from hilft.practice.x.endpoint import ANY, APP, Answer, Call, Endpoint, known, post_id
from hilft.practice.x.fields import only, whole
from hilft.practice.x.problems import Problem, forbidden, invalid

_CREATE: Final = {"event_type": str, "filter": dict, "tag": str, "webhook_id": str}


async def subscribe(call: Call) -> Answer:
    """POST /2/activity/subscriptions; private events need the credentials of the person they are about."""
    known(call.body, _CREATE)
    world = call.world
    chosen = call.body.get("filter", {})
    event_type, user_id = call.body.get("event_type", ""), chosen.get("user_id", "")
    private, public = world.rules.names("activity", "private"), world.rules.names("activity", "public")
    if event_type not in (*private, *public):
        raise invalid(f"$.event_type: does not have a value in the enumeration [{', '.join([*private, *public])}]")
    if chosen.keys() - {"user_id"}:
        raise invalid("$.filter: the practice network filters by user_id only")
    if world.posts.person(user_id=user_id) is None:
        raise invalid("$.filter.user_id: is missing or not a user", user_id=user_id)
    if event_type in private and call.caller.user_id != user_id:
        raise forbidden(f"{event_type} is a private event: it needs user-context authentication of the filtered user.")
    webhook = _webhook(call)
    if world.store.number("select count(*) from subscription") >= world.rules.number("activity", "subscriptions"):
        raise forbidden("The maximum number of subscriptions is reached.")
    same = "select 1 from subscription where event_type = ? and user_id = ? and webhook is ?"
    if world.store.row(same, event_type, user_id, webhook):
        raise Problem(409, "Conflict", "A subscription with this event type and filter exists.")
    subscription, now = world.clock.new_id(), world.clock.now()
    sql = "insert into subscription values(?, ?, ?, ?, ?, ?, ?)"
    world.store.write(sql, subscription, event_type, user_id, _tag(call.body), webhook, now, now)
    total = world.store.number("select count(*) from subscription")
    data = {"subscription": _as_json(_found(call, subscription)), "total_subscriptions_for_instance_id": total}
    return 200, {"data": data, "meta": {"total_subscriptions": total}}


async def subscriptions(call: Call) -> Answer:
    """GET /2/activity/subscriptions."""
    only(call.query, ("max_results",))
    most = whole(call.query, "max_results", 1, 1000, 1000)
    rows = call.world.store.rows("select * from subscription order by id limit ?", most)
    return 200, {"data": [_as_json(row) for row in rows], "meta": {"result_count": len(rows)}}


async def change(call: Call) -> Answer:
    """PUT /2/activity/subscriptions/:subscription_id: another tag or webhook."""
    known(call.body, {"tag": str, "webhook_id": str})
    row = _found(call, int(call.path["id"]))
    tag = _tag(call.body) if "tag" in call.body else row["tag"]
    webhook = _webhook(call) if "webhook_id" in call.body else row["webhook"]
    sql = "update subscription set tag = ?, webhook = ?, updated_at = ? where id = ?"
    call.world.store.write(sql, tag, webhook, call.world.clock.now(), row["id"])
    total = call.world.store.number("select count(*) from subscription")
    data = {"subscription": _as_json(_found(call, row["id"])), "total_subscriptions": total}
    return 200, {"data": data}


async def unsubscribe(call: Call) -> Answer:
    """DELETE /2/activity/subscriptions/:subscription_id."""
    row = _found(call, int(call.path["id"]))
    call.world.store.write("delete from subscription where id = ?", row["id"])
    total = call.world.store.number("select count(*) from subscription")
    return 200, {"data": {"deleted": True}, "meta": {"total_subscriptions": total}}


async def stream(call: Call) -> Answer:
    """GET /2/activity/stream: events of the subscriptions that have no webhook."""
    only(call.query, ("backfill_minutes",))
    refuse_backfill(call)
    return call.world.streams.activity.connect(dict)


def refuse_backfill(call: Call) -> int:
    """The minutes of backfill asked for; raises Problem beyond five, and for any with self-serve keys."""
    minutes = whole(call.query, "backfill_minutes", 0, call.world.rules.number("stream", "backfill_minutes"), 0)
    if minutes and call.world.options.self_serve:
        raise Problem(
            403, "Forbidden", "backfill_minutes is only available with Enterprise access.", kind="client-forbidden"
        )
    return minutes


def _webhook(call: Call) -> int | None:
    webhook = post_id(call.body, "webhook_id")
    if webhook is not None and call.world.store.row("select 1 from webhook where id = ?", webhook) is None:
        raise invalid("$.webhook_id: WebhookIdInvalid", webhook_id=webhook)
    return webhook


def _tag(body: Mapping[str, Any]) -> str | None:
    tag = body.get("tag")
    if tag is not None and not 1 <= len(tag) <= 200:
        raise invalid("$.tag: must be 1 to 200 characters long", tag=tag)
    return None if tag is None else str(tag)


def _found(call: Call, subscription: int) -> sqlite3.Row:
    row = call.world.store.row("select * from subscription where id = ?", subscription)
    if row is None:
        detail = f"Could not find subscription with id: [{subscription}]."
        raise Problem(404, "Not Found Error", detail, kind="resource-not-found")
    return row


def _as_json(row: sqlite3.Row) -> dict[str, Any]:
    found = {
        "subscription_id": str(row["id"]),
        "event_type": row["event_type"],
        "filter": {"user_id": row["user_id"]},
        "created_at": iso(row["created_at"]),
        "updated_at": iso(row["updated_at"]),
    }
    found |= {"tag": row["tag"]} if row["tag"] else {}
    return found | ({"webhook_id": str(row["webhook"])} if row["webhook"] is not None else {})


ENDPOINTS: Final = [
    Endpoint("POST", "/2/activity/subscriptions", ANY, subscribe),
    Endpoint("GET", "/2/activity/subscriptions", APP, subscriptions),
    Endpoint("PUT", "/2/activity/subscriptions/:id", ANY, change),
    Endpoint("DELETE", "/2/activity/subscriptions/:id", ANY, unsubscribe),
    Endpoint("GET", "/2/activity/stream", APP, stream),
]
