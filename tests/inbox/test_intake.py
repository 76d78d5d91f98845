"""Every event becomes a message exactly once: in parallel, out of order, twice, damaged, forged."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from django.db import connection

from hilft.approvals.models import Rule
from hilft.channels.commands import read_again, store
from hilft.channels.contract import Raw, Ref
from hilft.channels.email import parsing
from hilft.channels.email.marks import Marks
from hilft.channels.mastodon import statuses
from hilft.channels.models import Account, Event, PortalPost
from hilft.channels.portal import commands as portal
from hilft.channels.portal.tokens import Forged, key_of
from hilft.channels.registry import adapter_of
from hilft.inbox.intake import read_new_events, record_sent
from hilft.inbox.models import Conversation, Message
from hilft.inbox.queries import last_seen
from hilft.publishing.commands import deliveries, drafts
from hilft.publishing.models import Delivery, Placement
from tests import factories

BRAND, LENA = "1", "7"
MORNING = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)


def status(
    number: int, text: str = "Router blinkt orange", *, who: str = LENA, edited: int = 0, parent: int = 0, root: int = 0
) -> Raw:
    """A Mastodon status as our listener stores it; `edited` counts minutes after it was written."""
    handle = "nordnetz" if who == BRAND else "lena"
    body: dict[str, Any] = {
        "id": str(number),
        "account": {"id": who, "acct": handle, "url": f"http://127.0.0.1:9/@{handle}", "display_name": handle.title()},
        "created_at": MORNING.isoformat(),
        "visibility": "public",
        "content": f"<p>@{'lena' if who == BRAND else 'nordnetz'} {text}</p>",
        "url": f"http://127.0.0.1:9/@{handle}/{number}",
        "edited_at": (MORNING + timedelta(minutes=edited)).isoformat() if edited else None,
        "in_reply_to_id": str(parent) if parent else None,
    }
    return statuses.keep(body, me=BRAND, root=str(root or parent or number))


def come_in(account: Account, *raws: Raw) -> None:
    store(account, raws)
    read_new_events()


def written(number: int) -> Message:
    return Message.objects.get(external_id=str(number))


@pytest.fixture
def account(db: None) -> Account:
    return factories.mastodon_account()


@pytest.fixture
def mailbox(db: None) -> Account:
    return mail_account()


def mail_account() -> Account:
    from hilft.channels.commands import connect_account

    return connect_account(
        by=None,
        kind="email",
        name="Kundenpost",
        handle="kontakt@nordnetz.example",
        settings={"address": "kontakt@nordnetz.example", "name": "NordNetz", "inbound": "receiver"},
        secrets={"token_key": "key"},
    )


def mail(text: str, *, sender: str = "jonas@post.example", to: str = "kontakt@nordnetz.example", **more: str) -> Raw:
    headers = {
        "From": sender,
        "To": to,
        "Subject": "Router",
        "Date": "Tue, 03 Nov 2026 09:00:00 +0100",
        "Message-ID": f"<{abs(hash((text, sender)))}@post.example>",
    } | {name.replace("_", "-"): value for name, value in more.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return parsing.raw(f"{lines}\r\n{text}\r\n".encode())


# --- at once ------------------------------------------------------------------------------------------------------


@pytest.fixture
def rules(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """First in is last out: puts back what migrations had put in, after a test with real transactions emptied it."""
    with django_db_blocker.unblock():
        kept = list(Rule.objects.all())
    yield
    with django_db_blocker.unblock():
        Rule.objects.bulk_create(kept, ignore_conflicts=True)


def at_once(count: int, act: Callable[[int], object]) -> list[BaseException]:
    """Runs `act` in as many threads, all let go at the same moment; returns what they raised."""
    gate = threading.Barrier(count)
    raised: list[BaseException] = []

    def run(number: int) -> None:
        try:
            connection.ensure_connection()
            gate.wait(timeout=30)
            act(number)
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return raised


def test_the_same_event_fifty_times_at_once_makes_one_message(rules: None, transactional_db: None) -> None:
    account = factories.mastodon_account()
    raw = status(100)

    def deliver(_number: int) -> None:
        store(account, [raw])
        read_new_events()

    assert at_once(50, deliver) == []
    read_new_events()
    assert Event.objects.count() == 1
    assert Message.objects.count() == 1
    assert Conversation.objects.count() == 1


def test_fifty_different_events_of_one_thread_at_once_make_one_conversation(
    rules: None, transactional_db: None
) -> None:
    account = factories.mastodon_account()

    def deliver(number: int) -> None:
        store(account, [status(200 + number, f"Nachtrag {number}", parent=200 if number else 0)])
        read_new_events(most=3)

    assert at_once(50, deliver) == []
    while read_new_events():
        pass
    assert set(Event.objects.values_list("state", flat=True)) == {"read"}
    assert Message.objects.count() == 50
    assert Conversation.objects.count() == 1


def test_echo_and_send_call_at_once_meet_in_one_message(rules: None, transactional_db: None) -> None:
    account = factories.mastodon_account()
    agent = factories.staff("agent")
    come_in(account, status(300))
    conversation = Conversation.objects.get()
    ref = Ref("mastodon", str(account.pk), "301")

    def act(number: int) -> None:
        if number % 2:
            come_in(account, status(301, "Bitte warten Sie.", who=BRAND, parent=300))
        else:
            record_sent(conversation=conversation, ref=ref, text="Bitte warten Sie.", at=MORNING, author=agent.pk)

    assert at_once(10, act) == []
    read_new_events()
    reply = written(301)
    assert (reply.direction, reply.text, reply.author) == ("out", "Bitte warten Sie.", agent)


def test_new_customers_met_at_once_in_any_order_hold_up_nobody(rules: None, transactional_db: None) -> None:
    account = factories.mastodon_account()
    there = [status(500 + number, who=f"kunde{number}") for number in range(30)]
    back = [status(600 + number, who=f"kunde{number}") for number in reversed(range(30))]
    store(account, there)
    store(account, back)

    def act(_number: int) -> None:
        while read_new_events(most=30):
            pass

    assert at_once(2, act) == []
    assert Message.objects.count() == 60


def test_an_edit_read_at_once_with_its_post_is_not_lost(rules: None, transactional_db: None) -> None:
    account = factories.mastodon_account()
    for post in range(400, 410):
        raws = [status(post, "erste Fassung"), status(post, "zweite Fassung", edited=5)]

        def act(number: int, raws: list[Raw] = raws) -> None:
            come_in(account, raws[number])

        assert at_once(2, act) == []
        read_new_events()
        assert written(post).text == "zweite Fassung"


# --- order --------------------------------------------------------------------------------------------------------


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


# --- our own posts ------------------------------------------------------------------------------------------------


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
    from hilft.channels.contract import Kind
    from hilft.inbox.intake import take

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


# --- damaged ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(status(9).body[:-30], id="truncated"),
        pytest.param(msgspec.json.encode(["what", "status"]), id="another-shape"),
        pytest.param(
            msgspec.json.encode({"what": "status", "me": "1", "root": "9", "status": {"id": 9}}), id="garbage"
        ),
        pytest.param(msgspec.json.encode({"what": "invented"}), id="unknown-kind"),
        pytest.param(b"\xff\xfe\x00", id="no-text"),
        pytest.param(b"", id="empty"),
    ],
)
def test_a_damaged_event_is_marked_and_blocks_nothing(account: Account, body: bytes) -> None:
    come_in(account, status(1), Raw(key="damaged", body=body), status(2))
    damaged = Event.objects.get(key="damaged")
    assert damaged.state == "failed"
    assert damaged.error
    assert set(Message.objects.values_list("external_id", flat=True)) == {"1", "2"}


def test_a_damaged_event_is_read_again_once_it_can_be(account: Account) -> None:
    whole = status(1)
    come_in(account, Raw(key=whole.key, body=whole.body[:-1]))
    event = Event.objects.get()
    assert event.state == "failed"
    Event.objects.update(body=whole.body)
    read_again(by=factories.staff("operator"), event=event)
    read_new_events()
    event.refresh_from_db()
    assert (event.state, event.error, written(1).text) == ("read", "", "Router blinkt orange")


def test_a_status_with_a_zero_byte_is_read_without_it(account: Account) -> None:
    come_in(account, status(1, "Router\x00blinkt"))
    assert written(1).text == "Routerblinkt"


@pytest.mark.parametrize("body", [b"\x00\x01", b"Subject: niemand\r\n\r\nHallo\r\n", b"From: niemand\r\n\r\nHallo\r\n"])
def test_an_unreadable_mail_makes_no_message_and_blocks_nothing(mailbox: Account, body: bytes) -> None:
    come_in(mailbox, Raw(key="damaged", body=body), mail("Mein Router blinkt."))
    assert [message.text for message in Message.objects.all()] == ["Mein Router blinkt."]


def test_a_mail_that_only_a_machine_can_have_written_waits_for_nobody(mailbox: Account) -> None:
    come_in(mailbox, mail("Abwesend.", Auto_Submitted="auto-replied"))
    conversation = Conversation.objects.get()
    assert (conversation.state, conversation.waiting_since, conversation.automatic) == ("done", None, True)


# --- forged -------------------------------------------------------------------------------------------------------


def test_a_forged_plus_address_joins_no_foreign_conversation(mailbox: Account) -> None:
    come_in(mailbox, mail("Mein Router blinkt."))
    mine = Conversation.objects.get()
    true = Marks(adapter_of(mailbox)._config).reply_to(mine.thread)  # type: ignore[attr-defined]
    local, _, domain = true.partition("@")
    forged = f"{local[:-1]}{'0' if local[-1] != '0' else '1'}@{domain}"
    come_in(mailbox, mail("Und das Passwort?", sender="mallory@post.example", to=forged))
    come_in(mailbox, mail("Und die Adresse?", sender="mallory@post.example", to=true))
    come_in(mailbox, mail("Noch etwas.", to=true))
    assert [message.text for message in mine.messages.order_by("pk")] == ["Mein Router blinkt.", "Noch etwas."]
    foreign = Message.objects.exclude(conversation=mine)
    assert {message.conversation.handle.external_id for message in foreign} == {"mallory@post.example"}


def test_a_sender_who_names_our_message_joins_no_foreign_conversation(mailbox: Account) -> None:
    come_in(mailbox, mail("Mein Router blinkt.", Message_ID="<first@post.example>"))
    come_in(mailbox, mail("Ich auch!", sender="mallory@post.example", References="<first@post.example>"))
    assert Conversation.objects.count() == 2


def test_a_mail_that_claims_to_be_ours_is_a_customers(mailbox: Account) -> None:
    come_in(mailbox, mail("Ihr Konto ist gesperrt.", sender="kontakt@nordnetz.example"))
    assert [message.direction for message in Message.objects.all()] == ["in"]


def test_an_unconfirmed_portal_question_makes_no_message(db: None) -> None:
    account = factories.portal_account()
    portal.ask(account=account, name="Eve", email="eve@post.example", title="Frei?", text="Was nun?", language="de")
    read_new_events()
    assert (Event.objects.count(), Message.objects.count()) == (0, 0)


@pytest.mark.parametrize("token", ["", "1", "1:forged", "eyJwIjoxfQ:1abc:forged"])
def test_a_forged_confirmation_confirms_nothing(db: None, token: str) -> None:
    account = factories.portal_account()
    portal.ask(account=account, name="Eve", email="eve@post.example", title="Frei?", text="Was nun?", language="de")
    with pytest.raises(Forged):
        key_of(token, purpose="confirm")
    assert PortalPost.objects.filter(verified_at=None).count() == 1


def test_a_confirmed_portal_question_comes_in_once_however_often_it_is_confirmed(db: None) -> None:
    account = factories.portal_account()
    post = portal.ask(
        account=account, name="Eva", email="eva@post.example", title="Router?", text="Er blinkt.", language="de"
    )
    for _ in range(3):
        portal.confirm(post.pk)
        read_new_events()
    assert Message.objects.count() == 1
