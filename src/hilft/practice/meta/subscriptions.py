"""Subscribing to webhooks: the app names an address, the page installs the app."""

from typing import Any

from hilft.practice.meta.access import may_write
from hilft.practice.meta.call import Call
from hilft.practice.meta.errors import GraphError, no_such_object, numbered, required
from hilft.practice.meta.people import APP_ID, APP_NAME
from hilft.practice.meta.rules import rules
from hilft.practice.meta.webhooks import Courier


def _fields(given: str, topic: str) -> list[str]:
    fields = [field.strip() for field in given.split(",") if field.strip()]
    if not fields:
        raise required("fields" if topic == "instagram" else "subscribed_fields")
    known = rules().subscriptions[topic]
    for field in fields:
        if field not in known:
            allowed = ", ".join(sorted(known))
            raise numbered(100, f'Param subscribed_fields[0] must be one of {{{allowed}}} - got "{field}".')
    return fields


async def app(call: Call, courier: Courier) -> dict[str, Any]:
    """GET, POST and DELETE /{app}/subscriptions, with the app's own token."""
    if not call.token.is_app:
        raise GraphError(15, "(#15) This method must be called with an app access_token.")
    if call.method == "GET":
        return {"data": [_described(topic, kept) for topic, kept in courier.subscriptions().items()]}
    if call.method == "DELETE":
        call.only("object")
        given = call.parameters.get("fields", "")
        courier.unsubscribe(call.parameters.get("object", ""), {name.strip() for name in given.split(",") if name})
        return {"success": True}
    call.only("object", "callback_url", "verify_token", "fields", "include_values")
    for name in ("object", "callback_url", "fields"):
        if not call.parameters.get(name):
            raise required(name)
    topic = call.parameters["object"]
    if topic not in rules().subscriptions:
        raise numbered(100, f"Param object must be one of {{{', '.join(rules().subscriptions)}}}")
    fields = _fields(call.parameters["fields"], topic)
    await courier.subscribe(topic, call.parameters["callback_url"], call.parameters.get("verify_token", ""), fields)
    return {"success": True}


def _described(topic: str, kept: dict[str, Any]) -> dict[str, Any]:
    fields = [{"name": name, "version": rules().versions.newest} for name in kept["fields"]]
    return {"object": topic, "callback_url": kept["callback_url"], "active": True, "fields": fields}


def page(call: Call) -> dict[str, Any]:
    """GET, POST and DELETE /{page}/subscribed_apps, with a page token; Instagram needs the installation, too."""
    may_write(call.token, "pages_manage_metadata")
    if call.method == "GET":
        fields = call.store.setting("subscribed_fields")
        app = {"id": APP_ID, "name": APP_NAME, "category": "Business", "subscribed_fields": fields}
        return {"data": [app] if fields else []}
    if call.method == "DELETE":
        call.store.remember("subscribed_fields", None)
        return {"success": True}
    if call.method != "POST":
        raise no_such_object(call.method, "subscribed_apps")
    call.only("subscribed_fields")
    fields = _fields(call.parameters.get("subscribed_fields", ""), "page")
    if "messages" in fields or "message_echoes" in fields:
        may_write(call.token, "pages_messaging")
    call.store.remember("subscribed_fields", fields)
    return {"success": True}
