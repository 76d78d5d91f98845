"""The customer record beside a conversation: what is in the page before and after a verification."""

import pytest
from django.test import Client
from django.urls import reverse

from hilft.audit.models import Entry
from hilft.contacts.models import CustomerNumber, Verification
from hilft.desk.conversations.screen import draft_context
from hilft.example.customers import FIELDS
from hilft.inbox.models import Conversation
from hilft.publishing.commands import drafts
from tests import factories
from tests.customers import made
from tests.desk.conftest import Desk
from tests.desk.test_contacts import asks, contact_of
from tests.desk.test_customer_numbers import PART, linked

pytestmark = pytest.mark.django_db
PERSONAL = ("Brandt", "1984", "Deichstr", "26506", "44.95")
SAID = {field.label_en: f"said-{place}" for place, field in enumerate(FIELDS)}
RIGHT = {SAID["Date of birth"]: "12.3.84", SAID["Last invoice"]: "44,95"}


@pytest.fixture
def scene(customer_system: str) -> tuple[Conversation, CustomerNumber]:
    message = asks("katja")
    made.system(customer_system)
    return message.conversation, linked(contact_of(message))


def address_of(name: str, scene: tuple[Conversation, CustomerNumber]) -> str:
    return reverse(f"desk:customer-{name}", args=[scene[0].pk, scene[1].pk])


def part(client: Client, name: str, scene: tuple[Conversation, CustomerNumber], **said: str) -> str:
    """The fragment that htmx gets, after whatever it is led to."""
    ask = client.get if name == "record" else client.post
    return ask(address_of(name, scene), said, headers=PART, follow=True).content.decode()


def test_nothing_personal_is_sent_until_it_was_verified_and_asked_for(
    desk: Desk, scene: tuple[Conversation, CustomerNumber]
):
    client = desk(factories.staff("agent"))
    beside = client.get(reverse("desk:conversation", args=[scene[0].pk])).content.decode()
    assert address_of("record", scene) in beside
    shown = part(client, "record", scene)
    assert ("NordNetz Glas 250" in shown, "Verify the customer" in shown, "This conversation is public" in shown) == (
        True,
        True,
        True,
    )
    verified = part(client, "verify", scene, **RIGHT)
    assert ("verified" in verified, "Show personal data" in verified) == (True, True)
    assert [hidden for hidden in PERSONAL if hidden in beside + shown + verified] == []
    seen = part(client, "look", scene)
    assert [hidden for hidden in PERSONAL if hidden not in seen] == []
    assert Entry.objects.filter(verb="contacts.see_personal").count() == 1
    assert [hidden for hidden in PERSONAL if hidden in part(client, "record", scene)] == []
    on_contact = client.get(reverse("desk:number-record", args=[scene[1].pk])).content.decode()
    assert ("beside the conversation in which" in on_contact, "Deichstr" in on_contact) == (True, False)


def test_what_was_wrong_is_not_said_nor_given_back(desk: Desk, scene: tuple[Conversation, CustomerNumber]):
    client = desk(factories.staff("agent"))
    said = {SAID["Date of birth"]: "13.3.84", SAID["Last invoice"]: "44,95"}
    answer = client.post(address_of("verify", scene), said, headers=PART)
    page = answer.content.decode()
    assert (answer.status_code, "does not agree with the record" in page, "2 wrong attempts are left" in page) == (
        422,
        True,
        True,
    )
    assert ("13.3.84" in page, "44,95" in page) == (False, False)
    for _again in range(2):
        client.post(address_of("verify", scene), said)
    page = part(client, "record", scene)
    assert ("a team lead has to do it now" in page, "Verify the customer<" in page) == (True, False)
    assert client.post(address_of("verify", scene), RIGHT, headers=PART).status_code == 422
    lead = desk(factories.staff("lead"))
    assert "3 wrong attempts are left." in part(lead, "record", scene)
    assert "Show personal data" in part(lead, "verify", scene, **RIGHT)
    assert Verification.objects.count() == 4


def test_without_script_it_is_a_page_of_its_own(desk: Desk, scene: tuple[Conversation, CustomerNumber]):
    client = desk(factories.staff("agent"))
    page = client.post(address_of("verify", scene), RIGHT, follow=True).content.decode()
    assert ("<html" in page, "Show personal data" in page) == (True, True)
    assert "Deichstr" in client.post(address_of("look", scene)).content.decode()


def test_the_composer_warns_of_personal_data_whoever_is_verified(
    desk: Desk, scene: tuple[Conversation, CustomerNumber]
):
    agent = factories.staff("agent")
    part(desk(agent), "verify", scene, **RIGHT)
    draft = drafts.begin(by=agent, conversation=scene[0])
    draft = drafts.save(by=agent, draft=draft, text="Ihre Kundennummer 104711201, Deichstraße 5")
    assert draft_context(draft)["personal"] == ["Adresse", "Kundennummer"]


def test_trouble_and_foreign_numbers(desk: Desk, scene: tuple[Conversation, CustomerNumber], customer_system: str):
    client = desk(factories.staff("agent"))
    stranger = asks("fremd").conversation
    for name in ("record", "verify", "look"):
        ask = client.get if name == "record" else client.post
        assert ask(reverse(f"desk:customer-{name}", args=[stranger.pk, scene[1].pk])).status_code == 404
    made.system(f"{customer_system}/fault/error")
    assert f"{address_of('record', scene)}?again=1" in part(client, "record", scene)
    assert client.post(address_of("look", scene), headers=PART).status_code == 422
