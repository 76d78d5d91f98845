"""Merging and splitting conversations: one thread to work on, every message and reply where it belongs."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils.translation import override
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from hilft.audit.models import Entry
from hilft.base.clock import now
from hilft.channels.contract import Kind, Ref
from hilft.inbox.commands import assign, close, come_back, reopen, snooze
from hilft.inbox.handling import joining
from hilft.inbox.handling.models import Joining
from hilft.inbox.intake import record_sent, take
from hilft.inbox.lists import conversations
from hilft.inbox.models import Conversation, Message
from hilft.inbox.queries import arrived_since, last_seen, messages_of
from hilft.people.errors import NotAllowed, Refusal
from hilft.people.models import User
from hilft.publishing.commands import drafts
from hilft.publishing.models import Placement
from tests import factories
from tests.desk.made import reply
from tests.machines import Machine, walk

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def agent() -> User:
    return factories.staff("agent")


@pytest.fixture
def pair() -> tuple[Message, Message]:
    """The same person on two networks."""
    first = factories.message(factories.mastodon_account(), "Router blinkt", who="jonas")
    return first, factories.message(factories.x_account(), "Hallo? Mein Router!", who="jonasp", at=factories.AT + HOUR)


def fresh(conversation: Conversation) -> Conversation:
    return Conversation.objects.get(pk=conversation.pk)


def texts(conversation: Conversation) -> list[str]:
    return [message.text for message in messages_of(fresh(conversation))]


def test_two_conversations_are_worked_on_as_one(agent: User, pair: tuple[Message, Message]):
    first, second = pair
    made = joining.merge(by=agent, source=second.conversation, target=first.conversation)
    assert texts(first.conversation) == ["Router blinkt", "Hallo? Mein Router!"]
    assert list(conversations(agent, view="open")) == [first.conversation]
    assert list(conversations(agent, view="all")) == [first.conversation]
    assert Entry.objects.filter(verb="inbox.merge", subject_id=made.pk, actor=agent).count() == 1


def test_what_arrives_at_a_strand_wakes_the_one_it_belongs_to(agent: User, pair: tuple[Message, Message]):
    first, second = pair
    seen = last_seen(first.conversation)
    joining.merge(by=agent, source=second.conversation, target=first.conversation)
    Conversation.objects.filter(pk=first.conversation_id).update(state="done", waiting_since=None)
    late = factories.message(
        second.account, "Noch da?", who="jonasp", thread=second.conversation.thread, at=factories.AT + 2 * HOUR
    )
    head, strand = fresh(first.conversation), fresh(second.conversation)
    assert (head.state, head.waiting_since, head.preview) == ("open", late.at, "Noch da?")
    assert (strand.state, strand.waiting_since) == ("done", None)
    assert late in arrived_since(head, seen), "a reply that was begun in the other strand is stopped"


def test_a_strand_has_no_state_of_its_own(agent: User, pair: tuple[Message, Message]):
    first, second = pair
    joining.merge(by=agent, source=second.conversation, target=first.conversation)
    strand = fresh(second.conversation)
    assign(by=agent, conversation=strand, to=agent)
    snooze(by=agent, conversation=fresh(strand), until=now() + HOUR)
    assert (fresh(first.conversation).state, fresh(first.conversation).assignee) == ("later", agent)
    close(by=agent, conversation=fresh(strand))
    assert fresh(first.conversation).state == "done"
    reopen(by=agent, conversation=fresh(strand))
    assert (fresh(first.conversation).state, fresh(first.conversation).waiting_since) == ("open", second.at)
    assert (fresh(strand).state, fresh(strand).assignee) == ("done", None)


def test_a_reply_in_a_strand_goes_there_and_ends_the_waiting(agent: User, pair: tuple[Message, Message]):
    first, second = pair
    joining.merge(by=agent, source=second.conversation, target=first.conversation)
    draft = drafts.begin(by=agent, conversation=fresh(second.conversation))
    assert (draft.reply_to, draft.conversation.account) == (second, second.account)
    ref = Ref(channel="x", account=str(second.account_id), id="reply-1")
    record_sent(conversation=fresh(second.conversation), ref=ref, text="Wir sehen nach.", at=factories.AT + 3 * HOUR)
    assert texts(first.conversation)[-1] == "Wir sehen nach."
    assert fresh(first.conversation).waiting_since is None


def test_what_is_deleted_in_a_strand_counts_for_the_one_it_belongs_to(agent: User, pair: tuple[Message, Message]):
    first, second = pair
    joining.merge(by=agent, source=second.conversation, target=first.conversation)
    for message, (preview, waits) in ((second, ("Router blinkt", True)), (first, ("", False))):
        gone = factories.event(message.account, "", ref_id=message.external_id, kind=Kind.DELETED, at=now())
        take(message.account, gone)
        head = fresh(first.conversation)
        assert (head.preview, head.waiting_since is not None) == (preview, waits)


def test_what_comes_back_for_a_strand_wakes_the_one_it_belongs_to(agent: User, pair: tuple[Message, Message]):
    source, target = (message.conversation for message in pair)
    joining.merge(by=agent, source=source, target=target)
    close(by=agent, conversation=fresh(target))
    note = come_back(conversation=fresh(source), text="Die Technik kommt morgen.", at=now())
    assert note.conversation_id == source.pk
    assert (fresh(target).state, fresh(target).waiting_since) == ("open", note.at)
    assert (fresh(source).state, fresh(source).waiting_since) == ("done", None)


def test_undoing_a_merge_restores_both(agent: User, pair: tuple[Message, Message]):
    first, second = pair
    Conversation.objects.filter(pk=first.conversation_id).update(state="done", waiting_since=None, tags=["Nord"])
    before = list(Conversation.objects.order_by("pk").values())
    made = joining.merge(by=agent, source=second.conversation, target=first.conversation)
    assert fresh(first.conversation).state == "open"
    joining.undo(by=agent, joining=made)
    joining.undo(by=agent, joining=made)
    assert list(Conversation.objects.order_by("pk").values()) == before
    assert Entry.objects.filter(verb="inbox.undo_joining").count() == 1


def test_a_strand_that_was_written_to_comes_back_open(agent: User, pair: tuple[Message, Message]):
    first, second = pair
    Conversation.objects.filter(pk=second.conversation_id).update(state="done", waiting_since=None)
    made = joining.merge(by=agent, source=fresh(second.conversation), target=first.conversation)
    factories.message(second.account, "Noch da?", who="jonasp", thread=second.conversation.thread)
    joining.undo(by=agent, joining=made)
    assert fresh(second.conversation).state == "open"
    assert texts(first.conversation) == ["Router blinkt"]


def test_messages_are_taken_out_and_answered_on_their_own(agent: User):
    account = factories.mastodon_account()
    first = factories.message(account, "Router blinkt", thread="t", ref_id="m1")
    other = factories.message(account, "Und die Rechnung?", thread="t", ref_id="m2", at=factories.AT + HOUR)
    made = joining.split(by=agent, conversation=first.conversation, messages=[other.pk])
    own = made.source
    assert (texts(first.conversation), texts(own)) == (["Router blinkt"], ["Und die Rechnung?"])
    assert (fresh(own).waiting_since, fresh(first.conversation).waiting_since) == (other.at, first.at)
    assert fresh(first.conversation).preview == "Router blinkt"
    factories.message(account, "Die vom Mai.", thread="t", ref_id="m3", parent="m2", at=factories.AT + 2 * HOUR)
    factories.message(account, "Blinkt noch.", thread="t", ref_id="m4", parent="m1", at=factories.AT + 3 * HOUR)
    assert texts(own) == ["Und die Rechnung?", "Die vom Mai."]
    assert texts(first.conversation) == ["Router blinkt", "Blinkt noch."]
    joining.undo(by=agent, joining=made)
    assert texts(first.conversation) == ["Router blinkt", "Und die Rechnung?", "Die vom Mai.", "Blinkt noch."]
    assert list(conversations(agent, view="open")) == [first.conversation]


def test_a_placement_goes_with_its_message(agent: User):
    placement = reply(agent, factories.question())
    head = placement.conversation
    asked = head.messages.get(direction="in")
    factories.message(asked.account, "Und die Rechnung?", thread=head.thread, who=head.handle.external_id)
    made = joining.split(by=agent, conversation=head, messages=[asked.pk, placement.message_id])
    placement = Placement.objects.select_related("message", "delivery").get()
    assert {placement.conversation, placement.message.conversation, placement.delivery.conversation} == {made.source}


@pytest.mark.parametrize("text", ["", "Ich schreibe gerade"])
def test_an_open_reply_in_the_way_is_named(agent: User, pair: tuple[Message, Message], text: str):
    first, second = pair
    writer = factories.staff("agent", name="Mara Köhler")
    draft = drafts.begin(by=writer, conversation=second.conversation)
    drafts.save(by=writer, draft=draft, text=text)
    if not text:
        assert joining.merge(by=agent, source=second.conversation, target=first.conversation)
        return
    with override("en"), pytest.raises(Refusal, match="Mara Köhler has an open reply there"):
        joining.merge(by=agent, source=second.conversation, target=first.conversation)


def test_refusals(agent: User, pair: tuple[Message, Message]):
    first, second = pair
    with pytest.raises(NotAllowed):
        joining.merge(by=factories.staff("editor"), source=second.conversation, target=first.conversation)
    with pytest.raises(Refusal):
        joining.merge(by=agent, source=first.conversation, target=first.conversation)
    with pytest.raises(Refusal):
        joining.split(by=agent, conversation=first.conversation, messages=[])
    with pytest.raises(Refusal):
        joining.split(by=agent, conversation=first.conversation, messages=[first.pk])
    joining.merge(by=agent, source=second.conversation, target=first.conversation)
    with pytest.raises(Refusal):
        joining.merge(by=agent, source=second.conversation, target=first.conversation)
    with pytest.raises(Refusal):
        joining.split(by=agent, conversation=fresh(first.conversation), messages=[first.pk, second.pk])


class Joinings(Machine):
    """Two networks, people who write there, and agents who merge, split, answer and undo in whatever order."""

    def __init__(self) -> None:
        super().__init__()
        self.agent = factories.staff("agent")
        self.accounts = [factories.mastodon_account(), factories.x_account()]
        self.said: set[str] = set()
        self.replied: dict[str, str] = {}
        """Each reply with the message that it answers."""
        self.minutes = 0

    @initialize()
    def begin(self) -> None:
        for place in range(4):
            self.write(place)

    @rule(place=st.integers(0, 3))
    def write(self, place: int) -> None:
        key = self.key()
        account = self.accounts[place % 2]
        factories.message(account, key, ref_id=key, thread=f"t{place}", who=f"p{place}", at=self.at())
        self.said.add(key)

    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        asked = data.draw(st.sampled_from(list(Message.objects.filter(direction="in").order_by("pk"))))
        key = self.key()
        ref = Ref(channel=asked.account.kind, account=str(asked.account_id), id=key)
        record_sent(conversation=asked.conversation, ref=ref, text=key, at=self.at())
        self.said.add(key)
        self.replied[key] = asked.text

    @rule(data=st.data())
    def merge(self, data: st.DataObject) -> None:
        one, two = (data.draw(st.sampled_from(list(Conversation.objects.order_by("pk")))) for _ in range(2))
        try:
            with transaction.atomic():
                joining.merge(by=self.agent, source=one, target=two)
        except Refusal:
            assert one.merged_into_id or one.pk == two.head.pk

    @rule(data=st.data())
    def split(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(list(Conversation.objects.standing().order_by("pk"))))
        keys = list(messages_of(one).values_list("pk", flat=True))
        if not keys:
            return
        chosen = data.draw(st.sets(st.sampled_from(keys), min_size=1))
        try:
            with transaction.atomic():
                joining.split(by=self.agent, conversation=one, messages=chosen)
        except Refusal:
            assert set(messages_of(one).values_list("pk", flat=True)) == set(keys)

    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        live = list(Joining.objects.filter(undone_at=None).order_by("pk"))
        if live:
            joining.undo(by=self.agent, joining=data.draw(st.sampled_from(live)))

    @invariant()
    def every_message_is_shown_once(self) -> None:
        shown = [m.text for one in Conversation.objects.standing() for m in messages_of(one)]
        assert sorted(shown) == sorted(self.said)

    @invariant()
    def every_message_stands_where_it_was_written(self) -> None:
        for message in Message.objects.select_related("conversation"):
            assert message.account_id == message.conversation.account_id

    @invariant()
    def strands_hang_on_one_head(self) -> None:
        assert not Conversation.objects.filter(merged_into__merged_into__isnull=False).exists()
        assert not Conversation.objects.filter(merged_into__isnull=False).exclude(state="done").exists()

    @invariant()
    def who_waits_is_seen(self) -> None:
        for one in Conversation.objects.standing():
            said = list(messages_of(one))
            if said and said[-1].direction == "in":
                assert (fresh(one).state, fresh(one).waiting_since is not None) == ("open", True)

    def key(self) -> str:
        return f"n{next(factories.NUMBER)}"

    def at(self):
        self.minutes += 1
        return factories.AT + timedelta(minutes=self.minutes)


@pytest.mark.slow
def test_nothing_is_lost_or_doubled_whatever_people_do() -> None:
    walk(Joinings, examples=15, steps=14, same=True)
