"""Posts as X keeps them: every edit is a new post in a chain, a reply names whom it answers."""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from hilft.practice.x.clock import Clock
from hilft.practice.x.store import Store
from hilft.practice.x.weight import mentioned


class Person(NamedTuple):
    """An account of the network."""

    id: str
    handle: str
    name: str
    accepts_dm: bool


class Post(NamedTuple):
    """One version of a post; `origin` is the first version's id, `shown_from` where the text's own words begin."""

    id: int
    origin: int
    author: str
    text: str
    shown_from: int
    created_at: float
    conversation: int
    reply_to: int | None
    quote: int | None
    deleted: bool
    hidden: bool
    latest: bool


class Span(NamedTuple):
    """Which part of a list is asked for: ids greater than `since`, less than `until`, at most `limit`, newest first."""

    since: int
    until: int
    limit: int


class Posts:
    """Writes and finds posts; whether X would allow it is decided elsewhere."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def person(self, *, user_id: str = "", handle: str = "") -> Person | None:
        """An account by id or by handle in any case."""
        row = self._store.row("select * from person where id = ? or lower(handle) = ?", user_id, handle.lower())
        return Person(row["id"], row["handle"], row["name"], bool(row["accepts_dm"])) if row else None

    def people(self) -> list[Person]:
        """Everybody, by handle."""
        rows = self._store.rows("select * from person order by handle")
        return [Person(row["id"], row["handle"], row["name"], bool(row["accepts_dm"])) for row in rows]

    def get(self, post_id: int, *, deleted: bool = False) -> Post | None:
        """One version by its id; deleted ones only when asked for."""
        row = self._store.row("select * from post where id = ? and deleted <= ?", post_id, deleted)
        return _post(row) if row else None

    def create(
        self,
        author: Person,
        text: str,
        *,
        reply_to: Post | None = None,
        quote: Post | None = None,
        left_out: Sequence[str] = (),
    ) -> Post:
        """A new post. A reply begins with the handles of those it answers, except the ids in `left_out`."""
        prefix = self.opening_text(author, text, reply_to, left_out)
        post_id = self._clock.new_id()
        conversation = reply_to.conversation if reply_to else post_id
        references = (reply_to.origin if reply_to else None, quote.origin if quote else None)
        self._insert(post_id, post_id, author, prefix + text, len(prefix), conversation, references)
        return self._just_written(post_id)

    def edit(self, post: Post, author: Person, text: str) -> Post:
        """A new version with an id of its own; the earlier ones stay readable by theirs."""
        post_id = self._clock.new_id()
        text = post.text[: post.shown_from] + text
        with self._store:
            self._store.write("update post set latest = 0 where origin = ?", post.origin)
            references = (post.reply_to, post.quote)
            self._insert(post_id, post.origin, author, text, post.shown_from, post.conversation, references)
        return self._just_written(post_id)

    def delete(self, post: Post) -> None:
        """Delete the whole chain of versions."""
        self._store.write("update post set deleted = 1 where origin = ?", post.origin)

    def hide(self, post: Post, *, hidden: bool) -> None:
        """Hide a reply under somebody's post, or show it again."""
        self._store.write("update post set hidden = ? where origin = ?", hidden, post.origin)

    def versions(self, post: Post) -> list[Post]:
        """All versions, oldest first."""
        return [_post(row) for row in self._store.rows("select * from post where origin = ? order by id", post.origin)]

    def mentions(self, post: Post) -> list[str]:
        """The ids of the people a post mentions."""
        rows = self._store.rows("select person from mention where post = ? order by rowid", post.id)
        return [row["person"] for row in rows]

    def mentioning(self, user_id: str, span: Span) -> list[Post]:
        """The newest versions of posts of others that mention somebody."""
        sql = (
            "select post.* from post join mention on mention.post = post.id where mention.person = ? and author <> ? "
            "and latest and not deleted and post.id > ? and post.id < ? order by post.id desc limit ?"
        )
        return [_post(row) for row in self._store.rows(sql, user_id, user_id, *span)]

    def by_author(self, user_id: str, span: Span) -> list[Post]:
        """The newest versions of somebody's posts."""
        shown = "latest and not deleted and id > ? and id < ?"
        sql = f"select * from post where author = ? and {shown} order by id desc limit ?"  # noqa: S608 – a constant
        return [_post(row) for row in self._store.rows(sql, user_id, *span)]

    def all(self, span: Span, *, deleted: bool = False, old: bool = False) -> list[Post]:
        """Everybody's posts; deleted ones and superseded versions only when asked for."""
        sql = "select * from post where deleted <= ? and (latest or ?) and id > ? and id < ? order by id desc limit ?"
        return [_post(row) for row in self._store.rows(sql, deleted, old, *span)]

    def same_text(self, author: Person, text: str, since: float) -> bool:
        """Whether somebody already has a post of exactly this text, written after `since`."""
        sql = "select 1 from post where author = ? and text = ? and not deleted and latest and created_at > ?"
        return self._store.row(sql, author.id, text, since) is not None

    def replies(self, post: Post) -> int:
        """How many posts answer this one."""
        sql = "select count(*) from post where reply_to = ? and latest and not deleted"
        return self._store.number(sql, post.origin)

    def answers(self, post: Post) -> list[Post]:
        """The newest versions of the posts that answer this one, oldest first, deleted ones too."""
        sql = "select * from post where reply_to = ? and latest order by origin"
        return [_post(row) for row in self._store.rows(sql, post.origin)]

    def quotes(self, post: Post) -> int:
        """How many posts quote this one."""
        sql = "select count(*) from post where quote = ? and latest and not deleted"
        return self._store.number(sql, post.origin)

    def opening_text(self, author: Person, text: str, reply_to: Post | None, left_out: Sequence[str]) -> str:
        """The handles X puts before a reply unless the text has them: the author above and whom that mentions."""
        ids = dict.fromkeys([reply_to.author, *self.mentions(reply_to)]) if reply_to else {}
        people = (self.person(user_id=user_id) for user_id in ids if user_id not in {author.id, *left_out})
        written = mentioned(text)
        return "".join(f"@{person.handle} " for person in people if person and person.handle.lower() not in written)

    def _insert(
        self,
        post_id: int,
        origin: int,
        author: Person,
        text: str,
        shown_from: int,
        conversation: int,
        references: tuple[int | None, int | None],
    ) -> None:
        sql = (
            "insert into post(id, origin, author, text, shown_from, created_at, conversation, reply_to, quote) "
            "values(?, ?, ?, ?, ?, ?, ?, ?, ?)"
        )
        now = self._clock.now()
        self._store.write(sql, post_id, origin, author.id, text, shown_from, now, conversation, *references)
        for handle in mentioned(text):
            sql = "insert or ignore into mention(post, person) select ?, id from person where lower(handle) = ?"
            self._store.write(sql, post_id, handle)

    def _just_written(self, post_id: int) -> Post:
        post = self.get(post_id)
        if post is None:
            raise RuntimeError(f"post {post_id} was not written")
        return post


def _post(row: sqlite3.Row) -> Post:
    values = dict(row) | {name: bool(row[name]) for name in ("deleted", "hidden", "latest")}
    return Post(**values)
