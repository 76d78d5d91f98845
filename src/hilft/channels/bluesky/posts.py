"""Bluesky's posts as stored and as read: the envelope of a raw event, and its meaning."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from hilft.channels.bluesky.facets import expanded
from hilft.channels.contract import Config, Event, Kind, Person, Raw, Ref, Unreadable

KIND: Final = "bluesky"
COLLECTION: Final = "app.bsky.feed.post"
WEB: Final = "https://bsky.app"


class Author(msgspec.Struct):
    did: str
    handle: str
    display_name: str | None = msgspec.field(name="displayName", default=None)
    labels: list[dict[str, Any]] | None = None


class Strong(msgspec.Struct):
    """A reference to one state of a record."""

    uri: str
    cid: str


class Reply(msgspec.Struct):
    root: Strong
    parent: Strong


class Record(msgspec.Struct):
    text: str
    created_at: str = msgspec.field(name="createdAt", default="")
    reply: Reply | None = None
    facets: Any = None
    embed: Any = None


class Post(msgspec.Struct):
    uri: str
    cid: str
    author: Author
    record: Record
    indexed_at: str = msgspec.field(name="indexedAt", default="")


class Kept(msgspec.Struct, tag="post", tag_field="what"):
    """A post with what reading it later needs: who we are, and whether its text replaced another."""

    me: str
    post: Post
    edited: bool = False


class Removed(msgspec.Struct, tag="deleted", tag_field="what"):
    """A post that is no longer there."""

    uri: str
    at: datetime


def keep(post: Any, *, me: str, edited: bool = False) -> Raw:
    """The raw event of a post as the network gave it, less what others see of it."""
    known = {name: post[name] for name in ("uri", "cid", "author", "record", "indexedAt") if name in post}
    read = msgspec.convert(known, Post)
    body = {"what": "post", "me": me, "edited": edited, "post": known}
    return Raw(key=f"{read.uri}+{read.cid}", body=msgspec.json.encode(body))


def removed(uri: str) -> Raw:
    """The raw event of a post that was deleted."""
    return Raw(key=f"deleted:{uri}", body=msgspec.json.encode({"what": "deleted", "uri": uri, "at": datetime.now(UTC)}))


def read(body: bytes, config: Config) -> list[Event]:
    """The events in a stored body; raises Unreadable."""
    try:
        kept = msgspec.json.decode(body, type=Kept | Removed)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unreadable(f"Not a stored Bluesky post: {error}") from error
    if isinstance(kept, Removed):
        return [Event(kind=Kind.DELETED, ref=Ref(KIND, config.account, kept.uri), at=_aware(kept.at), public=True)]
    return [_event(kept, config)]


def _event(kept: Kept, config: Config) -> Event:
    post, reply = kept.post, kept.post.record.reply
    own = post.author.did == kept.me
    ref = Ref(KIND, config.account, post.uri, post.cid)
    root = Ref(KIND, config.account, reply.root.uri, reply.root.cid) if reply else ref
    return Event(
        kind=Kind.EDITED if kept.edited else Kind.CREATED,
        ref=ref,
        at=_written(post),
        public=True,
        author=person(post.author, config),
        own=own,
        parent=Ref(KIND, config.account, reply.parent.uri, reply.parent.cid) if reply else None,
        root=root,
        thread=root.id,
        text=_spoken(post.record, config, own=own),
        url=web_url(post.uri, config),
        automatic=not own and any(label.get("val") == "bot" for label in post.author.labels or []),
    )


def person(author: Author, config: Config) -> Person:
    """The author, by the identity that stays when the handle changes."""
    web = str(config.settings.get("web_url", WEB)).rstrip("/")
    name = (author.display_name or "").replace("\x00", "")
    return Person(id=author.did, handle=author.handle, name=name, url=f"{web}/profile/{author.did}")


def web_url(uri: str, config: Config) -> str:
    """Where people see a post."""
    web = str(config.settings.get("web_url", WEB)).rstrip("/")
    parts = uri.removeprefix("at://").split("/")
    return f"{web}/profile/{parts[0]}/post/{parts[-1]}" if len(parts) == 3 else ""


def _spoken(record: Record, config: Config, *, own: bool) -> str:
    """The text without our handle in front, with whole links and the address of a link card."""
    text = expanded(record.text, record.facets).replace("\x00", "")
    if not own:
        handle = re.escape(str(config.settings.get("handle") or config.handle).lstrip("@"))
        text = re.sub(rf"^\s*@{handle}(?![\w.-]*\w)[\s:,]*", "", text, flags=re.IGNORECASE)
    card = _card(record.embed)
    return (text if not card or card in text else f"{text}\n{card}").strip()


def _card(embed: Any) -> str:
    external = embed.get("external") if isinstance(embed, dict) else None
    return str(external.get("uri", "")) if isinstance(external, dict) else ""


def _written(post: Post) -> datetime:
    """When it was indexed, or written if that was earlier: a client's clock is not trusted with the future."""
    times = [moment for moment in map(moment_of, (post.record.created_at, post.indexed_at)) if moment]
    return min(times, default=datetime.fromtimestamp(0, UTC))


def moment_of(text: str) -> datetime | None:
    """A time as the network writes it."""
    try:
        return _aware(datetime.fromisoformat(text))
    except ValueError:
        return None


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
