"""Steps on conversations and their way back; tags, spam, follow-ups and mentions."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from hilft.audit.models import Entry
from hilft.base.clock import now
from hilft.inbox.commands import note
from hilft.inbox.handling import steps
from hilft.inbox.handling.enums import Do
from hilft.inbox.handling.followups import wake_due
from hilft.inbox.handling.mentions import meant, mentions_of, read_in
from hilft.inbox.handling.models import Tag
from hilft.inbox.handling.queries import tags_in_use
from hilft.inbox.handling.steps import Skipped, Wanted
from hilft.inbox.handling.tags import names, rename_tag
from hilft.inbox.lists import conversations, counts
from hilft.inbox.models import Conversation, Message
from hilft.people.errors import NotAllowed, Refusal
from hilft.people.models import Team, User
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> User:
    return factories.staff("agent")


@pytest.fixture
def message() -> Message:
    return factories.message(factories.portal_account())


def standing(conversation: Conversation) -> dict[str, object]:
    return Conversation.objects.filter(pk=conversation.pk).values().get()


def values(agent: User) -> list[Wanted]:
    team = Team.objects.create(name="Technik")
    return [
        Wanted(Do.ASSIGN, agent.pk),
        Wanted(Do.TEAM, team.pk),
        Wanted(Do.TAG, ["Störung", "Nord"]),
        Wanted(Do.TOPIC, "Festnetz"),
        Wanted(Do.SNOOZE, 4),
        Wanted(Do.FOLLOW_UP, {"at": (now() + timedelta(days=2)).isoformat(), "note": "Techniker da?"}),
        Wanted(Do.CLOSE),
        Wanted(Do.SPAM),
        Wanted(Do.FOREIGN),
    ]


def test_every_step_is_undone_exactly_and_recorded(agent: User, message: Message):
    before = standing(message.conversation)
    for wanted in values(agent):
        step = steps.take(by=agent, conversation=message.conversation, wanted=wanted)
        assert standing(message.conversation) != before
        assert Entry.objects.filter(verb=steps.VERBS[wanted.do], data__step=step.pk).count() == 1
        assert steps.undo(by=agent, step=step) == []
        assert standing(message.conversation) == before
        assert steps.undo(by=agent, step=step) == [], "a second undo changes nothing"
    assert Entry.objects.filter(verb="inbox.undo_step").count() == 9


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        (Wanted(Do.ASSIGN, 0), "This person does not work on conversations."),
        (Wanted(Do.TEAM, 0), "This team does not exist any more."),
        (Wanted(Do.UNTAG, ["nie"]), "It is so already."),
        (Wanted(Do.SNOOZE, "2020-01-01T08:00+01:00"), "Choose a time in the future."),
        (Wanted(Do.FOLLOWED_UP), "It is so already."),
    ],
)
def test_a_step_without_a_place_says_why(agent: User, message: Message, wanted: Wanted, reason: str):
    with override("en"), pytest.raises(Skipped, match=reason):
        steps.take(by=agent, conversation=message.conversation, wanted=wanted)


def test_only_who_works_on_conversations_takes_steps(message: Message):
    with pytest.raises(NotAllowed):
        steps.take(by=factories.staff("editor"), conversation=message.conversation, wanted=Wanted(Do.CLOSE))


def test_undo_leaves_what_was_changed_since(agent: User, message: Message):
    step = steps.take(by=agent, conversation=message.conversation, wanted=Wanted(Do.CLOSE))
    factories.message(message.account, "Hallo?", thread=message.conversation.thread, at=message.at + timedelta(hours=1))
    assert steps.undo(by=agent, step=step) == ["state", "waiting_since"]
    found = Conversation.objects.get()
    assert (found.state, found.waiting_since) == ("open", message.at + timedelta(hours=1))


def test_tags_put_on_by_others_survive_an_undo(agent: User, message: Message):
    first = steps.take(by=agent, conversation=message.conversation, wanted=Wanted(Do.TAG, ["Nord"]))
    steps.take(by=agent, conversation=message.conversation, wanted=Wanted(Do.TAG, ["störung", "nord"]))
    assert Conversation.objects.get().tags == ["Nord", "störung"]
    assert steps.undo(by=agent, step=first) == []
    assert Conversation.objects.get().tags == ["störung"]


def test_renaming_and_merging_tags(agent: User, message: Message):
    other = factories.message(message.account, who="ayse")
    steps.take(by=agent, conversation=message.conversation, wanted=Wanted(Do.TAG, ["Störung", "Ausfall"]))
    steps.take(by=agent, conversation=other.conversation, wanted=Wanted(Do.TAG, ["Ausfall"]))
    lead = factories.staff("lead")
    rename_tag(by=lead, tag=Tag.objects.get(name="Störung"), name="Störungen")
    assert [(tag.name, tag.on) for tag in tags_in_use()] == [("Ausfall", 2), ("Störungen", 1)]
    rename_tag(by=lead, tag=Tag.objects.get(name="Ausfall"), name="störungen")
    assert [(tag.name, tag.on) for tag in tags_in_use()] == [("Störungen", 2)]
    assert list(Conversation.objects.order_by("pk").values_list("tags", flat=True)) == [["Störungen"], ["Störungen"]]
    assert Entry.objects.filter(verb="inbox.rename_tag").count() == 2
    with pytest.raises(NotAllowed):
        rename_tag(by=agent, tag=Tag.objects.get(), name="Anders")
    with pytest.raises(Refusal):
        rename_tag(by=lead, tag=Tag.objects.get(), name=" , ")


def test_tags_as_people_type_them():
    assert names(" #Störung, Nord ,, nord  west, Störung") == ["Störung", "Nord", "nord west"]


def test_a_spammers_later_posts_are_marked_and_come_back_together(agent: User, message: Message):
    first = message.conversation
    step = steps.take(by=agent, conversation=first, wanted=Wanted(Do.SPAM))
    again = factories.message(message.account, "Billige Uhren!", thread=first.thread)
    later = factories.message(message.account, "Noch mehr Uhren!").conversation
    innocent = factories.message(message.account, "Router?", who="ayse").conversation
    assert again.conversation_id == first.pk
    found = {c.pk: (c.sorted_out, c.like_id, c.state) for c in Conversation.objects.all()}
    assert found == {
        first.pk: ("spam", None, "done"),
        later.pk: ("spam", first.pk, "done"),
        innocent.pk: ("", None, "open"),
    }
    assert Message.objects.count() == 4, "nothing is deleted"
    assert set(conversations(agent, view="spam")) == {first, later}
    assert list(conversations(agent, view="done")) == []
    steps.undo(by=agent, step=step)
    assert set(conversations(agent, view="open")) == {first, later, innocent}
    assert factories.message(message.account, "Doch eine Frage").conversation.state == "open"


def test_not_for_us_opens_again_when_the_customer_writes(agent: User, message: Message):
    steps.take(by=agent, conversation=message.conversation, wanted=Wanted(Do.FOREIGN))
    assert [c.pk for c in conversations(agent, view="foreign")] == [message.conversation_id]
    factories.message(message.account, "Doch, für Sie!", thread=message.conversation.thread)
    found = Conversation.objects.get()
    assert (found.state, found.sorted_out) == ("open", "")


def test_a_follow_up_wakes_on_its_day_and_outlives_a_reply(agent: User, message: Message, time_machine):
    value = {"at": (now() + timedelta(days=2)).isoformat(), "note": "War der Techniker da?"}
    steps.take(by=agent, conversation=message.conversation, wanted=Wanted(Do.FOLLOW_UP, value))
    steps.take(by=agent, conversation=message.conversation, wanted=Wanted(Do.SNOOZE, 24 * 30))
    factories.message(message.account, "Danke schon mal", thread=message.conversation.thread)
    steps.take(by=agent, conversation=message.conversation, wanted=Wanted(Do.CLOSE))
    assert (wake_due(), counts(agent).followups) == (0, 0)
    time_machine.move_to(now() + timedelta(days=3))
    assert (wake_due(), wake_due(), counts(agent).followups) == (1, 0, 1)
    found = Conversation.objects.get()
    assert (found.state, found.follow_up_note) == ("open", "War der Techniker da?")
    assert [c.pk for c in conversations(agent, view="followups")] == [found.pk]
    steps.take(by=agent, conversation=found, wanted=Wanted(Do.FOLLOWED_UP))
    assert counts(agent).followups == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("@Mara Köhler bitte ansehen", ["Mara Köhler"]),
        ("Fragt @Tarık, er weiß es.", ["Tarık Özkan"]),
        ("@jonas hilft", []),
        ("@Jonas Weiß und @mara köhler", ["Jonas Weiß", "Mara Köhler"]),
        ("mail@mara.example", []),
        ("@Unbekannt", []),
    ],
)
def test_whom_a_note_speaks_to(text: str, told: list[str]):
    for name in ("Mara Köhler", "Tarık Özkan", "Jonas Weiß", "Jonas Behn"):
        factories.staff("agent", name=name)
    assert sorted(person.name for person in meant(text)) == told


def test_a_mention_is_unread_until_the_conversation_is_opened(agent: User, message: Message):
    mara = factories.staff("agent", name="Mara Köhler")
    note(by=agent, conversation=message.conversation, text="@Mara Köhler, kennst du das?")
    note(by=mara, conversation=message.conversation, text="@Mara sieht nach.")
    assert [(one.user, one.note.author) for one in mentions_of(mara)] == [(mara, agent)]
    assert (counts(mara).mentions, counts(agent).mentions) == (1, 0)
    read_in(by=mara, conversation=message.conversation)
    assert counts(mara).mentions == 0
    assert Entry.objects.filter(verb="inbox.note", data__told=[mara.pk]).count() == 1
