"""What each network allows, until when and at what price: dated data from each adapter's `ledger.toml`."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec

FOLDER = Path(__file__).parent


class Fact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing we know of a network; `say` puts it into a sentence, `unit` says what the value counts."""

    value: bool | int | float | str
    unit: str = ""
    source: str
    date: date
    status: Literal["documented", "ran", "unconfirmed"]
    say: str = ""


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
