"""How a node is read: its type's fields and edges, asked one by one, refused when the type does not have them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from hilft.practice.meta.access import Token
from hilft.practice.meta.errors import no_such_field, numbered
from hilft.practice.meta.fields import Field, plain
from hilft.practice.meta.paging import Placed, cut, written
from hilft.practice.meta.rules import rules
from hilft.practice.meta.store import Store

ABSENT: Final = object()
"""The value of a field that is left out of the answer."""

type Read = Callable[["View", Any, Field], Any]


class NodeType(NamedTuple):
    """A type of node: the name Meta's errors call it, the fields given unasked, and all it has."""

    name: str
    default: tuple[str, ...]
    fields: Mapping[str, Read]
    edges: Mapping[str, Read] = {}


class View:
    """One request's reading: for whom, and at which address."""

    def __init__(self, store: Store, token: Token, address: str) -> None:
        self.store = store
        self.token = token
        self.address = address

    def render(self, kind: NodeType, thing: Any, fields: list[Field] | None) -> dict[str, Any]:
        """A node with the fields asked for, always with its id; raises 100 for a field it does not have.

        An edge without anything on it is left out, as Meta does.
        """
        asked = plain(*kind.default) if fields is None else fields
        answer: dict[str, Any] = {}
        for field in asked:
            read = kind.fields.get(field.name) or kind.edges.get(field.name)
            if read is None:
                raise no_such_field(field.name, kind.name)
            value = read(self, thing, field)
            if value is not ABSENT and value != {"data": []}:
                answer[field.name] = value
        if "id" not in answer:
            answer["id"] = kind.fields["id"](self, thing, Field("id", {}, None))
        return answer

    def edge(
        self,
        items: Sequence[Placed],
        kind: NodeType,
        field: Field,
        *,
        owner: str,
        most: int | None = None,
    ) -> dict[str, Any]:
        """One page of an edge of the node `owner`, its items as nodes."""
        page = cut(items, field.modifiers, most or rules().paging.most)
        address = f"{self.address}/{owner}/{field.name}"
        query = {
            "access_token": self.token.token,
            **({"fields": field.asked} if field.asked else {}),
            **field.modifiers,
        }
        return written(page, lambda item: self.render(kind, item, field.fields), address, query)


def one_of(name: str, given: str, *allowed: str) -> str:
    """A parameter with few values, whatever its case; raises 100 naming them."""
    value = given.lower() or allowed[0]
    if value not in allowed:
        raise numbered(100, f"Param {name} must be one of {{{', '.join(word.upper() for word in allowed)}}}")
    return value
