"""Telling Meta where to reach us: the app's address for a product, and the page that installs the app.

<https://developers.facebook.com/docs/graph-api/webhooks/getting-started> (read 2026-11-24). People do the same by hand
in the app's dashboard.
"""

from __future__ import annotations

from typing import Final

from hilft.channels.contract import Config
from hilft.channels.graph.network import FACEBOOK, INSTAGRAM, Network
from hilft.channels.graph.wire import Wire

FIELDS: Final = {
    FACEBOOK.kind: ("feed", "mention", "messages", "message_echoes", "message_edits"),
    INSTAGRAM.kind: ("comments", "live_comments", "mentions", "messages"),
}
"""What we want to be told of, by the kind of channel."""

OBJECTS: Final = {FACEBOOK.kind: "page", INSTAGRAM.kind: "instagram"}
"""What Meta calls the products in its webhooks."""


def connect(config: Config, network: Network, url: str) -> None:
    """Registers `url` for a network's news, replacing an earlier address, and has the page install the app.

    Meta calls `url` while this runs, so it must already answer challenges. Instagram tells of nothing either unless
    the page installed the app. Raises Refused when Meta does not accept the address, AuthLost when the keys are wrong.
    """
    wire = Wire(config, network)
    app = str(config.settings["app_id"])
    try:
        wire.write_as(
            f"{app}|{config.secrets['app_secret']}",
            "POST",
            f"{app}/subscriptions",
            {
                "object": OBJECTS[network.kind],
                "callback_url": url,
                "verify_token": config.secrets["verify_token"],
                "fields": ",".join(FIELDS[network.kind]),
            },
        )
        fields = ",".join(FIELDS[FACEBOOK.kind])
        wire.write("POST", f"{config.settings['page_id']}/subscribed_apps", {"subscribed_fields": fields})
    finally:
        wire.close()
