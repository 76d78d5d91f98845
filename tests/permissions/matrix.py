"""Who may do what, as it is: every address of the desk as each role, and what holds back in which state.

`python -m tests.permissions` writes the tables to docs/permissions.md; the tests ask again and compare.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver

from hilft.people.enums import Role
from hilft.people.rules import MAY
from tests.permissions.scene import Cast, everything
from tests.permissions.states import STATES

ROLES: Final = (*Role.values, "none")
OPEN: Final = ("zugang/", "einrichten/")
"""Addresses that bring their own proof."""
MAY_NOT: Final = "–"
CELLS: Final = {"forbidden": MAY_NOT, "absent": "not found"}
WORDS: Final = {"done": "yes", "refused": "refused", "forbidden": MAY_NOT, "absent": "not found", "method": ""}


@contextmanager
def forgotten() -> Iterator[None]:
    """Takes back what was done."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def outcome(client: Client, method: str, address: str, data: Mapping[str, Any] | None = None) -> str:
    """What an address does with this person's request: done, refused, forbidden, absent or method; nothing stays."""
    with forgotten():
        ask = client.get if method == "GET" else client.post
        status = ask(address, data or {}, headers={"HX-Request": "true"}).status_code
    return {403: "forbidden", 404: "absent", 405: "method", 422: "refused", 409: "refused"}.get(status, "done")


def clients(cast: Cast) -> dict[str, Client]:
    """Everybody signed in, each by a browser of their own."""
    people = {**cast.of, "none": cast.nobody, "maker": cast.maker}
    found = {}
    for name, user in people.items():
        found[name] = Client(headers={"accept-language": "en"})
        found[name].force_login(user)
    return found


def routes() -> Iterator[tuple[str, str]]:
    """Every route of the desk with its name, in order; the first page only leads elsewhere."""
    (desk,) = [found for found in get_resolver().url_patterns if getattr(found, "app_name", "") == "desk"]
    for pattern in desk.url_patterns:
        if isinstance(pattern, URLPattern) and str(pattern.pattern) and not str(pattern.pattern).startswith(OPEN):
            yield str(pattern.pattern), f"desk:{pattern.name}"


def filled(route: str, things: Mapping[str, Mapping[str, Any]]) -> str:
    """The address of something that is there."""
    first = max((start for start in things if route.startswith(start)), key=len, default="")
    address = route
    for name, value in things.get(first, {}).items():
        for kind in ("int", "slug", "str"):
            address = address.replace(f"<{kind}:{name}>", str(value))
    if "<" in address:
        raise LookupError(f"{route}: say in tests/permissions/scene.py what stands for it.")
    return f"/desk/{address}"


def addresses(cast: Cast, method: str) -> list[list[str]]:
    """A row for each route that knows the method: what it does for the maker and each role; posts are empty."""
    with forgotten():
        things, people = everything(cast), clients(cast)
        rows = [(route, _everybody(people, method, filled(route, things))) for route, _name in routes()]
    missing = [route for route, found in rows if found[0] == "absent"]
    if missing:
        raise LookupError(f"Say in tests/permissions/scene.py what stands for {', '.join(missing)}.")
    return [[route, *(CELLS.get(one, "yes") for one in found)] for route, found in rows if found[0] != "method"]


def _everybody(people: Mapping[str, Client], method: str, address: str) -> list[str]:
    return [outcome(people[who], method, address) for who in ("maker", *ROLES)]


def states(cast: Cast) -> list[list[str]]:
    """A row for each state and what may be tried in it: what comes of it for the maker and for each role."""
    people, rows = clients(cast), []
    for state in STATES:
        with forgotten():
            name, data = state.make(cast)
            found = [outcome(people[who], "POST", name, data) for who in ("maker", *ROLES)]
        rows.append([state.what, state.when, *(WORDS[one] for one in found)])
    return rows


def actions() -> list[list[str]]:
    """A row for each action of the one table in `people.rules`."""
    return [[f"`{name}`", *("yes" if role in MAY[name] else MAY_NOT for role in ROLES)] for name in sorted(MAY)]


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """As Markdown."""
    lines = [list(head), ["---"] * len(list(head)), *(list(row) for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
