"""Comments and posts of a page as stored and as read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from hilft.channels.contract import Event, Kind, Person, Raw
from hilft.channels.graph import told
from hilft.channels.graph.told import Place

ADDED: Final = frozenset({"add"})
CHANGED: Final = frozenset({"edited", "edit"})
REMOVED: Final = frozenset({"remove", "delete"})
POSTS: Final = frozenset({"post", "status", "photo", "video", "share", "link"})
"""The items of the field `feed` that are posts; reactions and the like are nobody's question."""

WALL: Final = "wall_post"
"""What a visitor's post on the page is called in webhooks."""


class Author(msgspec.Struct):
    """Who wrote it; Facebook knows no handles."""

    id: str
    name: str = ""


class Parent(msgspec.Struct):
    """The comment that a comment answers."""

    id: str


class Comment(msgspec.Struct):
    """A comment as its edge gives it; no time of an edit."""

    id: str
    created_time: str
    message: str = ""
    permalink_url: str = ""
    parent: Parent | None = None
    author: Author | None = msgspec.field(default=None, name="from")


class Post(msgspec.Struct):
    """A post; of one that only carries comments no more than its id and author are kept."""

    id: str
    created_time: str = ""
    message: str = ""
    permalink_url: str = ""
    author: Author | None = msgspec.field(default=None, name="from")


class Commented(msgspec.Struct, tag="comment", tag_field="what"):
    """A comment that was read, and the post it stands under."""

    me: str
    post: Post
    comment: Comment

    def events(self, place: Place) -> list[Event]:
        one = self.comment
        visitor = self.post.author.id != self.me if self.post.author else not of_page(self.post.id, self.me)
        said = _Said(one.id, self.post.id, one.parent.id if one.parent else "", visitor, one.message, one.permalink_url)
        return [_event(place, self.me, said, Kind.CREATED, told.moment(one.created_time), one.author)]


class Posted(msgspec.Struct, tag="post", tag_field="what"):
    """A post of somebody else on the page, or one that names it."""

    me: str
    post: Post

    def events(self, place: Place) -> list[Event]:
        one = self.post
        said = _Said(one.id, one.id, "", True, one.message, one.permalink_url)
        return [_event(place, self.me, said, Kind.CREATED, told.moment(one.created_time), one.author)]


class Standing(msgspec.Struct):
    """What a webhook says of the post under which a comment stands."""

    status_type: str = ""
    permalink_url: str = ""


class Value(msgspec.Struct):
    """The value of a change of the field `feed`; times in seconds."""

    item: str
    verb: str
    post_id: str
    comment_id: str = ""
    parent_id: str = ""
    message: str = ""
    created_time: int = 0
    author: Author | None = msgspec.field(default=None, name="from")
    post: Standing | None = None


class Hooked(msgspec.Struct, tag="feed", tag_field="what"):
    """A change of the field `feed`; `time` is when it happened, in seconds."""

    me: str
    time: int
    value: Value

    def events(self, place: Place) -> list[Event]:
        value, at = self.value, datetime.fromtimestamp(self.time, UTC)
        identity = value.comment_id or value.post_id
        if value.verb in REMOVED:
            return [Event(kind=Kind.DELETED, ref=place.ref(identity), at=at, public=True)]
        changed = value.verb in CHANGED
        created = datetime.fromtimestamp(value.created_time or self.time, UTC)
        parent = value.parent_id if value.parent_id != value.post_id else ""
        said = _Said(identity, value.post_id, parent, self._visitor(), value.message, self._url())
        if changed:
            # Both times count whole seconds; an edit comes after what it changes, also within one.
            at = max(at, created + timedelta(seconds=1))
            return [_event(place, self.me, said, Kind.EDITED, at, value.author)]
        return [_event(place, self.me, said, Kind.CREATED, created, value.author)]

    def _visitor(self) -> bool:
        """Whether the post is not the page's own."""
        value = self.value
        wall = value.post is not None and value.post.status_type == WALL
        return not value.comment_id or wall or not of_page(value.post_id, self.me)

    def _url(self) -> str:
        post = self.value.post.permalink_url if self.value.post else ""
        return f"{post}?comment_id={self.value.comment_id.rpartition('_')[2]}" if post else ""


class Named(msgspec.Struct):
    """What a webhook says of a mention: not by whom."""

    post_id: str
    comment_id: str = ""


class Mentioned(msgspec.Struct, tag="mention", tag_field="what"):
    """A notice that somebody named the page; it has to be asked for."""

    me: str
    value: Named

    def events(self, place: Place) -> list[Event]:
        return []


type Stored = told.Shared | Commented | Posted | Hooked | Mentioned


class _Said(msgspec.Struct, frozen=True):
    """A comment or post, however we heard of it."""

    id: str
    post: str
    parent: str
    visitor: bool
    text: str
    url: str


def _event(place: Place, me: str, said: _Said, kind: Kind, at: datetime, author: Author | None) -> Event:
    """A conversation is a visitor's post with all below it, or a comment on a post of ours with its replies."""
    text = told.spoken(said.text)
    is_post = said.id == said.post
    return Event(
        kind=kind,
        ref=place.ref(said.id, text),
        at=at,
        public=True,
        author=Person(id=author.id, handle=author.name or author.id, name=author.name) if author else None,
        own=author is not None and author.id == me,
        parent=None if is_post else place.ref(said.parent or said.post),
        root=place.ref(said.post),
        thread=said.post if said.visitor else said.parent or said.id,
        text=text,
        url=said.url,
    )


def of_page(post: str, page: str) -> bool:
    """Whether a post's id says that it stands on the page."""
    return post.startswith(f"{page}_")


def comment(node: Any, post: Any, me: str) -> Raw:
    """The raw event of a comment that was read."""
    about = {key: post[key] for key in ("id", "from") if key in post}
    return told.raw(f"comment:{node['id']}", "comment", me=me, post=about, comment=node)


def posted(node: Any, me: str) -> Raw:
    """The raw event of a post that was read."""
    kept = {key: value for key, value in node.items() if key != "comments"}
    return told.raw(f"post:{node['id']}", "post", me=me, post=kept)


def hooked(value: Any, me: str, time: int) -> Raw | None:
    """The raw event of a change of the field `feed`; None for reactions, hiding, and posts of our own."""
    identity = value.get("comment_id") or value.get("post_id")
    verb, item = value.get("verb"), value.get("item")
    ours = str((value.get("from") or {}).get("id")) == me
    if item != "comment" and (item not in POSTS or ours):
        return None
    if verb in ADDED:
        key = f"{'comment' if item == 'comment' else 'post'}:{identity}"
    elif verb in CHANGED:
        key = f"edited:{identity}:{told.digest(told.spoken(str(value.get('message', ''))))}:{time}"
    elif verb in REMOVED:
        key = f"deleted:{identity}"
    else:
        return None
    return told.raw(key, "feed", me=me, time=time, value=value)


def mentioned(value: Any, me: str) -> Raw | None:
    """The notice of a mention."""
    if value.get("verb") not in ADDED:
        return None
    identity = value.get("comment_id") or value["post_id"]
    return told.raw(f"notice:{identity}", "mention", me=me, value=value)
