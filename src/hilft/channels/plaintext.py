"""What people read in HTML: its words as lines of text, without the history that mail programs mark."""

from __future__ import annotations

import html.parser
import re
from typing import Final

SILENT: Final = {"head", "style", "script", "title", "template"}
LINES: Final = {"p", "div", "tr", "li", "ul", "ol", "table", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "pre"}
EMPTY: Final = {"br", "hr", "img", "meta", "link", "input", "area", "base", "col", "embed", "source", "track", "wbr"}
HISTORY: Final = re.compile(r"gmail_quote|yahoo_quoted|moz-cite-prefix|protonmail_quote|divRplyFwdMsg|appendonsend")


class _Plain(html.parser.HTMLParser):
    """Collects what a reader sees; history that mail programs mark is left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden: list[str] = []
        self.link: tuple[str, int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in EMPTY:
            if tag in {"br", "hr"} and not self.hidden:
                self.parts.append("\n")
            return
        values = {name: value or "" for name, value in attrs}
        if self.hidden or tag in SILENT or _is_history(tag, values):
            self.hidden.append(tag)
            return
        if tag in LINES:
            self.parts.append("\n- " if tag == "li" else "\n")
        elif tag == "a":
            self.link = (values.get("href", ""), len(self.parts))

    def handle_endtag(self, tag: str) -> None:
        if self.hidden:
            if tag in self.hidden:
                while self.hidden.pop() != tag:
                    pass
            return
        if tag == "a" and self.link is not None:
            href, begun = self.link
            shown = "".join(self.parts[begun:]).strip()
            if href.startswith(("http:", "https:")) and href.rstrip("/") != shown.rstrip("/"):
                self.parts.append(f" ({href})")
            self.link = None
        elif tag in LINES:
            self.parts.append("\n\n" if tag == "p" else "\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(re.sub(r"\s+", " ", data))


def _is_history(tag: str, values: dict[str, str]) -> bool:
    marked = f"{values.get('class', '')} {values.get('id', '')}"
    return bool(HISTORY.search(marked)) or (tag == "blockquote" and values.get("type", "").lower() == "cite")


def from_html(content: str) -> str:
    """HTML as lines of text; everything, when leaving out the history would leave nothing."""
    parser = _Plain()
    parser.feed(content)
    parser.close()
    return tidy("".join(parser.parts)) or tidy(re.sub(r"<[^>]*>", " ", content))


def tidy(text: str) -> str:
    """Lines without trailing space, never more than one empty line, and nothing a database refuses."""
    clean = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    clean = clean.encode("utf-8", "replace").decode()
    lines = [line.rstrip() for line in clean.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line if line.strip() else "" for line in lines)).strip()
