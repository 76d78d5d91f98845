"""From a system's JSON to labelled fields: pointers (RFC 6901), kinds, and what is wrong where it does not fit."""

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from django.utils.translation import get_language

from hilft.customers.comparing import date_of, money_of
from hilft.customers.enums import Kind

LONGEST = 500
FLAGS = {"true": True, "false": False, "1": True, "0": False}

type Plain = str | date | Decimal | bool | None


class Misfit(Exception):
    """Nothing stands at a pointer, or nothing of the kind that was expected."""


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that a record says: where it stands, what it is called, and as part of which check it is asked for."""

    pointer: str
    label: str
    label_en: str = ""
    kind: str = Kind.TEXT
    personal: bool = True
    check: str = ""

    @property
    def name(self) -> str:
        """The label in the reader's language."""
        english = (get_language() or "").startswith("en")
        return self.label_en if english and self.label_en else self.label


class Value(msgspec.Struct, frozen=True):
    """What a record says in one field; `problem` where it did not fit: "missing" or "kind"."""

    field: Field
    value: Plain
    problem: str = ""


class Record(msgspec.Struct, frozen=True):
    """One customer as the system told us just now."""

    key: str
    number: str
    values: tuple[Value, ...]

    @property
    def open(self) -> list[Value]:
        """What anybody who works on the conversation may see."""
        return [value for value in self.values if not value.field.personal]

    @property
    def personal(self) -> list[Value]:
        """What is seen only after a verification."""
        return [value for value in self.values if value.field.personal]


class Mapping(msgspec.Struct, frozen=True):
    """Where in an answer everything stands."""

    list_pointer: str
    key_pointer: str
    number_pointer: str
    fields: tuple[Field, ...]


def at(document: Any, pointer: str) -> Any:
    """What stands at a JSON pointer; raises Misfit."""
    if pointer and not pointer.startswith("/"):
        raise Misfit(pointer)
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(document, dict) and name in document:
            document = document[name]
        elif isinstance(document, list) and name.isascii() and name.isdecimal() and int(name) < len(document):
            document = document[int(name)]
        else:
            raise Misfit(pointer)
    return document


def plain(kind: str, raw: Any) -> Plain:
    """A JSON value as one of the field's kind; raises Misfit where it is none."""
    if raw is None or raw == "":
        return None
    if kind == Kind.FLAG:
        found: Plain = raw if isinstance(raw, bool) else FLAGS.get(str(raw).lower())
    elif isinstance(raw, bool):
        found = None
    elif kind == Kind.MONEY:
        found = money_of(str(raw)) if isinstance(raw, str | int | Decimal) else None
    elif kind == Kind.DATE:
        found = date_of(raw[:10]) if isinstance(raw, str) else None
    else:
        found = _text(raw)
    if found is None:
        raise Misfit(kind)
    return found


def record_from(document: Any, mapping: Mapping) -> Record:
    """A customer from the JSON of one; raises Misfit without key and number, notes every other gap in its field."""
    key, number = (plain(Kind.TEXT, at(document, p)) for p in (mapping.key_pointer, mapping.number_pointer))
    if not key or not number:
        raise Misfit(mapping.number_pointer if key else mapping.key_pointer)
    return Record(str(key), str(number), tuple(_value(document, field) for field in mapping.fields))


def _value(document: Any, field: Field) -> Value:
    try:
        raw = at(document, field.pointer)
    except Misfit:
        return Value(field, None, "missing")
    try:
        return Value(field, plain(field.kind, raw))
    except Misfit:
        return Value(field, None, "kind")


def _text(raw: Any) -> str | None:
    """Words and numbers as they are, a list of them with commas."""
    if isinstance(raw, list):
        parts = [str(part) for part in raw if isinstance(part, str | int | Decimal)]
        return ", ".join(parts)[:LONGEST] if len(parts) == len(raw) else None
    return str(raw).strip()[:LONGEST] if isinstance(raw, str | int | Decimal) else None
