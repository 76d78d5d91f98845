"""Customer numbers: linked with evidence to one contact, checked where the system can be asked, found and undone."""

import pytest
from django.utils.translation import override

from hilft.audit.models import Entry
from hilft.contacts import linking, merging, queries
from hilft.contacts.enums import Evidence, Known
from hilft.contacts.models import CustomerNumber
from hilft.people.errors import NotAllowed, Refusal
from hilft.people.models import Contact, User
from hilft.people.queries import keys_of_person
from tests import factories
from tests.contacts.test_merging import fresh, known, met
from tests.customers import made

pytestmark = pytest.mark.django_db
NUMBER = "10 4711 20"


@pytest.fixture
def agent() -> User:
    return factories.staff("agent")


def linked(agent: User, contact: Contact, number: str = NUMBER) -> CustomerNumber:
    """By a colleague's word."""
    return linking.link_number(by=agent, contact=contact, number=number, evidence=Known.COLLEAGUE, words="Telefon")


def numbers(contact: Contact) -> list[str]:
    return [link.number for link in queries.numbers_of(keys_of_person(contact))]


def test_a_number_is_written_as_the_system_writes_it_and_kept_with_its_key(agent: User, customer_system: str):
    made.system(customer_system)
    contact = met()
    link = linked(agent, contact, " 10471120 ")
    assert (link.number, link.bare, link.key) == (NUMBER, "10471120", "c-5f21")
    with override("en"), pytest.raises(Refusal, match="linked already"):
        linked(agent, contact)
    with override("en"), pytest.raises(Refusal, match="does not know this number"):
        linked(agent, contact, "10 0000 00")
    entry = Entry.objects.get(verb="contacts.link_number")
    assert (entry.subject_id, entry.data) == (contact.pk, {"link": link.pk, "evidence": "colleague"})


def test_a_system_in_trouble_stands_in_nobodys_way(agent: User, customer_system: str):
    contact = met()
    assert linked(agent, contact, "77  12").number == "77 12"
    made.system(f"{customer_system}/fault/error")
    assert (link := linked(agent, contact), link.key)[1] == ""
    assert numbers(contact) == ["77 12", NUMBER]
    for wrong in ("", " – ", "9" * 61):
        with override("en"), pytest.raises(Refusal, match="has letters or digits"):
            linked(agent, contact, wrong)


def test_evidence_that_can_be_looked_up_is(agent: User, customer_system: str):
    made.system(customer_system)
    katja, other = met("email", "katja.brandt@post.example"), met("email", "jemand@post.example")
    link = linking.link_number(by=agent, contact=katja, number=NUMBER, evidence=Known.MAIL)
    assert link.evidence == Known.MAIL
    with override("en"), pytest.raises(Refusal, match="no proven e-mail address of this contact under that number"):
        linking.link_number(by=agent, contact=other, number=NUMBER, evidence=Known.MAIL)
    with override("en"), pytest.raises(Refusal, match="Choose the message"):
        linking.link_number(by=agent, contact=other, number=NUMBER, evidence=Known.SAID)
    with override("en"), pytest.raises(Refusal, match="who says so"):
        linking.link_number(by=agent, contact=other, number=NUMBER, evidence=Known.OTHER, words=" ")
    made.system(f"{customer_system}/fault/error")
    with override("en"), pytest.raises(Refusal, match="cannot be asked for the address now: It answers with an error"):
        linking.link_number(by=agent, contact=other, number=NUMBER, evidence=Known.MAIL)


def test_the_rules_of_a_network_are_kept(agent: User):
    said = factories.message(factories.x_account(), f"Meine Kundennummer ist {NUMBER}", who="jonasp")
    contact = said.conversation.handle.contact
    with override("en"), pytest.raises(Refusal, match="The rules of X ask for the customer's own word"):
        linked(agent, contact)
    link = linking.link_number(by=agent, contact=contact, number=NUMBER, evidence=Known.SAID, message=said)
    assert link.message == said


def test_it_is_taken_away_and_brought_back(agent: User):
    contact = met()
    link = linked(agent, contact)
    linking.unlink_number(by=agent, link=link)
    linking.unlink_number(by=agent, link=link)
    assert numbers(contact) == []
    linking.restore_number(by=agent, link=link)
    assert numbers(contact) == [NUMBER]
    linking.unlink_number(by=agent, link=link)
    linked(agent, contact)
    with override("en"), pytest.raises(Refusal, match="linked already"):
        linking.restore_number(by=agent, link=link)
    told = Entry.objects.filter(verb__endswith="_number").order_by("pk").values_list("verb", flat=True)
    verbs = ("link", "unlink", "restore", "unlink", "link")
    assert list(told) == [f"contacts.{verb}_number" for verb in verbs]


def test_people_are_found_by_it_and_the_same_number_suggests_a_merge(agent: User):
    one, two, other = met(), met(), met()
    linked(agent, one), linked(agent, two, "104711-20"), linked(agent, other, "99")
    assert list(queries.contacts(agent, search="10471120")) == [two, one]
    assert queries.suggestions(keys_of_person(one)) == [queries.Suggestion(two, Evidence.NUMBER)]
    with override("en"), pytest.raises(Refusal, match="No customer number is linked to both"):
        merging.merge(by=agent, source=one, target=other, evidence=Evidence.NUMBER)
    merging.merge(by=agent, source=one, target=two, evidence=Evidence.NUMBER)
    assert (queries.suggestions(keys_of_person(two)), numbers(fresh(one))) == ([], [NUMBER, "104711-20"])


def test_a_number_stays_with_its_contact(agent: User):
    one, two = met(), met()
    linked(agent, one)
    merge = known(agent, one, two)
    assert numbers(two) == [NUMBER]
    merging.undo(by=agent, merge=merge)
    assert (numbers(fresh(one)), numbers(fresh(two))) == ([NUMBER], [])


def test_only_those_who_work_on_conversations(agent: User):
    editor, contact = factories.staff("editor"), met()
    link = linked(agent, contact)
    for forbidden in (
        lambda: linked(editor, contact, "1"),
        lambda: linking.unlink_number(by=editor, link=link),
        lambda: linking.restore_number(by=editor, link=link),
        lambda: queries.access_number(editor, link.pk),
        lambda: queries.access_removed_number(editor, link.pk),
    ):
        with pytest.raises(NotAllowed):
            forbidden()
