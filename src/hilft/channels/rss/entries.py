"""A feed's entries as stored and as read: RSS 0.9 to 2.0 and Atom, their markup turned into text."""

from __future__ import annotations

import calendar
import hashlib
import io
import re
import xml.sax
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import feedparser
import msgspec

from hilft.channels.contract import Config, Event, Kind, Person, Raw, Ref, Unreadable
from hilft.channels.plaintext import from_html, tidy

KIND: Final = "rss"
SUBSET: Final = re.compile(rb"<!DOCTYPE[^>\[]*\[", re.I)
"""A document type with declarations of its own, as entity bombs have and feeds do not."""

FATAL: Final = (xml.sax.SAXException, LookupError, UnicodeError, ValueError)
HARMLESS: Final = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)
"""What feedparser notes of a feed, and what of it leaves the feed readable."""

MARKUP: Final = ("html", "xml")
TEXT: Final = 20_000
NAME: Final = 200
ADDRESS: Final = 600
IDENTITY: Final = 300
"""Characters that are kept of a text, a name, an address and an identity; a longer identity becomes its hash."""


class Broken(Exception):
    """Not a feed; the text says why, for people."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One state of an entry and the one `before`; times are aware, `published` absent where the feed has none."""

    id: str
    state: str
    feed: str
    title: str
    text: str
    link: str
    author: str
    author_id: str
    found_at: datetime
    published: datetime | None = None
    before: str = ""


def entries(content: bytes, *, url: str, found_at: datetime, headers: Mapping[str, str] = {}) -> list[Entry]:
    """The entries of a feed, oldest first; raises Broken for anything that is not a well-formed feed."""
    if SUBSET.search(content.replace(b"\x00", b"")):
        raise Broken("The feed declares entities of its own, which hilft does not read.")
    if not content.strip():
        raise Broken("The feed is empty.")
    about = {"content-location": url, "content-type": headers.get("content-type", "")}
    # a stream and never the bytes themselves, which feedparser would take for a file's name
    feed = feedparser.parse(
        io.BytesIO(content), response_headers=about, sanitize_html=False, resolve_relative_uris=False
    )
    if not feed.get("version"):
        raise Broken("There is no feed at this address.")
    problem = feed.get("bozo_exception")
    if isinstance(problem, FATAL) and not isinstance(problem, HARMLESS):
        raise Broken(f"The feed is not well-formed: {_reason(problem)}.")
    name = _line(feed.feed.get("title", "")) or url
    found = {entry.id: entry for entry in (_entry(one, name, url, found_at) for one in reversed(feed.entries))}
    return sorted(found.values(), key=lambda entry: entry.published or found_at)


def keep(entry: Entry) -> Raw:
    """The raw event of one state of an entry; a change is named by both states, so that a change back is one too."""
    after = f":{entry.before}" if entry.before else ""
    return Raw(key=f"entry:{digest(entry.id)}:{entry.state}{after}", body=msgspec.json.encode(entry))


def read(body: bytes, config: Config) -> list[Event]:
    """The event in a stored body; raises Unreadable."""
    try:
        entry = msgspec.json.decode(body, type=Entry)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise Unreadable(f"Not a stored entry of a feed: {error}") from error
    at = entry.found_at if entry.before or entry.published is None else min(entry.published, entry.found_at)
    ref = Ref(KIND, config.account, entry.id, entry.state)
    return [
        Event(
            kind=Kind.EDITED if entry.before else Kind.CREATED,
            ref=ref,
            at=at,
            public=True,
            author=Person(id=entry.author_id, handle=entry.author, name=entry.author, url=entry.link),
            root=ref,
            thread=entry.id,
            subject=entry.title,
            text=entry.text or entry.title,
            url=entry.link,
        )
    ]


def digest(words: str, length: int = 32) -> str:
    """A short name for a long text, in hexadecimal digits."""
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:length]


def _entry(one: Any, name: str, url: str, found_at: datetime) -> Entry:
    title, text, link = _title(one), _text(one), _link(one)
    given = str(one.get("id") or "").replace("\x00", "").strip()
    identity = given or f"hash:{digest(link + chr(10) + title)}"
    author = _line(one.get("author", ""))[:NAME]
    return Entry(
        id=identity if len(identity) <= IDENTITY else f"hash:{digest(identity)}",
        state=digest("\x1f".join((title, text, link, author)), 16),
        feed=name[:NAME],
        title=title[:NAME],
        text=text,
        link=link,
        author=author or name[:NAME],
        author_id=_short(f"{url}#{author}" if author else url),
        found_at=found_at,
        published=_moment(one),
    )


def _title(one: Any) -> str:
    return _line(_plain(one.get("title", ""), (one.get("title_detail") or {}).get("type", "")))


def _text(one: Any) -> str:
    """The longest of what the feed says: the whole content where it has one, else the summary."""
    said = [*(one.get("content") or []), one.get("summary_detail") or {}]
    texts = [_plain(str(part.get("value") or ""), str(part.get("type") or "")) for part in said]
    return max(texts, key=len, default="")[:TEXT]


def _plain(value: str, kind: str) -> str:
    text = from_html(value) if any(mark in kind for mark in MARKUP) else tidy(value)
    return "\n".join(line.strip() for line in text.split("\n"))


def _link(one: Any) -> str:
    link = str(one.get("link") or "").strip()
    return link if link.lower().startswith(("http://", "https://")) and len(link) <= ADDRESS else ""


def _moment(one: Any) -> datetime | None:
    """When it was published, or updated where the feed tells only that; feedparser gives UTC."""
    parsed = one.get("published_parsed") or one.get("updated_parsed")
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def _line(words: Any) -> str:
    return " ".join(tidy(str(words)).split())


def _short(identity: str) -> str:
    return identity if len(identity) <= IDENTITY else f"hash:{digest(identity)}"


def _reason(problem: Exception) -> str:
    if isinstance(problem, xml.sax.SAXParseException):
        return f"line {problem.getLineNumber()}, {problem.getMessage()}"
    return str(problem) or type(problem).__name__
