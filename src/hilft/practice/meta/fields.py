"""The `fields` parameter: `id,message,comments.limit(2).order(chronological){id,from}` as a tree."""

import re
from typing import NamedTuple

from hilft.practice.meta.errors import GraphError

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_DEPTH = 4


class Field(NamedTuple):
    """One field with its modifiers, and the fields asked of what it leads to; None when nothing was said.

    `asked` is the text of those fields, for the addresses of further pages.
    """

    name: str
    modifiers: dict[str, str]
    fields: list["Field"] | None
    asked: str = ""


class _Reader:
    """Reads a field list from left to right."""

    def __init__(self, text: str) -> None:
        self.text = re.sub(r"\s+", "", text)
        self.at = 0

    def next_is(self, sign: str) -> bool:
        """Step over `sign` if it comes next."""
        if not self.text.startswith(sign, self.at):
            return False
        self.at += len(sign)
        return True

    def name(self) -> str:
        """The name that must come next."""
        found = _NAME.match(self.text, self.at)
        if found is None:
            raise self.error("name")
        self.at = found.end()
        return found.group()

    def argument(self) -> str:
        """What stands in the parentheses that must come next."""
        if not self.next_is("("):
            raise self.error('"("')
        end = self.text.find(")", self.at)
        if end < 0:
            raise self.error('")"')
        value = self.text[self.at : end]
        self.at = end + 1
        return value

    def error(self, expected: str) -> GraphError:
        """The syntax error at this place."""
        rest = self.text[self.at : self.at + 10] or "end of string"
        return GraphError(2500, f'Syntax error "Expected {expected} instead of "{rest}"." at character {self.at}')


def _list(reader: _Reader, depth: int) -> list[Field]:
    fields = [_field(reader, depth)]
    while reader.next_is(","):
        fields.append(_field(reader, depth))
    return fields


def _field(reader: _Reader, depth: int) -> Field:
    name = reader.name()
    modifiers: dict[str, str] = {}
    while reader.next_is("."):
        modifier = reader.name()
        modifiers[modifier] = reader.argument()
    below: list[Field] | None = None
    begin = reader.at + 1
    if reader.next_is("{"):
        if depth == _DEPTH:
            raise GraphError(2500, "Too many levels of nested fields.")
        below = _list(reader, depth + 1)
        if not reader.next_is("}"):
            raise reader.error('"}"')
    return Field(name, modifiers, below, reader.text[begin : reader.at - 1] if below else "")


def parse(text: str) -> list[Field]:
    """The fields asked for; raises the documented syntax error (code 2500)."""
    reader = _Reader(text)
    fields = _list(reader, 0)
    if reader.at != len(reader.text):
        raise reader.error("end of string")
    return fields


def plain(*names: str) -> list[Field]:
    """Fields by name only."""
    return [Field(name, {}, None) for name in names]
