"""Instagram's comments and mentions as stored and as read."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from hilft.channels.contract import Event, Kind, Person, Raw
from hilft.channels.graph import told
from hilft.channels.graph.told import Place

SOMEBODY: Final = "Somebody on Instagram"
"""The name of who mentioned us in a comment: Instagram does not tell whose comment it is."""

LEAD: Final = re.compile(r"\s*@[\w.]+\s+")
MENTION: Final = "mention:"
"""How ids of mentions begin; media and comment follow, because answering needs both."""


class Author(msgspec.Struct):
    """Who wrote a comment."""

    id: str
    username: str = ""


class Media(msgspec.Struct):
    """The picture or film a comment stands under."""

    id: str
    permalink: str = ""
    username: str = ""
    caption: str = ""
    timestamp: str = ""
    owner: Author | None = None


class Comment(msgspec.Struct):
    """A comment as its edge gives it; `timestamp` in ISO 8601."""

    id: str
    timestamp: str
    text: str = ""
    parent_id: str = ""
    author: Author | None = msgspec.field(default=None, name="from")


class Commented(msgspec.Struct, tag="comment", tag_field="what"):
    """A comment that was read."""

    me: str
    media: Media
    comment: Comment

    def events(self, place: Place) -> list[Event]:
        one = self.comment
        at = told.moment(one.timestamp)
        return [_event(place, self.me, one.id, one.parent_id, one.text, one.author, at, self.media.permalink)]


class Value(msgspec.Struct):
    """The value of a change of the fields `comments` and `live_comments`."""

    id: str
    text: str = ""
    parent_id: str = ""
    author: Author | None = msgspec.field(default=None, name="from")


class Hooked(msgspec.Struct, tag="hooked", tag_field="what"):
    """A comment that a webhook told of; it names no time, so it is that of the delivery, in seconds."""

    me: str
    time: int
    value: Value

    def events(self, place: Place) -> list[Event]:
        one, at = self.value, datetime.fromtimestamp(self.time, UTC)
        return [_event(place, self.me, one.id, one.parent_id, one.text, one.author, at, "")]


class Named(msgspec.Struct):
    """What a webhook says of a mention: ids only."""

    media_id: str
    comment_id: str = ""


class Notice(msgspec.Struct, tag="notice", tag_field="what"):
    """A notice that somebody named us; it has to be asked for."""

    me: str
    value: Named

    def events(self, place: Place) -> list[Event]:
        return []


class Mentioned(msgspec.Struct, tag="mention", tag_field="what"):
    """A caption or comment of others that names us, once it was asked for."""

    me: str
    media: Media
    comment: Comment | None = None

    def events(self, place: Place) -> list[Event]:
        media, comment = self.media, self.comment
        text = told.spoken(comment.text if comment else media.caption)
        ref = place.ref(mention(media.id, comment.id if comment else ""), text)
        author = Person(id=ref.id, handle="", name=SOMEBODY) if comment else _owner(media)
        at = told.moment(comment.timestamp if comment else media.timestamp)
        return [
            Event(
                kind=Kind.CREATED,
                ref=ref,
                at=at,
                public=True,
                author=author,
                root=ref,
                thread=ref.id,
                text=text,
                url=media.permalink,
            )
        ]


type Stored = told.Shared | Commented | Hooked | Notice | Mentioned


def _owner(media: Media) -> Person:
    """Who published a media object that names us in its caption."""
    identity = media.owner.id if media.owner else mention(media.id)
    return person(Author(identity, media.username))


def person(author: Author) -> Person:
    """The author of a comment."""
    url = f"https://www.instagram.com/{author.username}/" if author.username else ""
    return Person(id=author.id, handle=author.username, name="" if author.username else SOMEBODY, url=url)


def _event(
    place: Place, me: str, identity: str, parent: str, text: str, author: Author | None, at: datetime, url: str
) -> Event:
    """A conversation is a comment with all its replies; Instagram files a reply's reply under the first comment."""
    own = author is not None and author.id == me
    text = told.spoken(text)
    first = parent or identity
    return Event(
        kind=Kind.CREATED,
        ref=place.ref(identity, text),
        at=at,
        public=True,
        author=person(author) if author else None,
        own=own,
        parent=place.ref(parent) if parent else None,
        root=place.ref(first),
        thread=first,
        text=_bare(text, "" if own else place.handle),
        url=url,
    )


def _bare(text: str, ours: str) -> str:
    """A text without the handle in front of it: ours, or in our own replies anybody's."""
    lead = LEAD.match(text)
    if lead is None or (ours and lead.group().strip().lower() != f"@{ours.lstrip('@').lower()}"):
        return text
    return text[lead.end() :]


def mention(media: str, comment: str = "") -> str:
    """The id of a mention: where it stands and what answers it."""
    return f"{MENTION}{media}:{comment}" if comment else f"{MENTION}{media}"


def comment(node: Any, media: Any, me: str) -> Raw:
    """The raw event of a comment that was read."""
    about = {key: media[key] for key in ("id", "permalink") if key in media}
    kept = {key: value for key, value in node.items() if key != "replies"}
    return told.raw(f"comment:{node['id']}", "comment", me=me, media=about, comment=kept)


def hooked(value: Any, me: str, time: int) -> Raw:
    """The raw event of a comment that a webhook told of."""
    return told.raw(f"comment:{value['id']}", "hooked", me=me, time=time, value=value)


def noticed(value: Any, me: str) -> Raw:
    """The notice of a mention."""
    return told.raw(f"notice:{value.get('comment_id') or value['media_id']}", "notice", me=me, value=value)


def mentioned(media: Any, comment: Any, me: str) -> Raw:
    """The raw event of a mention that was asked for."""
    key = mention(str(media["id"]), str(comment["id"]) if comment else "")
    return told.raw(key, "mention", me=me, media=media, comment=comment)
