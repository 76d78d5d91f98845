"""One call of the Graph API: its parameters, its token, and what it may touch."""

import json
from typing import Any

import msgspec

from hilft.practice.meta import fields as field_list
from hilft.practice.meta.access import Token
from hilft.practice.meta.errors import numbered, required, unknown_parameter
from hilft.practice.meta.fields import Field
from hilft.practice.meta.network import Acts
from hilft.practice.meta.store import Store
from hilft.practice.meta.view import NodeType, View

COMMON = frozenset({"access_token", "appsecret_proof", "fields", "format", "locale", "pretty"})
"""Parameters that every call takes."""


class Call:
    """A request that passed the door."""

    def __init__(self, method: str, parameters: dict[str, str], view: View, acts: Acts) -> None:
        self.method = method
        self.parameters = parameters
        self.view = view
        self.acts = acts

    @property
    def store(self) -> Store:
        """The network's memory."""
        return self.view.store

    @property
    def token(self) -> Token:
        """Who asks."""
        return self.view.token

    def fields(self) -> list[Field] | None:
        """The fields asked for; None when nothing was said."""
        asked = self.parameters.get("fields", "")
        return field_list.parse(asked) if asked else None

    def only(self, *names: str) -> None:
        """Refuse parameters that this call does not have; silence would hide a mistake."""
        for name in self.parameters.keys() - COMMON - set(names):
            raise unknown_parameter(name)

    def text(self, name: str, most: int, *, code: int = 100) -> str:
        """A text that must be there and fit, in characters."""
        value = self.parameters.get(name, "")
        if not value.strip():
            raise required(name)
        if len(value) > most:
            raise numbered(code, f"Param {name} must be at most {most} characters long")
        return value

    def flag(self, name: str) -> bool:
        """A yes or no."""
        value = self.parameters.get(name, "").lower()
        if value not in ("true", "false", "1", "0"):
            raise numbered(100, f"Param {name} must be a boolean")
        return value in ("true", "1")

    def record(self, name: str) -> dict[str, Any]:
        """A parameter that is an object in JSON."""
        try:
            value = msgspec.json.decode(self.parameters.get(name, "").encode())
        except msgspec.DecodeError as error:
            raise required(name) from error
        if not isinstance(value, dict):
            raise numbered(100, f"Param {name} must be an object")
        return value

    def writes(self) -> None:
        """Refuse all writing while the brand is blocked for abuse."""
        if self.store.setting("blocked", False):
            raise numbered(368, "The action attempted has been deemed abusive or is otherwise disallowed")

    def made(self, kind: NodeType, thing: Any) -> dict[str, Any]:
        """The answer to a creation: the id, or the fields asked for."""
        fields = self.fields()
        return {"id": thing.id} if fields is None else self.view.render(kind, thing, fields)


def as_text(value: Any) -> str:
    """A parameter out of a JSON body as it would stand in a form."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
