"""What people wrote, from what X delivers: links wrapped by t.co, three signs escaped, handles put in front."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from hilft.channels.counting import links

EPOCH: Final = datetime.fromtimestamp(1288834974657 / 1000, UTC)
"""When the numbers of posts and messages begin; their upper bits count milliseconds (docs.x.com, "X IDs")."""

LEAD: Final = re.compile(r"(?:@\w+\s+|@\w+$)*", re.ASCII)


class Url(msgspec.Struct):
    """A link as X delivers it and where it leads."""

    url: str = ""
    expanded_url: str = ""


class Named(msgspec.Struct):
    """Somebody named in a text."""

    id: str = ""
    username: str = ""


class Entities(msgspec.Struct):
    """What X found in a text."""

    urls: list[Url] = []
    mentions: list[Named] = []


def moment(number: str) -> datetime:
    """When the post or message with this number was made."""
    return EPOCH + timedelta(milliseconds=int(number) >> 22)


def number_at(at: datetime) -> int:
    """The smallest number of that moment."""
    return max(0, (at - EPOCH) // timedelta(milliseconds=1)) << 22


def plain(text: str, entities: Entities | None) -> str:
    """A text as its author wrote it: signs unescaped, links whole."""
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace("\x00", "")
    for link in entities.urls if entities else ():
        if link.url and link.expanded_url:
            text = text.replace(link.url, link.expanded_url)
    return text


def unaddressed(text: str, handle: str) -> str:
    """A text without one handle among the handles in front."""
    lead = LEAD.match(text)
    end = lead.end() if lead else 0
    kept = [name for name in text[:end].split() if name[1:].lower() != handle.lstrip("@").lower()]
    return " ".join([*kept, text[end:]]).strip()


def has_link(text: str) -> bool:
    """Whether X finds a link in a text, which makes the post dearer."""
    return bool(links(text))


def same(sent: str, found: str) -> bool:
    """Whether a delivered text is the one we sent, whatever X did to it: handles, schemes, white space, NFC."""
    return _normal(sent) == _normal(found)


def wanted(rules: object) -> tuple[str, ...]:
    """The listening terms of a setting, one per line or in a list."""
    lines: Iterable[object] = rules.splitlines() if isinstance(rules, str) else rules if isinstance(rules, list) else ()
    return tuple(dict.fromkeys(term for line in lines if (term := str(line).strip())))


def _normal(text: str) -> str:
    text = unicodedata.normalize("NFC", LEAD.sub("", text, count=1))
    text = re.sub(r"https?://", "", text, flags=re.IGNORECASE)
    return " ".join(re.sub(r"/(?=\s|$)", "", text).split())
