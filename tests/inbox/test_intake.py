"""Every event becomes a message exactly once: twice, out of order, and when it is our own."""

from datetime import timedelta

import pytest

from hilft.channels.contract import Kind, Ref
from hilft.channels.mastodon import statuses
from hilft.channels.models import Account, Event, PortalPost
from hilft.inbox.intake import record_sent, take
from hilft.inbox.models import Conversation, Message
from hilft.inbox.queries import last_seen
from hilft.publishing.commands import deliveries, drafts
from hilft.publishing.models import Delivery, Placement
from tests import factories
from tests.inbox.arriving import BRAND, MORNING, come_in, status, written


def test_duplicates_change_nothing(account: Account) -> None:
    come_in(account, status(1), status(1))
    come_in(account, status(1))
    assert (Event.objects.count(), Message.objects.count()) == (1, 1)


def test_an_edit_that_arrives_before_its_post_stands(account: Account) -> None:
    come_in(account, status(1, "zweite Fassung", edited=5))
    come_in(account, status(1, "erste Fassung"))
    assert written(1).text == "zweite Fassung"
    assert Conversation.objects.get().preview == "zweite Fassung"


def test_a_late_old_version_does_not_replace_a_newer_one(account: Account) -> None:
    come_in(account, status(1, "eins"))
    come_in(account, status(1, "drei", edited=9))
    come_in(account, status(1, "zwei", edited=5))
    message = written(1)
    assert (message.text, [version.text for version in message.versions.all()]) == ("drei", ["eins"])


def test_a_post_deleted_before_we_heard_of_it_never_appears(account: Account) -> None:
    come_in(account, statuses.removed("1"))
    come_in(account, status(1))
    assert Message.objects.count() == 0
    assert Conversation.objects.count() == 0


def test_an_answer_that_seems_older_than_our_reply_is_what_the_list_shows(account: Account) -> None:
    """Networks round times to a second: who answers at once seems to have written before us."""
    come_in(account, status(1, "eine Frage"))
    ours = MORNING + timedelta(milliseconds=600)
    ref = Ref("mastodon", str(account.pk), "2")
    record_sent(conversation=Conversation.objects.get(), ref=ref, text="Wie ist Ihre Nummer?", at=ours)
    come_in(account, status(3, "4711-0815, danke!", parent=2, root=1))
    conversation = Conversation.objects.get()
    assert (conversation.preview, conversation.last_message_at) == ("4711-0815, danke!", ours)


def test_a_late_older_post_does_not_replace_what_the_list_shows(account: Account) -> None:
    come_in(account, status(2, "neuer", root=1))
    Message.objects.update(at=MORNING + timedelta(minutes=1))
    come_in(account, status(1, "älter", root=1))
    assert Conversation.objects.get().preview == "neuer"


def test_a_deletion_takes_the_words_and_all_their_versions(account: Account) -> None:
    come_in(account, status(1, "eins"), status(1, "zwei", edited=1))
    come_in(account, statuses.removed("1"), statuses.removed("1"))
    come_in(account, status(1, "drei", edited=2))
    message, conversation = written(1), Conversation.objects.get()
    assert (message.text, message.deleted_at is None, message.versions.count()) == ("", False, 0)
    assert (conversation.preview, conversation.waiting_since) == ("", None)


def test_a_deletion_takes_the_words_out_of_what_the_network_had_told(account: Account) -> None:
    come_in(account, status(1, "eins"), status(1, "zwei", edited=1), status(2, "bleibt"))
    come_in(account, statuses.removed("1"))
    come_in(account, status(1, "drei", edited=2), statuses.removed("3"))
    come_in(account, status(3, "vier"))
    told = b"".join(bytes(event.body) for event in Event.objects.all())
    assert [word for word in (b"eins", b"zwei", b"drei", b"vier", b"bleibt") if word in told] == [b"bleibt"]
    come_in(account, status(1, "eins"))
    assert (Event.objects.count(), Event.objects.filter(state="failed").count()) == (7, 0)


def test_the_echo_of_our_own_post_before_the_send_call_returns_is_one_message(account: Account) -> None:
    agent = factories.staff("agent")
    come_in(account, status(1))
    come_in(account, status(2, "Bitte warten Sie.", who=BRAND, parent=1))
    assert written(2).direction == "out"
    record_sent(
        conversation=Conversation.objects.get(),
        ref=Ref("mastodon", str(account.pk), "2"),
        text="Bitte warten Sie.",
        at=MORNING,
        author=agent.pk,
    )
    assert (Message.objects.count(), written(2).author) == (2, agent)
    assert Conversation.objects.get().waiting_since is None


def test_our_own_post_outside_of_any_conversation_is_no_message(account: Account) -> None:
    come_in(account, status(2, "Wartung heute Nacht", who=BRAND))
    assert Message.objects.count() == 0


@pytest.fixture
def answered(db: None) -> Placement:
    """A question on the portal with our published answer."""
    agent, question = factories.staff("agent"), factories.question()
    message = factories.message(factories.portal_account())
    post = PortalPost.objects.create(
        pk=int(message.external_id or 0), account=message.account, name="Jonas", email="j@post.example", text="?"
    )
    assert str(post.pk) == message.external_id
    draft = drafts.insert(by=agent, draft=drafts.begin(by=agent, conversation=message.conversation), question=question)
    draft = drafts.submit(by=agent, draft=draft, text=draft.text, seen=last_seen(message.conversation))
    Delivery.objects.update(due_at=MORNING)
    deliveries.deliver(draft.delivery.pk)
    return Placement.objects.get()


@pytest.mark.parametrize("deleted", [False, True])
def test_what_the_customer_changes_after_our_answer_leaves_the_answer_alone(answered: Placement, deleted: bool) -> None:
    question = answered.conversation.messages.get(direction="in")
    said = answered.text
    kind = Kind.DELETED if deleted else Kind.EDITED
    changed = factories.event(
        question.account,
        "Hat sich erledigt.",
        ref_id=question.external_id or "",
        kind=kind,
        at=factories.AT + timedelta(hours=1),
        thread=answered.conversation.thread,
    )
    take(question.account, changed)
    question.refresh_from_db()
    answered.refresh_from_db()
    assert question.text == ("" if deleted else "Hat sich erledigt.")
    assert (answered.state, answered.text, answered.message.text) == ("current", said, said)
    assert Delivery.objects.get().state == "delivered"
