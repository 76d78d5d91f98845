"""A live test at Meta that writes nothing, because whatever a page writes, all its followers see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from hilft.channels.contract import Channel, Config, Refused, Task
from hilft.channels.graph.connecting import FIELDS, OBJECTS
from hilft.channels.graph.network import FACEBOOK
from hilft.channels.graph.wire import Wire, listed
from hilft.channels.trying import asking


def tasks(adapter: Channel, wire: Wire, config: Config) -> Sequence[Task]:
    """The steps: token, posts, private messages, and whether Meta tells us what happens."""
    network, page = wire.network, str(config.settings["page_id"])
    edge = f"{page}/feed" if network is FACEBOOK else f"{config.settings['instagram_id']}/media"

    def posts() -> str:
        text = "message" if network is FACEBOOK else "caption"
        found = listed(wire.read(edge, fields=f"id,{text}", limit=1))
        return str(found[0].get(text, "")) if found else _("There are none yet.")

    def inbox() -> str:
        wire.read(f"{page}/conversations", platform=network.platform, fields="id", limit=1)
        return ""

    rights = _("Make a new token with the rights that docs/channels names, and enter it.")
    return [
        asking(adapter),
        Task(what=_("It reads the latest post. Nothing is written."), do=posts, remedy=rights),
        Task(what=_("It opens the private messages, without reading one."), do=inbox, remedy=rights),
        Task(
            what=_("It asks Meta whether news come by webhook."),
            do=lambda: _hooked(wire, config),
            remedy=_("Register the webhook, as its page says. Until then hilft only looks now and then."),
        ),
    ]


def _hooked(wire: Wire, config: Config) -> str:
    """Where Meta sends our news; raises Refused when it does not send all of them."""
    kind, app = wire.network.kind, str(config.settings.get("app_id") or "")
    if not app:
        raise Refused(_("Without the app's id Meta does not say."))
    asker = f"{app}|{config.secrets.get('app_secret', '')}"
    known = [one for one in listed(wire.read_as(asker, f"{app}/subscriptions")) if one["object"] == OBJECTS[kind]]
    if not known or not known[0].get("active"):
        raise Refused(_("The app has no webhook for this product."))
    told = {_name(field) for field in known[0].get("fields", ())}
    if missing := [field for field in FIELDS[kind] if field not in told]:
        raise Refused(_("These fields are not subscribed: %(fields)s") % {"fields": ", ".join(missing)})
    if not listed(wire.read(f"{config.settings['page_id']}/subscribed_apps")):
        raise Refused(_("The page did not subscribe to the app."))
    return str(known[0].get("callback_url", ""))


def _name(field: Any) -> str:
    return str(field.get("name", "")) if isinstance(field, dict) else str(field)
