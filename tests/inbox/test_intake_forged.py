"""What is damaged makes no message and stops nobody; what is forged joins nothing of others'."""

import msgspec
import pytest

from hilft.channels.commands import read_again
from hilft.channels.contract import Raw
from hilft.channels.email.marks import Marks
from hilft.channels.models import Account, Event, PortalPost
from hilft.channels.portal import commands as portal
from hilft.channels.portal.tokens import Forged, key_of
from hilft.channels.registry import adapter_of
from hilft.inbox.intake import read_new_events
from hilft.inbox.models import Conversation, Message
from tests import factories
from tests.inbox.arriving import come_in, mail, status, written


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
