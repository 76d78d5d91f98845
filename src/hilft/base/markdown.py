"""Markdown as answers are written in it: to safe HTML for pages, to plain text for networks."""

from functools import cache, lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "h2", "h3", "h4", "blockquote", "code", "pre", "hr"}
TAGS |= {"table", "thead", "tbody", "tr", "th", "td"}


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")


def to_html(text: str) -> str:
    """Safe HTML: no raw HTML of the writer, links that leak nothing to where they lead."""
    html = _parser().render(text).replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    return nh3.clean(html, tags=TAGS, attributes={"a": {"href"}, "ol": {"start"}}, link_rel="noopener nofollow")


@lru_cache(2048)
def to_text(text: str) -> str:  # noqa: C901  one branch per kind of token
    """Plain text that reads well where no markup is shown: numbered steps, dashes, links in brackets."""
    parts: list[str] = []
    lists: list[int | None] = []
    for token in _parser().parse(text):
        match token.type:
            case "ordered_list_open":
                lists.append(int(token.attrs.get("start", 1)))
            case "bullet_list_open":
                lists.append(None)
            case "ordered_list_close" | "bullet_list_close":
                lists.pop()
                parts.append("\n" if not lists else "")
            case "list_item_open":
                parts.append(_mark(lists))
            case "inline":
                parts.append(_inline(token.children or []))
            case "paragraph_close" | "heading_close":
                parts.append("\n" if lists else "\n\n")
            case "fence" | "code_block":
                parts.append(token.content + "\n")
            case "tr_close":
                parts.append("\n")
            case "th_close" | "td_close":
                parts.append("  ")
            case _:
                pass
    lines = [line.rstrip() for line in "".join(parts).split("\n")]
    return "\n".join(line for i, line in enumerate(lines) if line or (i and lines[i - 1])).strip()


def _mark(lists: list[int | None]) -> str:
    indent = "   " * (len(lists) - 1)
    number = lists[-1]
    if number is None:
        return f"{indent}– "
    lists[-1] = number + 1
    return f"{indent}{number}. "


def _inline(tokens: list[Token]) -> str:
    out: list[str] = []
    href = ""
    start = 0
    for token in tokens:
        if token.type in {"text", "code_inline"}:
            out.append(token.content)
        elif token.type in {"softbreak"}:
            out.append(" ")
        elif token.type == "hardbreak":
            out.append("\n")
        elif token.type == "link_open":
            href, start = str(token.attrs.get("href", "")), len(out)
        elif token.type == "link_close":
            shown = "".join(out[start:])
            if href and shown.removeprefix("https://") != href.removeprefix("https://"):
                out.append(f" ({href})")
    return "".join(out)
