"""Telling X where to reach us: the webhook, the subscriptions of our account, and the rules of the stream."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from hilft.channels.contract import Config, Refused
from hilft.channels.x.wire import Wire

WEBHOOKS: Final = "/2/webhooks"
SUBSCRIPTIONS: Final = "/2/activity/subscriptions"
RULES: Final = "/2/tweets/search/stream/rules"
EVENTS: Final = (
    "post.mention.create",
    "post.reply.create",
    "post.quote.create",
    "post.delete",
    "dm.received",
    "dm.sent",
)
"""What we want to be told of. Our own posts are found by looking, which costs a fifth."""


class Connected(msgspec.Struct, frozen=True):
    """What X keeps for us: the account's number for the setting `user_id`, the webhook, the subscriptions."""

    user_id: str
    webhook_id: str
    subscription_ids: tuple[str, ...]


def connect(config: Config, url: str = "") -> Connected:
    """Registers a webhook at `url` and subscribes our account to it; without a url for the stream.

    X calls `url` while this runs, so it must already answer challenges. Repeating it is harmless: what exists is kept
    or changed. Raises Refused when X does not accept the address, AuthLost when the keys are wrong.
    """
    wire = Wire(config)
    try:
        me = str(wire.read("GET /2/users/me", "/2/users/me")["data"]["id"])
        webhook = _webhook(wire, url) if url else ""
        known = _subscriptions(wire, me)
        ids = tuple(_subscribed(wire, known.get(event), event, me, webhook) for event in EVENTS)
        return Connected(me, webhook, ids)
    finally:
        wire.close()


def disconnect(config: Config, url: str = "") -> None:
    """Ends the subscriptions of our account, and removes the webhook at `url`; what is gone already is fine."""
    wire = Wire(config)
    try:
        me = str(wire.read("GET /2/users/me", "/2/users/me")["data"]["id"])
        for known in _subscriptions(wire, me).values():
            _unsubscribe(wire, str(known["subscription_id"]))
        for webhook in wire.read(f"GET {WEBHOOKS}", WEBHOOKS, by="app").get("data", []):
            if url and webhook["url"] == url:
                wire.write(f"DELETE {WEBHOOKS}/:id", f"{WEBHOOKS}/{webhook['id']}", by="app")
    finally:
        wire.close()


def listen_for(wire: Wire, config: Config, terms: Sequence[str]) -> None:
    """Makes the rules of the filtered stream those of this account; other accounts' rules are left alone."""
    tag = f"hilft:{config.account}"
    longest = int(config.facts["limit.rule"])
    if any(len(term) > longest for term in terms):
        raise Refused(f"A listening term is longer than the {longest} characters that X takes.")
    rules = wire.read(f"GET {RULES}", RULES, by="app").get("data", [])
    ours = {str(rule["value"]): str(rule["id"]) for rule in rules if rule.get("tag") == tag}
    values = {str(rule["value"]) for rule in rules}
    if old := [number for value, number in ours.items() if value not in terms]:
        wire.write(f"POST {RULES}", RULES, {"delete": {"ids": old}}, by="app")
    if new := [{"value": term, "tag": tag} for term in terms if term not in values]:
        answer = wire.write(f"POST {RULES}", RULES, {"add": new}, by="app")
        for problem in answer.get("errors", ()):
            if not str(problem.get("type", "")).endswith("duplicate-rules"):
                raise Refused(f"X does not take the listening term {problem.get('value')!r}.")


def _webhook(wire: Wire, url: str) -> str:
    """The number of the webhook at an address, checked by X now."""
    for webhook in wire.read(f"GET {WEBHOOKS}", WEBHOOKS, by="app").get("data", []):
        if webhook["url"] == url:
            number = str(webhook["id"])
            answer = wire.write(f"PUT {WEBHOOKS}/:id", f"{WEBHOOKS}/{number}", by="app")
            if not answer.get("data", {}).get("valid", True):
                raise Refused("X called the address of the webhook, and the answer was wrong.")
            return number
    answer = wire.write(f"POST {WEBHOOKS}", WEBHOOKS, {"url": url}, by="app")
    return str((answer.get("data") or answer)["id"])


def _subscriptions(wire: Wire, me: str) -> dict[str, Any]:
    """Our subscriptions by kind of event."""
    found = wire.read(f"GET {SUBSCRIPTIONS}", SUBSCRIPTIONS, by="app").get("data", [])
    return {
        str(one["event_type"]): one for one in found if one["event_type"] in EVENTS and one["filter"]["user_id"] == me
    }


def _subscribed(wire: Wire, known: Any, event: str, me: str, webhook: str) -> str:
    """The number of a subscription that tells us of one kind of event; private ones need our own credentials."""
    if known and str(known.get("webhook_id", "")) == webhook:
        return str(known["subscription_id"])
    if known and webhook:
        number = str(known["subscription_id"])
        wire.write(f"PUT {SUBSCRIPTIONS}/:id", f"{SUBSCRIPTIONS}/{number}", {"webhook_id": webhook})
        return number
    if known:
        _unsubscribe(wire, str(known["subscription_id"]))
    body = {"event_type": event, "filter": {"user_id": me}} | ({"webhook_id": webhook} if webhook else {})
    answer = wire.write(f"POST {SUBSCRIPTIONS}", SUBSCRIPTIONS, body)
    data = answer["data"]
    return str((data.get("subscription") or data)["subscription_id"])


def _unsubscribe(wire: Wire, number: str) -> None:
    wire.write(f"DELETE {SUBSCRIPTIONS}/:id", f"{SUBSCRIPTIONS}/{number}")
