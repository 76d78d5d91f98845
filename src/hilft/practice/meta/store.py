"""What was written on the practice network, in SQLite, so that it outlives a restart."""

import secrets
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import msgspec

from hilft.practice.accounts import BRAND
from hilft.practice.meta.clock import Clock
from hilft.practice.meta.people import PAGE_ID, Network, scoped_id

type Kind = Literal["post", "comment", "media", "ig_comment"]

SCHEMA = Path(__file__).parent / "schema.sql"


class Thing(msgspec.Struct, frozen=True):
    """A public post, media object or comment. `root` is the post it hangs on, itself for posts and media.

    `surface` says where: "wall" (the page's), "elsewhere" (a customer's own), FEED, REELS, STORY, LIVE, or LIVE_OVER.
    `answered_at` is when the one private reply to it was sent. Times are seconds since the epoch.
    """

    seq: int
    id: str
    kind: Kind
    author: str
    parent: str
    root: str
    text: str
    surface: str
    created_at: float
    edited_at: float | None
    hidden: bool
    answered_at: float | None

    @property
    def own(self) -> bool:
        """Whether the brand wrote it."""
        return self.author == BRAND

    @property
    def network(self) -> Network:
        """Where it stands."""
        return "facebook" if self.kind in ("post", "comment") else "instagram"

    @property
    def is_reply(self) -> bool:
        """Whether it answers a comment and not the post itself."""
        return self.parent not in ("", self.root)


class Conversation(msgspec.Struct, frozen=True):
    """The private messages with one person; `heard_at` is when that person last wrote."""

    id: str
    network: Network
    handle: str
    updated_at: float
    heard_at: float | None


class Letter(msgspec.Struct, frozen=True):
    """One private message; `comment` is the comment it privately replies to, or empty."""

    seq: int
    id: str
    conversation: str
    author: str
    text: str
    created_at: float
    edits: int
    comment: str


def _number(digits: int) -> str:
    return str(10 ** (digits - 1) + secrets.randbelow(9 * 10 ** (digits - 1)))


class Store:
    """One database file; used from the server's one thread."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.clock = clock
        self.database = sqlite3.connect(path, isolation_level=None)
        self.database.row_factory = sqlite3.Row
        self.database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;")
        self.database.executescript(SCHEMA.read_text(encoding="utf-8"))

    def close(self) -> None:
        """Close the file."""
        self.database.close()

    def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """The rows of a query, by column name."""
        return [dict(row) for row in self.database.execute(query, values)]

    def setting(self, name: str, default: Any = None) -> Any:
        """A remembered setting, as JSON gives it back."""
        found = self.rows("SELECT value FROM setting WHERE name = ?", name)
        return msgspec.json.decode(found[0]["value"]) if found else default

    def remember(self, name: str, value: Any) -> None:
        """Keep a setting."""
        text = msgspec.json.encode(value).decode()
        self.database.execute("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", (name, text))

    def _things(self, condition: str, *values: Any) -> list[Thing]:
        rows = self.rows(f"SELECT * FROM thing WHERE {condition} ORDER BY seq", *values)  # noqa: S608 – constants only
        return msgspec.convert(rows, list[Thing], strict=False)

    def thing(self, thing_id: str) -> Thing | None:
        """A post, media object or comment, if it still exists."""
        found = self._things("id = ?", thing_id)
        return found[0] if found else None

    def children(self, parent: str) -> list[Thing]:
        """What directly answers a thing, oldest first."""
        return self._things("parent = ?", parent)

    def below(self, root: str) -> list[Thing]:
        """All comments of a post or media object, oldest first."""
        return self._things("root = ? AND id != root", root)

    def tops(self, kind: Kind) -> list[Thing]:
        """All posts or media objects, oldest first."""
        return self._things("kind = ?", kind)

    def own_tops(self, kind: Kind) -> list[Thing]:
        """The brand's own posts or media objects, oldest first."""
        return self._things("kind = ? AND author = ?", kind, BRAND)

    def replies_since(self, seq: int) -> list[Thing]:
        """The brand's comments after a number, oldest first."""
        return self._things("kind IN ('comment', 'ig_comment') AND author = ? AND seq > ?", BRAND, seq)

    def add(self, kind: Kind, author: str, text: str, *, parent: Thing | None = None, surface: str = "") -> Thing:
        """Write a post, media object or comment; a reply to a reply is filed under the first comment."""
        if parent is not None and parent.is_reply:
            parent = self.thing(parent.parent) or parent
        thing_id = self._new_id(kind, author, parent)
        root = parent.root if parent else thing_id
        self.database.execute(
            "INSERT INTO thing (id, kind, author, parent, root, text, surface, created_at) VALUES (?,?,?,?,?,?,?,?)",
            (thing_id, kind, author, parent.id if parent else "", root, text, surface, self.clock.now()),
        )
        found = self.thing(thing_id)
        assert found is not None
        return found

    @staticmethod
    def _new_id(kind: Kind, author: str, parent: Thing | None) -> str:
        if kind == "post":
            return f"{scoped_id(author, 'facebook')}_{_number(15)}"
        if kind == "comment":
            assert parent is not None
            return f"{parent.root.rpartition('_')[2]}_{_number(15)}"
        return f"179{_number(14)}" if kind == "media" else f"178{_number(14)}"

    def rewrite(self, thing: Thing, text: str) -> Thing:
        """Change a thing's text and keep the earlier one."""
        now = self.clock.now()
        self.database.execute(
            "INSERT INTO earlier (thing, text, at) VALUES (?, ?, ?)",
            (thing.id, thing.text, thing.edited_at or thing.created_at),
        )
        self.database.execute("UPDATE thing SET text = ?, edited_at = ? WHERE id = ?", (text, now, thing.id))
        return msgspec.structs.replace(thing, text=text, edited_at=now)

    def earlier(self, thing: Thing) -> list[tuple[str, float]]:
        """The earlier texts and since when they stood."""
        rows = self.rows("SELECT text, at FROM earlier WHERE thing = ? ORDER BY rowid", thing.id)
        return [(row["text"], row["at"]) for row in rows]

    def hide(self, thing: Thing, *, hidden: bool) -> Thing:
        """Hide a comment from other people, or show it again."""
        self.database.execute("UPDATE thing SET hidden = ? WHERE id = ?", (hidden, thing.id))
        return msgspec.structs.replace(thing, hidden=hidden)

    def surface(self, thing: Thing, surface: str) -> None:
        """Move a media object to another surface: a live video ends."""
        self.database.execute("UPDATE thing SET surface = ? WHERE id = ?", (surface, thing.id))

    def remove(self, thing: Thing) -> list[Thing]:
        """Delete a thing and everything below it; says what is gone."""
        gone = [thing]
        for child in self.children(thing.id):
            gone += self.remove(child)
        self.database.execute("DELETE FROM earlier WHERE thing = ?", (thing.id,))
        self.database.execute("DELETE FROM thing WHERE id = ?", (thing.id,))
        return gone

    def answered(self, thing: Thing) -> None:
        """Note that the one private reply was sent."""
        self.database.execute("UPDATE thing SET answered_at = ? WHERE id = ?", (self.clock.now(), thing.id))

    def conversations(self, network: Network) -> list[Conversation]:
        """All conversations on a network, the last active first."""
        rows = self.rows("SELECT * FROM conversation WHERE network = ? ORDER BY updated_at DESC, id", network)
        return msgspec.convert(rows, list[Conversation])

    def conversation(self, conversation_id: str) -> Conversation | None:
        """A conversation by its id."""
        rows = self.rows("SELECT * FROM conversation WHERE id = ?", conversation_id)
        return msgspec.convert(rows[0], Conversation) if rows else None

    def conversation_with(self, network: Network, handle: str) -> Conversation | None:
        """The conversation with a person."""
        rows = self.rows("SELECT * FROM conversation WHERE network = ? AND handle = ?", network, handle)
        return msgspec.convert(rows[0], Conversation) if rows else None

    def write(self, network: Network, handle: str, text: str, *, author: str, comment: str = "") -> Letter:
        """Put a message into the conversation with `handle`, opening it if need be."""
        now = self.clock.now()
        found = self.conversation_with(network, handle)
        prefix = "t_" if network == "facebook" else "aWdfZAG06"
        thread = found.id if found else f"{prefix}{_number(16)}"
        self.database.execute(
            "INSERT OR IGNORE INTO conversation (id, network, handle, updated_at) VALUES (?, ?, ?, ?)",
            (thread, network, handle, now),
        )
        heard = ", heard_at = :now" if author != BRAND else ""
        update = f"UPDATE conversation SET updated_at = :now{heard} WHERE id = :id"  # noqa: S608 – constants only
        self.database.execute(update, {"now": now, "id": thread})
        message = ("m_" if network == "facebook" else "aWdfZAG1f") + secrets.token_urlsafe(48)
        self.database.execute(
            "INSERT INTO message (id, conversation, author, text, created_at, comment) VALUES (?, ?, ?, ?, ?, ?)",
            (message, thread, author, text, now, comment),
        )
        letter = self.letter(message)
        assert letter is not None
        return letter

    def letters(self, conversation: str) -> list[Letter]:
        """The messages of a conversation, oldest first."""
        rows = self.rows("SELECT * FROM message WHERE conversation = ? ORDER BY seq", conversation)
        return msgspec.convert(rows, list[Letter])

    def letters_since(self, seq: int) -> list[Letter]:
        """The brand's messages after a number, oldest first."""
        rows = self.rows("SELECT * FROM message WHERE author = ? AND seq > ? ORDER BY seq", BRAND, seq)
        return msgspec.convert(rows, list[Letter])

    def letter(self, message_id: str) -> Letter | None:
        """A message by its id."""
        rows = self.rows("SELECT * FROM message WHERE id = ?", message_id)
        return msgspec.convert(rows[0], Letter) if rows else None

    def reword(self, letter: Letter, text: str) -> Letter:
        """Change a message's text."""
        self.database.execute("UPDATE message SET text = ?, edits = edits + 1 WHERE id = ?", (text, letter.id))
        return msgspec.structs.replace(letter, text=text, edits=letter.edits + 1)

    def unsend(self, letter: Letter) -> None:
        """Take a message back."""
        self.database.execute("DELETE FROM message WHERE id = ?", (letter.id,))

    def forget(self, tables: Iterable[str] = ("thing", "earlier", "conversation", "message", "delivery")) -> None:
        """Empty the network; tokens, subscriptions and settings stay."""
        for table in tables:
            self.database.execute(f"DELETE FROM {table}")  # noqa: S608 – constants only


def of_page(post_id: str) -> bool:
    """Whether a post's id says that the page wrote it."""
    return post_id.startswith(f"{PAGE_ID}_")
