"""Customer numbers at the desk: found, linked, seen beside a conversation, and a dead system in nobody's way."""

import pytest
from django.urls import reverse

from hilft.audit.models import Entry
from hilft.contacts.models import CustomerNumber
from hilft.people.models import Contact
from tests import factories
from tests.customers import made
from tests.desk.conftest import Desk
from tests.desk.made import said
from tests.desk.test_contacts import asks, contact_of

pytestmark = pytest.mark.django_db
NUMBER, PART = "10 4711 20", {"HX-Request": "true"}


def test_a_customer_is_found_and_their_number_linked(desk: Desk, customer_system: str):
    client, message = desk(factories.staff("agent")), asks("katja")
    contact = contact_of(message)
    page = reverse("desk:number-new", args=[contact.pk])
    assert "Find it in the customer system" not in client.get(page).content.decode()
    made.system(customer_system)
    assert "Find it in the customer system" in client.get(page).content.decode()
    found = client.post(page, {"do": "find", "by": "mail", "value": "katja.brandt@post.example"}).content.decode()
    assert (NUMBER in found, "NordNetz Glas 250" in found, "1984" in found, "Brandt</dd>" in found) == (
        True,
        True,
        False,
        False,
    )
    assert "Nobody found" in client.post(page, {"do": "find", "by": "mail", "value": "x@post.example"}).content.decode()
    assert f'value="{NUMBER}"' in client.post(page, {"take": NUMBER}).content.decode()
    answer = client.post(page, {"do": "link", "number": NUMBER, "evidence": "colleague"})
    assert (answer.status_code, "Say in a few words" in answer.content.decode()) == (422, True)
    shown = said(client, page, do="link", number=NUMBER, evidence="colleague", words="Vom Telefon bekannt")
    link = CustomerNumber.objects.get()
    assert ("The number is linked." in shown, "Vom Telefon bekannt" in shown) == (True, True)
    assert reverse("desk:number-record", args=[link.pk]) in shown
    look = Entry.objects.get(verb="customers.search")
    assert (look.subject_id, look.data) == (contact.pk, {"way": "mail"})

    said(client, reverse("desk:number-remove", args=[link.pk]))
    assert client.get(reverse("desk:number-record", args=[link.pk])).status_code == 404
    said(client, reverse("desk:number-restore", args=[link.pk]))
    assert contact.name in client.get(reverse("desk:contacts"), {"q": "10471120"}).content.decode()


def linked(contact: Contact, number: str = NUMBER) -> CustomerNumber:
    return CustomerNumber.objects.create(
        contact=contact,
        number=number,
        bare=number.replace(" ", ""),
        evidence="colleague",
        words="Telefon",
        by=factories.staff("agent"),
    )


def test_the_record_comes_afterwards_without_anything_personal(desk: Desk, customer_system: str):
    client, message = desk(factories.staff("agent")), asks("katja")
    link = linked(contact_of(message))
    made.system(customer_system)
    part = reverse("desk:number-record", args=[link.pk])
    beside = client.get(reverse("desk:conversation", args=[message.conversation_id])).content.decode()
    assert (NUMBER in beside, "NordNetz Glas 250" in beside) == (True, False)
    shown = client.get(part, headers=PART).content.decode()
    assert ("NordNetz Glas 250" in shown, "April 30, 2027" in shown, "<html" in shown) == (True, True, False)
    for hidden in ("Brandt", "1984", "Deichstr", "26506", "44.95"):
        assert hidden not in shown
    whole = client.get(part).content.decode()
    assert ("NordNetz Glas 250" in whole, "<html" in whole) == (True, True)


@pytest.mark.parametrize("size", [1, 3])
def test_number_of_queries(desk: Desk, customer_system: str, django_assert_num_queries, size: int):
    client, message = desk(factories.staff("agent")), asks("katja")
    links = [linked(contact_of(message), f"10 471{place} 20") for place in range(1, size + 1)]
    made.system(customer_system)
    client.get(beside := reverse("desk:conversation", args=[message.conversation_id]))
    with django_assert_num_queries(45):
        client.get(beside)
    with django_assert_num_queries(20):
        client.get(reverse("desk:contact", args=[links[0].contact_id]))
    with django_assert_num_queries(8):
        client.get(reverse("desk:customer-record", args=[message.conversation_id, links[0].pk]), headers=PART)


def test_trouble_is_said_with_a_way_to_try_again(desk: Desk, customer_system: str):
    client, link = desk(factories.staff("agent")), linked(contact_of(asks("katja")))
    part = reverse("desk:number-record", args=[link.pk])
    shown = client.get(part, headers=PART).content.decode()
    assert ("No customer system is connected." in shown, "Try again" in shown) == (True, False)
    system = made.system(f"{customer_system}/fault/html")
    shown = client.get(part, headers=PART).content.decode()
    assert ("Its answer is not JSON." in shown, f"{part}?again=1" in shown) == (True, True)
    type(system).objects.update(base_url=customer_system)
    assert "Its answer is not JSON." in client.get(part, headers=PART).content.decode()
    assert "NordNetz Glas 250" in client.get(f"{part}?again=1", headers=PART).content.decode()


def test_editors_see_nothing_of_it(desk: Desk):
    client, message = desk(factories.staff("editor")), asks("katja")
    link = linked(contact_of(message))
    page = client.get(reverse("desk:contact", args=[link.contact_id])).content.decode()
    assert ("Customer record" in page, NUMBER in page) == (False, False)
    assert client.get(reverse("desk:number-record", args=[link.pk])).status_code == 403
