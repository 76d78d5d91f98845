"""Verification: compared on the server, kept without what was said, limited, and never where it was not done."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from hilft.audit.models import Entry
from hilft.base.clock import now
from hilft.channels.models import Account
from hilft.contacts import linking, merging, verifying
from hilft.contacts.enums import Known
from hilft.contacts.models import CustomerNumber, Merge, Verification
from hilft.contacts.queries import access_number_in, verification_of
from hilft.customers.models import System
from hilft.inbox.models import Conversation
from hilft.people.errors import NotAllowed, Refusal
from hilft.people.models import Contact, User
from tests import factories
from tests.contacts.test_merging import known
from tests.customers import made
from tests.machines import Machine, walk

pytestmark = pytest.mark.django_db
NUMBER, BORN, STREET, POSTCODE, INVOICE = (
    "/number",
    "/person/born_on",
    "/person/address/street",
    "/person/address/postcode",
    "/account/last_invoice",
)
RIGHT = {BORN: "12.3.84", INVOICE: "44,95 €"}
WRONG = {BORN: "13.3.84", INVOICE: "44,95 €"}


@pytest.fixture
def agent() -> User:
    return factories.staff("agent")


def wrote(who: str, account: Account | None = None) -> Conversation:
    """A conversation of somebody's."""
    return factories.message(
        account or factories.mastodon_account(), "Wie hoch ist meine Rechnung?", who=who
    ).conversation


def linked(agent: User, contact: Contact, number: str = "10 4711 20") -> CustomerNumber:
    return linking.link_number(by=agent, contact=contact, number=number, evidence=Known.COLLEAGUE, words="Telefon")


def tried(by: User, conversation: Conversation, link: CustomerNumber, said: dict[str, str]) -> Verification:
    return verifying.verify(by=by, conversation=conversation, link=link, said=said)


@pytest.fixture
def scene(agent: User, customer_system: str) -> tuple[Conversation, CustomerNumber]:
    """A conversation whose customer's number is known."""
    made.system(customer_system)
    conversation = wrote("katja")
    return conversation, linked(agent, conversation.handle.contact)


def test_only_the_result_is_kept(agent: User, scene: tuple[Conversation, CustomerNumber]):
    conversation, link = scene
    passed = tried(agent, conversation, link, {STREET: "deichstr. 5", POSTCODE: "26 506", NUMBER: "10471120"})
    assert (passed.passed, passed.means, passed.by) == (True, ["Kundennummer", "Anschrift"], agent)
    assert passed.until is not None
    assert abs(passed.until - now() - timedelta(hours=24)) < timedelta(minutes=1)
    failed = tried(agent, conversation, link, WRONG)
    assert (failed.passed, failed.until, failed.means) == (False, None, ["Geburtsdatum", "Letzte Rechnung"])
    entries = Entry.objects.filter(verb="contacts.verify", subject_id=conversation.pk).order_by("pk")
    assert [entry.data for entry in entries] == [
        {"link": link.pk, "passed": True, "means": passed.means, "until": passed.until.isoformat()},
        {"link": link.pk, "passed": False, "means": failed.means},
    ]
    kept = str([*Verification.objects.values(), *Entry.objects.values(), *CustomerNumber.objects.values()])
    for never in ("deichstr", "26 506", "13.3.84", "44,95", "Deichstr", "Brandt", "1984"):
        assert never not in kept


def test_too_little_is_no_attempt(agent: User, scene: tuple[Conversation, CustomerNumber]):
    conversation, link = scene
    for said, says in (
        ({BORN: "12.3.84", INVOICE: " "}, "Fill in at least 2"),
        ({BORN: "12.3.84", STREET: "Deichstraße 5"}, "filled in together"),
        ({}, "Fill in at least 2"),
    ):
        with override("en"), pytest.raises(Refusal, match=says):
            tried(agent, conversation, link, said)
    assert not tried(agent, conversation, link, RIGHT | {NUMBER: "1"}).passed
    assert Verification.objects.count() == 1


def test_attempts_are_limited_here_and_by_number_until_a_lead_does_it(
    agent: User, scene: tuple[Conversation, CustomerNumber]
):
    conversation, link = scene
    elsewhere = wrote("katja2")
    also = linked(agent, elsewhere.handle.contact)
    for where, number in ((conversation, link), (elsewhere, also), (conversation, link)):
        assert not tried(agent, where, number, WRONG).passed
    for where, number in ((conversation, link), (elsewhere, also)):
        with override("en"), pytest.raises(Refusal, match="a team lead has to do it now"):
            tried(agent, where, number, RIGHT)
    lead, system = factories.staff("lead"), System.objects.get()
    assert [verifying.tries_left(system, link, conversation, user) for user in (agent, lead)] == [0, 3]
    assert tried(lead, conversation, link, RIGHT).passed
    for _attempt in range(3):
        assert not tried(lead, conversation, link, WRONG).passed
    with override("en"), pytest.raises(Refusal, match="wait until an hour is over"):
        tried(lead, conversation, link, RIGHT)
    with time_machine.travel(now() + timedelta(hours=1, minutes=1)):
        assert tried(agent, elsewhere, also, RIGHT).passed


def test_each_look_is_recorded_and_only_while_it_holds(agent: User, scene: tuple[Conversation, CustomerNumber]):
    conversation, link = scene
    with override("en"), pytest.raises(Refusal, match="Verify the customer first"):
        verifying.see_personal(by=agent, conversation=conversation, link=link)
    holding = tried(agent, conversation, link, RIGHT)
    for _again in range(2):
        verifying.see_personal(by=agent, conversation=conversation, link=link)
    looks = Entry.objects.filter(verb="contacts.see_personal", subject_id=conversation.pk, actor=agent)
    assert [look.data for look in looks] == [{"link": link.pk, "verification": holding.pk}] * 2
    with time_machine.travel(now() + timedelta(hours=25)), pytest.raises(Refusal):
        verifying.see_personal(by=agent, conversation=conversation, link=link)
    linking.unlink_number(by=agent, link=link)
    linking.restore_number(by=agent, link=link)
    with pytest.raises(Refusal):
        verifying.see_personal(by=agent, conversation=conversation, link=link)


def test_another_conversation_and_another_person_are_not_verified(
    agent: User, scene: tuple[Conversation, CustomerNumber]
):
    conversation, link = scene
    tried(agent, conversation, link, RIGHT)
    again, stranger = wrote("katja", conversation.account), wrote("fremd", conversation.account)
    with override("en"), pytest.raises(Refusal, match="Verify the customer first"):
        verifying.see_personal(by=agent, conversation=again, link=link)
    with override("en"), pytest.raises(Refusal, match="not linked to whoever writes here"):
        verifying.see_personal(by=agent, conversation=stranger, link=link)
    with override("en"), pytest.raises(Refusal, match="not linked to whoever writes here"):
        tried(agent, stranger, link, RIGHT)
    with pytest.raises(CustomerNumber.DoesNotExist):
        access_number_in(agent, stranger.pk, link.pk)


def test_nothing_is_compared_where_the_system_is_silent_and_by_nobody_else(
    agent: User, scene: tuple[Conversation, CustomerNumber], customer_system: str
):
    conversation, link = scene
    editor = factories.staff("editor")
    for forbidden in (
        lambda: tried(editor, conversation, link, RIGHT),
        lambda: verifying.see_personal(by=editor, conversation=conversation, link=link),
        lambda: access_number_in(editor, conversation.pk, link.pk),
    ):
        with pytest.raises(NotAllowed):
            forbidden()
    made.system(f"{customer_system}/fault/error")
    with override("en"), pytest.raises(Refusal, match="Nothing could be compared: It answers with an error"):
        tried(agent, conversation, link, RIGHT)
    made.system(f"{customer_system}/fault/types")
    assert not tried(agent, conversation, link, RIGHT).passed


class Verified(Machine):
    """Agents who link, merge, take back and verify, while hours pass; the expected is kept beside it by hand."""

    address = ""

    def __init__(self) -> None:
        super().__init__()
        cache.clear()
        self.agent, self.lead = factories.staff("agent"), factories.staff("lead")
        self.client = Client(headers={"HX-Request": "true"})
        self.client.force_login(self.agent)
        self.clock = time_machine.travel(now(), tick=True)
        self.time = self.clock.start()
        self.holds: dict[tuple[int, int], Any] = {}
        """Until when each number was verified in each conversation."""

    def teardown(self) -> None:
        self.clock.stop()
        super().teardown()

    @initialize()
    def begin(self) -> None:
        made.system(self.address)
        account = factories.mastodon_account()
        self.conversations = [wrote(f"who{who}", account) for who in (0, 0, 1, 2)]
        self.links = [linked(self.agent, self.conversations[place].handle.contact) for place in (0, 2)]
        self.live = {link.pk for link in self.links}
        self.edges: dict[int, tuple[int, int]] = {}
        for place in (0, 1):
            self.said(self.conversations[2 * place], self.links[place], RIGHT)

    @rule(place=st.integers(0, 3), number=st.integers(0, 1), words=st.sampled_from([RIGHT, WRONG]))
    def verify(self, place: int, number: int, words: dict[str, str]) -> None:
        self.said(self.conversations[place], self.links[number], words)

    def said(self, conversation: Conversation, link: CustomerNumber, words: dict[str, str]) -> None:
        lead_may = verifying.tries_left(System.objects.get(), link, conversation, self.lead)
        if not self.theirs(conversation, link) or not lead_may:
            with pytest.raises(Refusal):
                tried(self.lead, conversation, link, words)
        elif tried(self.lead, conversation, link, words).passed:
            self.holds[conversation.pk, link.pk] = now() + timedelta(hours=24)

    @rule(place=st.integers(0, 1))
    def toggle(self, place: int) -> None:
        link = self.links[place]
        if link.pk in self.live:
            linking.unlink_number(by=self.agent, link=link)
            self.live.remove(link.pk)
            self.holds = {pair: until for pair, until in self.holds.items() if pair[1] != link.pk}
        else:
            linking.restore_number(by=self.agent, link=link)
            self.live.add(link.pk)

    @rule(one=st.integers(0, 3), two=st.integers(0, 3))
    def merge(self, one: int, two: int) -> None:
        ours, theirs = (self.contact(self.conversations[place]) for place in (one, two))
        if ours.head != theirs.head:
            made_one = known(self.agent, ours, theirs)
            self.edges[made_one.pk] = (made_one.source_id, made_one.target_id)

    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        if self.edges:
            pk = data.draw(st.sampled_from(sorted(self.edges)))
            merging.undo(by=self.agent, merge=Merge.objects.get(pk=pk))
            del self.edges[pk]

    @rule(hours=st.sampled_from([1, 23]))
    def wait(self, hours: int) -> None:
        self.time.shift(timedelta(hours=hours))

    @invariant()
    def what_the_server_sends(self) -> None:
        """In the conversation that was verified at first, and in the same person's other one."""
        for conversation in self.conversations[:2]:
            seen = self.client.post(reverse("desk:customer-look", args=[conversation.pk, self.links[0].pk]))
            assert ("Deichstra" in seen.content.decode()) == self.verified(conversation, self.links[0])

    @invariant()
    def personal_fields_only_where_it_was_verified(self) -> None:
        for conversation, link in self.pairs():
            try:
                found = access_number_in(self.agent, conversation.pk, link.pk)
                shown = verification_of(found[1], found[0]) is not None
            except CustomerNumber.DoesNotExist:
                shown = False
            assert shown == self.verified(conversation, link)

    def pairs(self) -> list[tuple[Conversation, CustomerNumber]]:
        return [(conversation, link) for conversation in self.conversations for link in self.links]

    def contact(self, conversation: Conversation) -> Contact:
        return Contact.objects.select_related("merged_into").get(pk=conversation.handle.contact_id)

    def verified(self, conversation: Conversation, link: CustomerNumber) -> bool:
        until = self.holds.get((conversation.pk, link.pk))
        return until is not None and until > now() and self.theirs(conversation, link)

    def theirs(self, conversation: Conversation, link: CustomerNumber) -> bool:
        found, fresh = set[int](), {conversation.handle.contact_id}
        while fresh:
            found |= fresh
            fresh = {two for edge in self.edges.values() for two in edge if found & set(edge)} - found
        return link.pk in self.live and link.contact_id in found


def test_no_personal_field_is_shown_where_it_was_not_verified(customer_system: str) -> None:
    Verified.address = customer_system
    walk(Verified, examples=4, steps=9, same=True)
