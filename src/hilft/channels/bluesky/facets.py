"""Links and mentions in a post's text, which Bluesky counts in UTF-8 bytes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from hilft.channels.counting import BARE

LINK: Final = "app.bsky.richtext.facet#link"
MENTION: Final = "app.bsky.richtext.facet#mention"
HANDLE: Final = re.compile(r"(?<![\w@.])@([a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+)")
SHORTENED: Final = ("…", "...")


def facets(text: str, resolve: Callable[[str], str | None]) -> list[dict[str, Any]]:
    """The facets of a text; `resolve` gives a handle's DID, None leaves the mention plain."""
    found = [
        _facet(text, link.start(), link.end(), {"$type": LINK, "uri": _address(link.group())})
        for link in BARE.finditer(text)
    ]
    found += [
        _facet(text, mention.start(), mention.end(), {"$type": MENTION, "did": did})
        for mention in HANDLE.finditer(text)
        if (did := resolve(mention.group(1)))
    ]
    return sorted(found, key=lambda facet: int(facet["index"]["byteStart"]))


def _address(link: str) -> str:
    return link if "://" in link else f"https://{link}"


def _facet(text: str, start: int, end: int, feature: dict[str, str]) -> dict[str, Any]:
    first, last = len(text[:start].encode()), len(text[:end].encode())
    return {"index": {"byteStart": first, "byteEnd": last}, "features": [feature]}


def expanded(text: str, found: Any) -> str:
    """The text with the whole address where a client shows a shortened one; broken facets are ignored."""
    octets = text.encode()
    for start, end, address in sorted(_links(found), reverse=True):
        if 0 <= start < end <= len(octets) and octets[start:end].decode("utf-8", "ignore").endswith(SHORTENED):
            octets = octets[:start] + address.encode() + octets[end:]
    return octets.decode("utf-8", "replace")


def _links(found: Any) -> list[tuple[int, int, str]]:
    links: list[tuple[int, int, str]] = []
    for facet in found if isinstance(found, list) else []:
        try:
            index = facet["index"]
            uris = [one["uri"] for one in facet["features"] if one.get("$type") == LINK]
            links += [(int(index["byteStart"]), int(index["byteEnd"]), str(uri)) for uri in uris]
        except (KeyError, TypeError, ValueError, AttributeError):
            continue
    return links
