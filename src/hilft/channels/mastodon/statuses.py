"""Mastodon's statuses as stored and as read: the envelope of a raw event, and its meaning."""

from __future__ import annotations

import html.parser
import re
from datetime import UTC, datetime
from typing import Any

import msgspec

from hilft.channels.contract import Config, Event, Kind, Person, Raw, Ref, Unreadable

KIND = "mastodon"
PUBLIC = ("public", "unlisted")


class Account(msgspec.Struct):
    id: str
    acct: str
    url: str = ""
    display_name: str = ""
    bot: bool | None = False


class Status(msgspec.Struct):
    id: str
    account: Account
    created_at: datetime
    visibility: str
    content: str = ""
    spoiler_text: str | None = ""
    url: str | None = None
    uri: str = ""
    edited_at: datetime | None = None
    in_reply_to_id: str | None = None
    in_reply_to_account_id: str | None = None

    @property
    def stamp(self) -> str:
        """The state of the status: the same from a poll, a stream and a refresh."""
        return str(int((self.edited_at or self.created_at).timestamp() * 1000))


class Kept(msgspec.Struct, tag="status", tag_field="what"):
    """A status with what reading it later needs: who we are, and where the conversation began."""

    me: str
    root: str
    status: Status


class Removed(msgspec.Struct, tag="deleted", tag_field="what"):
    """A status that is no longer there."""

    id: str
    at: datetime


def keep(status: Any, *, me: str, root: str) -> Raw:
    """The raw event for a status as the server gave it."""
    read = msgspec.convert(status, Status)
    body = {"what": "status", "me": me, "root": root, "status": status}
    return Raw(key=f"status:{read.id}:{read.stamp}", body=msgspec.json.encode(body))


def removed(identity: str) -> Raw:
    """The raw event for a status that was deleted."""
    body = {"what": "deleted", "id": identity, "at": datetime.now(UTC)}
    return Raw(key=f"deleted:{identity}", body=msgspec.json.encode(body))


def read(body: bytes, config: Config) -> list[Event]:
    """The events in a stored body; raises Unreadable."""
    try:
        kept = msgspec.json.decode(body, type=Kept | Removed)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unreadable(f"Not a stored Mastodon status: {error}") from error
    if isinstance(kept, Removed):
        ref = Ref(KIND, config.account, kept.id)
        return [Event(kind=Kind.DELETED, ref=ref, at=_aware(kept.at), public=True)]
    return [_event(kept, config)]


def _event(kept: Kept, config: Config) -> Event:
    status = kept.status
    own = status.account.id == kept.me
    at = status.edited_at or status.created_at
    root = kept.root or status.id
    return Event(
        kind=Kind.EDITED if status.edited_at else Kind.CREATED,
        ref=Ref(KIND, config.account, status.id, status.stamp),
        at=_aware(at),
        public=status.visibility in PUBLIC,
        author=person(status.account, config),
        own=own,
        parent=Ref(KIND, config.account, status.in_reply_to_id) if status.in_reply_to_id else None,
        root=Ref(KIND, config.account, root),
        thread=root,
        text=_spoken(status, None if own else config.handle),
        url=status.url or status.uri,
        automatic=bool(status.account.bot) and not own,
    )


def person(account: Account, config: Config) -> Person:
    """The author; accounts of our own server get its name, so that a handle reads the same everywhere."""
    handle = account.acct if "@" in account.acct else f"{account.acct}@{home(config)}"
    return Person(id=account.id, handle=handle, name=account.display_name, url=account.url)


def home(config: Config) -> str:
    """The name of our server as it stands in handles."""
    _, _, host = config.handle.lstrip("@").partition("@")
    return host or re.sub(r"^https?://", "", str(config.settings.get("base_url", ""))).split("/")[0]


def mention(handle: str, config: Config) -> str:
    """How a person is addressed: with the server only when it is not ours."""
    name, _, host = handle.lstrip("@").partition("@")
    return f"@{name}" if not host or host == home(config) else f"@{name}@{host}"


def _spoken(status: Status, ours: str | None) -> str:
    """The text without our handle among the mentions in front; an own status loses its first one."""
    text = plain(status.content)
    lead = re.match(r"(?:@[\w.-]+(?:@[\w.:-]+)?\s+|@[\w.-]+(?:@[\w.:-]+)?$)*", text)
    mentions = lead.group().split() if lead else []
    kept = mentions[1:] if ours is None else [name for name in mentions if not _same(name, ours)]
    rest = text[lead.end() :] if lead else text
    spoken = " ".join([*kept, rest]).strip()
    return f"{status.spoiler_text}\n\n{spoken}".strip() if status.spoiler_text else spoken


def _same(name: str, ours: str) -> bool:
    mine, theirs = ours.lstrip("@").lower().split("@"), name.lstrip("@").lower().split("@")
    return mine[0] == theirs[0] and (len(mine) == 1 or len(theirs) == 1 or mine[1] == theirs[1])


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class _Plain(html.parser.HTMLParser):
    """Text of a status: breaks and paragraphs become lines, links their full address."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.link: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "br":
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag == "a" and "mention" not in (values.get("class") or ""):
            self.link = values.get("href")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.link is not None:
            self.parts.append(self.link)
            self.link = None
        elif tag in {"p", "blockquote", "ul", "ol", "pre"}:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if self.link is None:
            self.parts.append(data)


def plain(content: str) -> str:
    """A status's HTML as the text its author wrote."""
    parser = _Plain()
    parser.feed(content)
    parser.close()
    lines = [line.strip() for line in "".join(parser.parts).replace("\x00", "").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
