"""The only writer of how the system of customers is set up; and its trial."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.channels.secrets import seal
from hilft.customers.connector import Trouble
from hilft.customers.enums import By, Kind
from hilft.customers.mapping import Field, Record
from hilft.customers.models import System
from hilft.customers.rest import Rest
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.queries import require

PATHS: Final = ("read_path", "number_path", "mail_path", "phone_path")
POINTERS: Final = ("list_pointer", "key_pointer", "number_pointer")


@transaction.atomic
def save_system(
    *, by: User | None, fields: Sequence[Field], secret: str = "", example: bool = False, **values: Any
) -> System:
    """Sets the system of customers up anew; an empty secret stays as it is, but goes to no other address."""
    if by:
        require(by, "customer.manage")
    known = System.objects.select_for_update().filter(pk=1).first()
    system = known or System(pk=1)
    moved = known is not None and _origin(known.base_url) != _origin(values["base_url"])
    if moved and known and known.secret and not secret and not example:
        raise Refusal(_("Enter the key again: it is never sent to another address than the one it was entered for."))
    for name, value in values.items():
        setattr(system, name, value)
    system.fields = msgspec.to_builtins(list(fields))
    _holds(system)
    if secret:
        system.secret = seal({"header": secret})
    system.changed_by, system.example = by, example
    system.save()
    record(by=by, verb="customers.save_system", subject=system, address=system.base_url, fields=len(fields))
    return system


def try_system(*, by: User, way: str, value: str) -> list[Record]:
    """Asks it now, whatever is remembered; what comes back is shown and kept nowhere. Raises Trouble."""
    require(by, "customer.manage")
    system = System.objects.filter(pk=1).first()
    if system is None:
        raise Trouble("none")
    outcome = "done"
    try:
        rest = Rest(system)
        return [rest.read(value)] if way == "key" else rest.find(By(way), value)
    except Trouble as trouble:
        outcome = trouble.kind
        raise
    finally:
        record(by=by, verb="customers.try", subject=system, way=way, outcome=outcome)


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _holds(system: System) -> None:
    """Refuses what could never work, or would show beforehand what is to be checked."""
    for name in PATHS:
        path = getattr(system, name)
        if path and (not path.startswith("/") or path.count("{value}") != 1):
            raise Refusal(_("A path begins with / and holds {value} once: %(path)s") % {"path": path})
    fields = system.mapping.fields
    for pointer in [*(getattr(system, name) for name in POINTERS), *(field.pointer for field in fields)]:
        if pointer and not pointer.startswith("/"):
            raise Refusal(_("A JSON pointer begins with /: %(pointer)s") % {"pointer": pointer})
    for field in fields:
        if field.check and not field.personal and field.pointer != system.number_pointer:
            raise Refusal(
                _("“%(label)s” is checked, so it must be personal: otherwise it could be read off beforehand.")
                % {"label": field.label}
            )
    if any(field.check and field.kind == Kind.FLAG for field in fields):
        raise Refusal(_("Yes or no is guessed too easily to be checked."))
    if any(field.personal for field in fields) and len(system.checks) < system.needed:
        raise Refusal(_("Name at least as many checks as have to be right, or nobody can be verified."))
