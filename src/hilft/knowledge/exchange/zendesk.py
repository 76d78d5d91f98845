"""Zendesk Guide: articles as the Help Center API lists them; sections are topics, labels further wordings."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from hilft.knowledge.exchange.entries import Entry, items, made, markdown, need


def read(data: bytes, mapping: Mapping[str, str]) -> Iterator[Entry]:
    """Drafts are left out; an article's translation in another language is a question of its own there, too."""
    sections = _sections(data)
    for row, article in enumerate(items(data, "articles"), start=1):
        if article.get("draft"):
            continue
        locale = str(article.get("locale") or article.get("source_locale") or "").lower()
        section = str(article.get("section_id") or "")
        yield made(
            row=row,
            key=f"{need(article, 'id', row)}:{locale or 'de'}",
            title=str(need(article, "title", row)),
            topic=str(mapping.get(f"section.{section}") or sections.get(section, "")),
            wordings=tuple(str(label) for label in article.get("label_names") or ()),
            body=markdown(str(article.get("body") or "")),
            spoken=locale[:2],
        )


def _sections(data: bytes) -> dict[str, str]:
    try:
        found: Any = msgspec.json.decode(data)
    except msgspec.DecodeError:
        return {}
    listed = found.get("sections", ()) if isinstance(found, dict) else ()
    return {str(one.get("id")): str(one.get("name", "")) for one in listed if isinstance(one, dict)}
