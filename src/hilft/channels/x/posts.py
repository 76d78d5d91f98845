"""X's posts as stored and as read: the envelope of a raw event, and its meaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from hilft.channels.contract import Config, Event, Kind, Person, Raw, Ref
from hilft.channels.x.texts import Entities, moment, plain, unaddressed

KIND: Final = "x"
SITE: Final = "https://x.com"
FIELDS: Final = {
    "tweet.fields": (
        "author_id,conversation_id,created_at,display_text_range,edit_history_tweet_ids,entities,"
        "note_tweet,referenced_tweets"
    ),
    "user.fields": "name,username",
    "expansions": "author_id,referenced_tweets.id",
}
"""What we ask for with every post."""


class User(msgspec.Struct):
    id: str
    username: str
    name: str = ""


class Reference(msgspec.Struct):
    type: str
    id: str


class Note(msgspec.Struct):
    text: str
    entities: Entities | None = None


class Post(msgspec.Struct):
    id: str
    text: str
    author_id: str
    created_at: datetime | None = None
    conversation_id: str = ""
    edit_history_tweet_ids: list[str] = []
    display_text_range: list[int] = []
    entities: Entities | None = None
    note_tweet: Note | None = None
    referenced_tweets: list[Reference] = []

    @property
    def origin(self) -> str:
        """The id of the first version: every edit is a new post."""
        return self.edit_history_tweet_ids[0] if self.edit_history_tweet_ids else self.id

    def referenced(self, kind: str) -> str:
        """The id of the post this one answers (`replied_to`) or quotes (`quoted`)."""
        return next((reference.id for reference in self.referenced_tweets if reference.type == kind), "")

    def names(self, person: str, handle: str) -> bool:
        """Whether somebody is mentioned in it."""
        parts = (self.entities, self.note_tweet.entities if self.note_tweet else None)
        named = [mention for part in parts if part for mention in part.mentions]
        return any(one.id == person or one.username.lower() == handle.lstrip("@").lower() for one in named)

    @property
    def whole(self) -> str:
        """The text as its author wrote it; long posts have it in a place of their own."""
        if self.note_tweet:
            return plain(self.note_tweet.text, self.note_tweet.entities)
        return plain(self.text, self.entities)


class Kept(msgspec.Struct, tag="post", tag_field="what"):
    """A post with what reading it later needs: who we are, who wrote it, and whether it quotes us."""

    me: str
    post: Post
    author: User | None = None
    quotes_us: bool = False


class Removed(msgspec.Struct, tag="deleted", tag_field="what"):
    """A post that is no longer there."""

    id: str
    at: datetime


def keep(post: Any, includes: Any, *, me: str, quotes_us: bool = False) -> Raw:
    """The raw event for a post as X gave it; its key is the number of the post, however it came.

    Raises msgspec.ValidationError for what is no post.
    """
    read = msgspec.convert(post, Post)
    people = users(includes)
    quoted = read.referenced("quoted")
    included = includes.get("tweets", []) if isinstance(includes, dict) else []
    authors = {str(one.get("id")): one.get("author_id") for one in included if isinstance(one, dict)}
    body = {
        "what": "post",
        "me": me,
        "quotes_us": quotes_us or (bool(quoted) and authors.get(quoted) == me),
        "author": people.get(read.author_id),
        "post": post,
    }
    return Raw(key=f"post:{read.id}", body=msgspec.json.encode(body))


def removed(identity: str) -> Raw:
    """The raw event for a post that was deleted."""
    body = {"what": "deleted", "id": identity, "at": datetime.now(UTC)}
    return Raw(key=f"deleted:{identity}", body=msgspec.json.encode(body))


def users(includes: Any) -> Mapping[str, Any]:
    """The accounts that came along, by id; the Activity API wraps some of them in `data`."""
    found = includes.get("users", ()) if isinstance(includes, dict) else ()
    several: Sequence[Any] = list(found.values()) if isinstance(found, dict) else list(found)
    plain_ones = (one.get("data", one) for one in several if isinstance(one, dict))
    return {str(one["id"]): one for one in plain_ones if isinstance(one, dict) and "id" in one}


def event(kept: Kept, config: Config) -> Event:
    """What a stored post says.

    `addressed` is what gives us the right to reply: a mention or a quote. A mere answer to us without our name gives
    none (X refuses with 403: observed, no document says so).
    """
    post, own = kept.post, kept.post.author_id == kept.me
    above = post.referenced("replied_to")
    root = post.conversation_id or post.origin
    author = person(kept.author or User(post.author_id, post.author_id))
    return Event(
        kind=Kind.CREATED if post.id == post.origin else Kind.EDITED,
        ref=Ref(KIND, config.account, post.origin, post.id),
        at=post.created_at.astimezone(UTC) if post.created_at else moment(post.id),
        public=True,
        author=author,
        own=own,
        parent=Ref(KIND, config.account, above) if above else None,
        root=Ref(KIND, config.account, root),
        thread=root,
        text=_own_words(post) if own else unaddressed(post.whole, config.handle),
        url=f"{SITE}/{author.handle}/status/{post.id}",
        addressed=own or kept.quotes_us or post.names(kept.me, config.handle),
    )


def gone(kept: Removed, config: Config) -> Event:
    """What a stored deletion says."""
    ref = Ref(KIND, config.account, kept.id)
    return Event(kind=Kind.DELETED, ref=ref, at=kept.at.astimezone(UTC), public=True)


def person(user: User) -> Person:
    """Somebody on X."""
    return Person(id=user.id, handle=user.username, name=user.name, url=f"{SITE}/{user.username}")


def _own_words(post: Post) -> str:
    """Our text without the handles X puts before a reply."""
    start = post.display_text_range[0] if post.display_text_range and not post.note_tweet else 0
    return post.whole[max(start, 0) :].strip()
