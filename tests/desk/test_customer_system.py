"""The customer system's settings: typed, saved and tried against the practice system, with every error in words."""

from typing import Any

import pytest
from django.urls import reverse

from hilft.audit.models import Entry
from hilft.channels.secrets import unseal
from hilft.customers.models import System
from hilft.example.customers import FIELDS, SETUP
from hilft.practice.accounts import CRM_KEY
from tests import factories
from tests.desk.conftest import Desk
from tests.desk.made import said

pytestmark = pytest.mark.django_db
SETTINGS, TRIAL = reverse("desk:customer-system"), reverse("desk:customer-system-trial")


def form(address: str, **changed: Any) -> dict[str, Any]:
    """Everything that an operator types."""
    rows = {
        f"field-{number}-{name}": value
        for number, field in enumerate(FIELDS)
        for name in ("label", "label_en", "pointer", "kind", "check", "personal")
        if (value := getattr(field, name))
    }
    count = {"field-TOTAL_FORMS": len(FIELDS) + 3, "field-INITIAL_FORMS": 0}
    empty = {f"field-{len(FIELDS) + extra}-kind": "text" for extra in range(3)}
    rule = {"needed": 2, "hours": 12, "attempts": 3, "seconds": 4, "kilobytes": 256, "currency": "EUR", "active": "on"}
    return {**SETUP, "base_url": address, "secret": f"Bearer {CRM_KEY}", **rows, **count, **empty, **rule, **changed}


def test_an_operator_sets_it_up_and_sees_what_comes_back(desk: Desk, customer_system: str):
    client = desk(factories.staff("operator"))
    assert "Try it out" not in client.get(SETTINGS).content.decode()
    page = said(client, SETTINGS, **form(customer_system))
    system = System.objects.get()
    assert ("Saved. Try it out now." in page, system.mapping.fields, system.hours) == (True, FIELDS, 12)
    assert unseal(bytes(system.secret)) == {"header": f"Bearer {CRM_KEY}"}
    page = client.get(SETTINGS).content.decode()
    assert (CRM_KEY in page, 'value="/person/born_on"' in page) == (False, True)

    page = client.post(TRIAL, {"way": "number", "value": "10 4713 55"}).content.decode()
    for shown in ("It answers with 1 customer.", "Gerd Schlüter", "June 21, 1957", "-€12.50", "c-5f23", "Kein Telefon"):
        assert shown in page
    page = client.post(TRIAL, {"way": "mail", "value": "niemand@post.example"}).content.decode()
    assert "knows nobody by this" in page
    assert Entry.objects.filter(verb="customers.save_system").count() == 1


def test_errors_are_said_where_they_are(desk: Desk, customer_system: str):
    client = desk(factories.staff("operator"))
    assert "No customer system is connected" in client.post(TRIAL, {"way": "key", "value": "1"}).content.decode()
    for changed, says in (
        ({"base_url": "ftp://crm.example"}, "Enter a valid URL"),
        ({"read_path": "kunden"}, "A path begins with /"),
        ({"field-0-pointer": ""}, "A field has a label and a pointer."),
        ({"secret": "Bearer ü"}, "Letters, digits and signs of ASCII only."),
    ):
        answer = client.post(SETTINGS, form(customer_system, **changed))
        assert (answer.status_code, says in answer.content.decode()) == (422, True), says
    said(client, SETTINGS, **form(f"{customer_system}/fault/types"))
    page = client.post(TRIAL, {"way": "number", "value": "10 4713 55"}).content.decode()
    assert page.count("of another kind") == len(FIELDS) - 1
    said(client, SETTINGS, **form(f"{customer_system}/fault/error"))
    answer = client.post(TRIAL, {"way": "number", "value": "10 4713 55"})
    assert (answer.status_code, "It answers with an error (500)." in answer.content.decode()) == (422, True)


def test_nobody_else_reaches_it(desk: Desk):
    for role in ("agent", "lead", "editor"):
        client = desk(factories.staff(role))
        assert [client.get(page).status_code for page in (SETTINGS, TRIAL)] == [403, 403]
