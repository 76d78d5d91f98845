"""Two contacts held for one person: with evidence, undone in any order, and nothing of one shown with the other."""

import pytest
from django.db import transaction
from django.utils.translation import override
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from hilft.audit.models import Entry
from hilft.channels import ledger
from hilft.channels.commands import change_fact
from hilft.contacts import merging, noting, queries
from hilft.contacts.enums import Evidence
from hilft.contacts.models import Merge, Note
from hilft.inbox.models import Conversation, Message
from hilft.inbox.queries import conversations_of, history_of
from hilft.people.commands import meet, set_form
from hilft.people.errors import NotAllowed, Refusal
from hilft.people.models import Contact, Handle, User
from hilft.people.queries import keys_of_person
from tests import factories
from tests.machines import Machine, walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> User:
    return factories.staff("agent")


def met(kind: str = "mastodon", who: str = "") -> Contact:
    """Somebody who wrote to us, by one identity."""
    who = who or f"p{next(factories.NUMBER)}"
    return meet(kind=kind, network="", external_id=who, handle=who, name=who.title(), url="").contact


def fresh(contact: Contact) -> Contact:
    return Contact.objects.get(pk=contact.pk)


def known(agent: User, source: Contact, target: Contact) -> Merge:
    """A merge by a colleague's word."""
    return merging.merge(by=agent, source=source, target=target, evidence=Evidence.COLLEAGUE, words="Telefon")


def names(contact: Contact) -> set[str]:
    return {handle.handle for handle in queries.identities(keys_of_person(contact))}


def test_one_person_has_the_identities_the_history_and_the_notes_of_both(agent: User):
    toot = factories.message(factories.mastodon_account(), "Router blinkt", who="jonas")
    post = factories.message(factories.portal_account(), "Hallo? Mein Router!", who="Jonas@post.example")
    one, two = toot.conversation.handle.contact, post.conversation.handle.contact
    noting.note(by=agent, contact=one, text="Ruft gern an.")
    noting.note(by=agent, contact=two, text="Schreibt lang.")
    made = known(agent, one, two)
    assert (fresh(one).head, fresh(two).head) == (two, two)
    assert names(fresh(one)) == names(two) == {"jonas", "Jonas@post.example"}
    assert [note.text for note in queries.notes_of(keys_of_person(fresh(one)))] == ["Schreibt lang.", "Ruft gern an."]
    assert set(conversations_of(keys_of_person(two))) == {toot.conversation, post.conversation}
    refreshed = Conversation.objects.select_related("handle__contact").get(pk=toot.conversation_id)
    assert list(history_of(keys_of_person(refreshed.handle.contact), besides=refreshed)) == [post.conversation]
    entry = Entry.objects.get(verb="contacts.merge", actor=agent, subject_id=two.pk)
    assert entry.data == {"source": one.pk, "merge": made.pk, "evidence": "colleague"}

    merging.undo(by=agent, merge=made)
    merging.undo(by=agent, merge=made)
    assert (names(fresh(one)), names(fresh(two))) == ({"jonas"}, {"Jonas@post.example"})
    assert [note.text for note in queries.notes_of(keys_of_person(fresh(two)))] == ["Schreibt lang."]
    assert Entry.objects.filter(verb="contacts.undo_merge").count() == 1


def test_chains_collapse_and_are_undone_in_any_order(agent: User):
    a, b, c = met(), met(), met()
    first, second = known(agent, a, b), known(agent, b, c)
    assert (fresh(a).merged_into, fresh(b).merged_into, fresh(c).merged_into) == (c, c, None)
    merging.undo(by=agent, merge=first)
    assert (fresh(a).merged_into, fresh(b).merged_into) == (None, c)
    third = known(agent, fresh(a), fresh(b))
    assert (third.target, fresh(a).merged_into) == (c, c)
    merging.undo(by=agent, merge=second)
    assert (fresh(a).merged_into, fresh(b).merged_into) == (c, None)


def test_evidence_that_can_be_looked_up_is(agent: User):
    mail, portal, other = met("email", "jonas@post.example"), met("portal", "Jonas@post.example"), met("email")
    assert queries.suggestions(keys_of_person(mail)) == [queries.Suggestion(portal, Evidence.MAIL)]
    assert queries.suggestions(keys_of_person(other)) == []
    with override("en"), pytest.raises(Refusal, match="No e-mail address is proven for both"):
        merging.merge(by=agent, source=mail, target=other, evidence=Evidence.MAIL)
    with override("en"), pytest.raises(Refusal, match="who says so"):
        merging.merge(by=agent, source=mail, target=portal, evidence=Evidence.COLLEAGUE, words=" ")
    merging.merge(by=agent, source=mail, target=portal, evidence=Evidence.MAIL)
    assert queries.suggestions(keys_of_person(fresh(mail))) == []
    with override("en"), pytest.raises(Refusal, match="held for one person already"):
        known(agent, portal, fresh(mail))


def test_what_the_customer_says_is_a_message_of_theirs(agent: User):
    account = factories.mastodon_account()
    said = factories.message(account, "Ich bin auch jonas@post.example", who="jonas")
    foreign = factories.message(account, "Ich auch!", who="paula")
    one, two = said.conversation.handle.contact, met("email")
    for message in (None, foreign):
        with override("en"), pytest.raises(Refusal, match="Choose the message"):
            merging.merge(by=agent, source=one, target=two, evidence=Evidence.SAID, message=message)
    made = merging.merge(by=agent, source=one, target=two, evidence=Evidence.SAID, message=said)
    assert made.message == said


def test_the_rules_of_a_network_are_kept(agent: User, django_capture_on_commit_callbacks):
    said = factories.message(factories.x_account(), "Ich bin jonas@post.example", who="jonasp")
    one, two = said.conversation.handle.contact, met("email")
    with override("en"), pytest.raises(Refusal, match="The rules of X ask for the customer's own word"):
        known(agent, one, two)
    merging.undo(by=agent, merge=merging.merge(by=agent, source=one, target=two, evidence="said", message=said))
    operator = factories.staff("operator")
    with django_capture_on_commit_callbacks(execute=True):
        change_fact(by=operator, kind="x", name="identity.merge", value=False, source="Our lawyers")
    with override("en"), pytest.raises(Refusal, match="Identities on X are never tied to a person here"):
        merging.merge(by=agent, source=fresh(one), target=two, evidence=Evidence.SAID, message=said)
    ledger.forget()


def test_only_those_who_work_on_conversations(agent: User):
    editor, one, two = factories.staff("editor"), met(), met()
    made, note = known(agent, one, two), noting.note(by=agent, contact=one, text="Hallo")
    for forbidden in (
        lambda: known(editor, one, two),
        lambda: merging.undo(by=editor, merge=made),
        lambda: noting.note(by=editor, contact=one, text="Hallo"),
        lambda: noting.change_note(by=editor, note=note, text="Nein"),
        lambda: noting.delete_note(by=editor, note=note),
        lambda: noting.restore_note(by=editor, note=note),
        lambda: set_form(by=editor, contact=one, form="du"),
    ):
        with pytest.raises(NotAllowed):
            forbidden()


def test_a_note_keeps_what_it_said_and_comes_back(agent: User):
    contact = met()
    note = noting.note(by=agent, contact=contact, text=" Ruft an. ")
    noting.change_note(by=agent, note=note, text="Ruft an.")
    noting.change_note(by=agent, note=note, text="Ruft abends an.")
    (shown,) = queries.notes_of(keys_of_person(contact))
    assert (shown.text, [version.text for version in note.versions.all()]) == ("Ruft abends an.", ["Ruft an."])
    noting.delete_note(by=agent, note=note)
    noting.delete_note(by=agent, note=note)
    with pytest.raises(Refusal):
        noting.change_note(by=agent, note=note, text="Nein")
    assert list(queries.notes_of(keys_of_person(contact))) == []
    noting.restore_note(by=agent, note=note)
    assert [shown.text for shown in queries.notes_of(keys_of_person(contact))] == ["Ruft abends an."]
    with pytest.raises(Refusal):
        noting.note(by=agent, contact=contact, text=" ")
    verbs = Entry.objects.filter(verb__startswith="contacts.").order_by("pk").values_list("verb", flat=True)
    told = [f"contacts.{verb}" for verb in ("note", "change_note", "delete_note", "restore_note")]
    assert list(verbs) == told


def test_a_new_conversation_begins_as_the_person_is_addressed(agent: User):
    one = factories.message(factories.mastodon_account(), "Kannst du mir helfen?", who="jonas")
    two = met("portal", "jonas@post.example")
    known(agent, two, one.conversation.handle.contact)
    asked = factories.message(factories.portal_account(), "Router blinkt", who="jonas@post.example")
    assert asked.conversation.form == "du"
    set_form(by=agent, contact=two, form="sie")
    again = factories.message(asked.account, "Router blinkt", who="jonas@post.example")
    assert again.conversation.form == "sie"


def test_contacts_are_found_by_any_identity(agent: User):
    one, two, other = met(who="jonas"), met("email", "petersen@post.example"), met(who="paula")
    known(agent, one, two)
    assert list(queries.contacts(agent)) == [other, two]
    assert [list(queries.contacts(agent, search=words)) for words in ("JONAS", "petersen@", "Niemand")] == [
        [two],
        [two],
        [],
    ]


class People(Machine):
    """Agents who hold contacts for one person, take it back and note things, while customers write."""

    def __init__(self) -> None:
        super().__init__()
        self.agent = factories.staff("agent")
        self.account = factories.mastodon_account()
        self.wrote: dict[str, str] = {}
        """Each message with who wrote it."""
        self.noted: dict[str, int] = {}
        """Each note with the contact that it is about."""
        self.edges: dict[int, tuple[int, int]] = {}
        """Each standing merge with its two contacts."""

    @initialize()
    def begin(self) -> None:
        for number in range(5):
            self.write(number)

    @rule(who=st.integers(0, 6))
    def write(self, who: int) -> None:
        text = f"n{next(factories.NUMBER)}"
        factories.message(self.account, text, who=f"who{who}")
        self.wrote[text] = f"who{who}"

    @rule(data=st.data())
    def note(self, data: st.DataObject) -> None:
        contact = data.draw(st.sampled_from(self.everybody()))
        text = f"n{next(factories.NUMBER)}"
        noting.note(by=self.agent, contact=contact, text=text)
        self.noted[text] = contact.pk

    @rule(data=st.data())
    def merge(self, data: st.DataObject) -> None:
        one, two = (data.draw(st.sampled_from(self.everybody())) for _ in range(2))
        if one.head == two.head:
            with pytest.raises(Refusal), transaction.atomic():
                known(self.agent, one, two)
            return
        made = known(self.agent, one, two)
        self.edges[made.pk] = (made.source_id, made.target_id)

    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        if self.edges:
            pk = data.draw(st.sampled_from(sorted(self.edges)))
            merging.undo(by=self.agent, merge=Merge.objects.get(pk=pk))
            del self.edges[pk]

    @invariant()
    def each_person_is_what_the_standing_merges_make_of_them(self) -> None:
        for contact in self.everybody():
            person = self.together(contact.pk)
            mine = keys_of_person(contact)
            assert set(mine) == person
            assert contact.head.merged_into_id is None
            handles = set(Handle.objects.filter(contact__in=person).values_list("handle", flat=True))
            assert names(contact) == handles
            shown = Message.objects.filter(conversation__in=conversations_of(mine)).values_list("text", flat=True)
            assert set(shown) == {text for text, who in self.wrote.items() if who in handles}
            notes = {note.text for note in queries.notes_of(mine)}
            assert notes == {text for text, about in self.noted.items() if about in person}

    @invariant()
    def nothing_is_lost(self) -> None:
        assert set(Handle.objects.values_list("handle", flat=True)) == set(self.wrote.values())
        assert set(Note.objects.values_list("text", flat=True)) == set(self.noted)

    def everybody(self) -> list[Contact]:
        return list(Contact.objects.select_related("merged_into").order_by("pk"))

    def together(self, pk: int) -> set[int]:
        """The contact and all that standing merges connect it with, whichever way round."""
        found, fresh = set(), {pk}
        while fresh:
            found |= fresh
            fresh = {two for edge in self.edges.values() for two in edge if found & set(edge)} - found
        return found


@pytest.mark.slow
def test_nobody_is_lost_or_mistaken_whatever_people_do() -> None:
    walk(People, examples=15, steps=14, same=True)
