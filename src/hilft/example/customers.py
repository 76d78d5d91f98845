"""The example's customer system: the practice peer, and how its answers are read."""

from typing import Any, Final

from hilft.contacts.enums import Known
from hilft.contacts.linking import link_number
from hilft.customers.asking import the_system
from hilft.customers.commands import save_system
from hilft.customers.enums import Kind
from hilft.customers.mapping import Field
from hilft.customers.models import System
from hilft.people.commands import meet
from hilft.people.models import User
from hilft.practice import crm
from hilft.practice.accounts import CRM_KEY

KNOWN_BEFORE = 3

SETUP: Final[dict[str, Any]] = {
    "name": "Kundensystem",
    "header": "Authorization",
    "read_path": "/api/customers/{value}",
    "number_path": "/api/customers?number={value}",
    "mail_path": "/api/customers?email={value}",
    "phone_path": "/api/customers?phone={value}",
    "list_pointer": "/customers",
    "key_pointer": "/id",
    "number_pointer": "/number",
}
FIELDS: Final = (
    Field("/contract/tariff", "Tarif", "Tariff", personal=False),
    Field("/contract/ends_on", "Vertrag bis", "Contract until", Kind.DATE, personal=False),
    Field("/contract/device", "Gerät", "Device", personal=False),
    Field("/open_faults", "Offene Störungen", "Open faults", personal=False),
    Field("/number", "Kundennummer", "Customer number", check="Kundennummer"),
    Field("/person/name", "Name", "Name"),
    Field("/person/born_on", "Geburtsdatum", "Date of birth", Kind.DATE, check="Geburtsdatum"),
    Field("/person/address/street", "Straße und Hausnummer", "Street and number", check="Anschrift"),
    Field("/person/address/postcode", "Postleitzahl", "Postcode", check="Anschrift"),
    Field("/person/address/city", "Ort", "City"),
    Field("/account/balance", "Kontostand", "Balance", Kind.MONEY),
    Field("/account/last_invoice", "Letzte Rechnung", "Last invoice", Kind.MONEY, check="Letzte Rechnung"),
    Field("/account/dunning", "Mahnung läuft", "Dunning", Kind.FLAG),
)


def connect(address: str) -> None:
    """Sets the practice system up where nothing is, and follows it to another port; an operator's own stays."""
    known = the_system()
    if not address or (known and not known.example):
        return
    values = SETUP if known is None else _kept(known)
    fields = FIELDS if known is None else known.mapping.fields
    if known is None or known.base_url != address:
        save_system(by=None, fields=fields, secret=f"Bearer {CRM_KEY}", example=True, **values, base_url=address)


def _kept(known: System) -> dict[str, Any]:
    return {name: getattr(known, name) for name in SETUP}


def meet_some() -> None:
    """A few customers are known with their number before they write their first mail, as from a call."""
    agent = User.objects.filter(roles__contains=["agent"]).order_by("pk")[0]
    for one in crm.customers()[:KNOWN_BEFORE]:
        mail = {"kind": "email", "network": "", "external_id": one["email"], "handle": one["email"]}
        contact = meet(**mail, name=one["name"], url="").contact
        known = {"number": str(one["number"]), "evidence": str(Known.COLLEAGUE), "words": "Hat schon angerufen"}
        link_number(by=agent, contact=contact, message=None, **known)
