"""What each network allows, until when and at what price: dated data from each adapter's `ledger.toml`."""

import threading
import time
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from hilft.channels.contract import Action
from hilft.channels.models import Override

FOLDER = Path(__file__).parent
KNOWN_FOR = 3.0
"""Seconds for which a process remembers what operators changed."""

_known: Mapping[str, Mapping[str, Any]] = {}
_until = 0.0
_lock = threading.Lock()


class Fact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing we know of a network; `say` puts it into a sentence, `unit` says what the value counts.

    `about` names what it bears on: an action, listening, or the length of a text. German is in the catalogue, where
    `hilft.cli.languages` looks for it: units, sentences, and sources that are no address.
    """

    value: bool | int | float | str
    unit: str = ""
    source: str
    date: date
    status: Literal["documented", "ran", "unconfirmed"]
    say: str = ""
    about: Action | Literal["listen", "text", ""] = ""


@cache
def facts(kind: str) -> Mapping[str, Fact]:
    """The facts that ship with an adapter, by name; none for an adapter that has no ledger."""
    file = FOLDER / kind / "ledger.toml"
    if not file.is_file():
        return {}
    return msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), dict[str, Fact])


def packaged(kind: str) -> dict[str, Any]:
    """Fact name → value, as shipped."""
    return {name: fact.value for name, fact in facts(kind).items()}


def values(kind: str) -> dict[str, Any]:
    """Fact name → value as it holds here: as shipped, but for what an operator knows better."""
    return packaged(kind) | dict(_overrides().get(kind, {}))


def forget() -> None:
    """Makes this process look anew at what operators changed."""
    global _until  # noqa: PLW0603  the time until which _known holds
    with _lock:
        _until = 0.0


def _overrides() -> Mapping[str, Mapping[str, Any]]:
    global _known, _until
    with _lock:
        if time.monotonic() < _until:
            return _known
    found: dict[str, dict[str, Any]] = {}
    for kind, name, value in Override.objects.values_list("kind", "name", "value"):
        found.setdefault(kind, {})[name] = value
    with _lock:
        _known, _until = found, time.monotonic() + KNOWN_FOR
    return found
