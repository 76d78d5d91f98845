"""The network's memory: one SQLite file, so that posts, messages and subscriptions outlive a restart."""

import sqlite3
from pathlib import Path
from typing import Any, Final

SCHEMA: Final = """
create table if not exists person(
    id text primary key, handle text not null unique, name text not null, accepts_dm integer not null default 1);
create table if not exists post(
    id integer primary key, origin integer not null, author text not null references person, text text not null,
    shown_from integer not null default 0, created_at real not null, conversation integer not null,
    reply_to integer, quote integer, deleted integer not null default 0, hidden integer not null default 0,
    latest integer not null default 1);
create index if not exists post_author on post(author, id);
create index if not exists post_conversation on post(conversation, id);
create index if not exists post_origin on post(origin);
create index if not exists post_reply on post(reply_to);
create table if not exists mention(
    post integer not null references post, person text not null, primary key(person, post));
create table if not exists message(
    id integer primary key, conversation text not null, sender text not null, recipient text not null,
    text text not null, created_at real not null, hidden_for_sender integer not null default 0);
create table if not exists webhook(
    id integer primary key, url text not null unique, valid integer not null, created_at real not null,
    succeeded_at real not null);
create table if not exists subscription(
    id integer primary key, event_type text not null, user_id text not null, tag text, webhook integer,
    created_at real not null, updated_at real not null);
create table if not exists rule(id integer primary key, value text not null unique, tag text);
create table if not exists token(
    access text primary key, refresh text not null unique, user_id text not null, expires_at real not null,
    revoked integer not null default 0);
create table if not exists charge(
    item text not null, resource text not null, day text not null, microusd integer not null);
create unique index if not exists charge_once on charge(item, resource, day) where resource <> '';
create table if not exists delivery(
    id integer primary key autoincrement, webhook integer not null, url text not null, event_type text not null,
    event_uuid text not null, attempt integer not null, at real not null, status integer, problem text not null);
"""


class Store:
    """The open file; every statement is its own transaction unless it runs inside `with store:`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(folder / "x.sqlite3", isolation_level=None, check_same_thread=False)
        self._database.row_factory = sqlite3.Row
        self._database.execute("pragma journal_mode=wal")
        self._database.execute("pragma synchronous=normal")
        self._database.executescript(SCHEMA)

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """All rows of a query."""
        return self._database.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        """The first row of a query, if any."""
        found: sqlite3.Row | None = self._database.execute(sql, values).fetchone()
        return found

    def number(self, sql: str, *values: Any) -> int:
        """The first column of the first row as a whole number; 0 when there is none."""
        found = self.row(sql, *values)
        return int(found[0] or 0) if found else 0

    def write(self, sql: str, *values: Any) -> int:
        """Change something and return how many rows it changed."""
        return self._database.execute(sql, values).rowcount

    def __enter__(self) -> None:
        self._database.execute("begin immediate")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._database.execute("rollback" if kind else "commit")

    def close(self) -> None:
        """Close the file."""
        self._database.close()
