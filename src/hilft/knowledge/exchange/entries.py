"""What every reader makes of an export: one entry a question, or a refusal that names row and reason."""

import html
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec
from django.utils.translation import gettext as _
from markdownify import markdownify

from hilft.base.enums import Address, Language
from hilft.reading.address import address
from hilft.reading.language import language

Key = tuple[str, str]
LONGEST_TITLE, LONGEST_TEXT = 200, 50_000


class Damaged(ValueError):
    """A file that is not what it claims to be; `row` is the line, or the number of the item, from 1 on."""

    def __init__(self, row: int, reason: str) -> None:
        super().__init__(f"{row}: {reason}")
        self.row, self.reason = row, reason


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A question with its answer, as another system has it. `key` is that system's own id and never changes.

    `texts` are Markdown by language and form of address; an answer that addresses nobody serves both forms.
    """

    key: str
    row: int
    title: str
    title_en: str = ""
    topic: str = ""
    wordings: tuple[tuple[str, str], ...] = ()
    texts: Mapping[Key, tuple[str, str]] = {}


Reader = Callable[[bytes, Mapping[str, str]], Iterator[Entry]]
"""Reads a whole file; the mapping says which field is found under which name. Raises Damaged."""


def made(
    *, row: int, key: str, title: str, topic: str = "", wordings: tuple[str, ...] = (), body: str = "", spoken: str = ""
) -> Entry:
    """An entry whose one answer text is in one language; raises Damaged for what no question can be made of."""
    title = " ".join(title.split())
    if not title:
        raise Damaged(row, _("There is no question."))
    if not key:
        raise Damaged(row, _("There is no id, so the same question could not be recognised the next time."))
    if len(title) > LONGEST_TITLE:
        raise Damaged(row, _("The question is longer than %(most)s characters.") % {"most": LONGEST_TITLE})
    if len(body) > LONGEST_TEXT:
        raise Damaged(row, _("The answer is longer than %(most)s characters.") % {"most": LONGEST_TEXT})
    english = (spoken or language(f"{title}\n{body}")) == Language.EN
    said = tuple((" ".join(text.split())[:600], "en" if english else "de") for text in wordings if text.strip())
    return Entry(
        key=key, row=row, title=title, title_en=title if english else "", topic=topic.strip()[:80], wordings=said,
        texts=dict.fromkeys(_keys(body, english=english), (body.strip(), "")) if body.strip() else {},
    )  # fmt: skip


def markdown(text: str) -> str:
    """An answer's HTML as Markdown."""
    plain: str = markdownify(text, heading_style="ATX", strip=["img", "script", "style", "iframe"], bullets="-")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in plain.splitlines())).strip()


def bare(text: str) -> str:
    """A short HTML text without its marks."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def items(data: bytes, *places: str, single: bool = False) -> list[dict[str, Any]]:
    """The objects of a JSON document: a list, what stands under one of the places, a line each, or a `single` one.

    Raises Damaged, naming the line where that is known.
    """
    try:
        found = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return _lines(data, error)
    for place in places:
        inner: Any = found
        for name in place.split("."):
            inner = inner.get(name) if isinstance(inner, dict) else None
        if isinstance(inner, list):
            return _objects(inner)
    if isinstance(found, list):
        return _objects(found)
    if isinstance(found, dict) and single:
        return [found]
    raise Damaged(1, _("This holds no list of objects under %(place)s.") % {"place": places[0] if places else "[]"})


def need(item: Mapping[str, Any], name: str, row: int) -> Any:
    """A field that has to be there; raises Damaged."""
    if item.get(name) is None:
        raise Damaged(row, _("The field %(name)s is missing.") % {"name": name})
    return item[name]


def _keys(body: str, *, english: bool) -> list[Key]:
    if english:
        return [(Language.EN, Address.NONE)]
    form = address(body)
    if form == "unknown":
        return [(Language.DE, Address.SIE), (Language.DE, Address.DU)]
    return [(Language.DE, form)]


def _lines(data: bytes, error: Exception) -> list[dict[str, Any]]:
    found = []
    lines = [(number, line) for number, line in enumerate(data.splitlines(), start=1) if line.strip()]
    if len(lines) < 2 or not lines[0][1].lstrip().startswith(b"{") or not lines[0][1].rstrip().endswith(b"}"):
        raise Damaged(1, _("This is not JSON: %(error)s.") % {"error": error})
    for number, line in lines:
        try:
            found.append(msgspec.json.decode(line, type=dict[str, Any]))
        except (msgspec.DecodeError, UnicodeDecodeError) as problem:
            raise Damaged(number, _("This line is not a JSON object: %(error)s.") % {"error": problem}) from problem
    return found


def _objects(found: list[Any]) -> list[dict[str, Any]]:
    for row, item in enumerate(found, start=1):
        if not isinstance(item, dict):
            raise Damaged(row, _("This is not an object."))
    return found
