"""Raw events of X: made from what a list, a stream or a webhook gives, and read again from storage."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from hilft.channels.contract import Config, Event, Raw, Unreadable
from hilft.channels.x import messages, posts
from hilft.channels.x.meter import Meter

TOLD: Final = ("post.create", "post.mention.create", "post.reply.create", "post.quote.create")
DELETED: Final = "post.delete"
PRIVATE: Final = ("dm.received", "dm.sent")
PRICED: Final = dict.fromkeys(TOLD, "price.event_post") | {"dm.received": "price.event_dm"}
"""What each told event costs; deletions and our own messages cost nothing."""


def read(body: bytes, config: Config) -> list[Event]:
    """The events in a stored body; raises Unreadable."""
    try:
        kept = msgspec.json.decode(body, type=posts.Kept | posts.Removed | messages.Kept)
        if isinstance(kept, posts.Kept):
            return [posts.event(kept, config)]
        if isinstance(kept, posts.Removed):
            return [posts.gone(kept, config)]
        event = messages.event(kept, config)
    except (msgspec.DecodeError, UnicodeError, ValueError, OverflowError, OSError) as error:
        raise Unreadable(f"Not a stored event of X: {error}") from error
    return [event] if event else []


def told(data: Any, meter: Meter) -> Iterator[Raw]:
    """The raw events in one event of the Activity API, each charged; none for kinds we did not ask for.

    Raises KeyError, TypeError or msgspec.ValidationError for what is not as documented.
    """
    kind, me = str(data["event_type"]), str(data["filter"]["user_id"])
    payload, includes = data.get("payload") or {}, data.get("includes") or {}
    if kind in PRICED:
        meter.did(PRICED[kind])
    if kind in TOLD:
        yield posts.keep(payload, includes, me=me, quotes_us=kind == "post.quote.create")
    elif kind == DELETED:
        yield posts.removed(str(payload["id"]))
    elif kind in PRIVATE:
        for message in payload["direct_message_events"]:
            if message.get("type") == "message_create":
                yield messages.keep(message, payload, me=me, pushed=True)


def unread(body: bytes) -> Raw:
    """What X sent and we do not understand: kept, so that a person can look at it, and never in anybody's way."""
    return Raw(key=f"unread:{hashlib.sha256(body).hexdigest()[:32]}", body=body)


def found(line: Any, meter: Meter, *, me: str) -> Raw:
    """The raw event of a post that a listening term found; raises as `told` does."""
    post = line["data"]
    meter.read("price.read_post", [str(post["id"])])
    return posts.keep(post, line.get("includes"), me=me)
