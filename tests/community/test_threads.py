"""A guest's thread: our replies and their corrections, the asker's additions, and taking everything back."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from hilft.channels.contract import Outgoing, Ref
from hilft.channels.models import Account, Event, PortalPost
from hilft.channels.portal import commands
from hilft.channels.portal.adapter import Adapter
from hilft.channels.portal.tokens import token_for
from hilft.channels.registry import adapter_of
from hilft.inbox.intake import take
from hilft.inbox.models import Conversation, Message
from hilft.knowledge.care import set_state
from tests import factories

pytestmark = pytest.mark.django_db
Mails = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def post(open_portal: Account) -> PortalPost:
    """A confirmed question."""
    asked = commands.ask(
        account=open_portal,
        name="Jonas",
        email="jonas@post.example",
        title="Warum ist mein <b>Anschluss</b> tot?",
        text="Seit gestern.\n\nHilfe: https://spam.example",
        language="de",
    )
    return commands.confirm(asked.pk)


@pytest.fixture
def asker(post: PortalPost) -> Client:
    """The browser that came by the link in the mail."""
    client = Client()
    client.get(f"/fragen/meine/{token_for(post, 'return')}/")
    return client


def outgoing(post: PortalPost, text: str, key: str = "") -> Outgoing:
    parent = Ref(channel="portal", account=str(post.account_id), id=str(post.pk))
    return Outgoing(idempotency=key or uuid.uuid4().hex, text=text, parent=parent)


def reply(post: PortalPost, text: str = "Wir messen die Leitung.", key: str = "") -> Ref:
    adapter = adapter_of(post.account)
    assert isinstance(adapter, Adapter)
    return adapter.publish(outgoing(post, text, key)).ref


def taken(account: Account) -> list[Message | None]:
    adapter = adapter_of(account)
    return [take(account, read) for event in Event.objects.order_by("pk") for read in adapter.parse(bytes(event.body))]


def address(post: PortalPost) -> str:
    return f"/fragen/{post.thread.hex}/"


def html(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_shows_question_and_reply_and_never_the_address(reader: Client, post: PortalPost):
    reply(post, "Mehr dazu: https://nordnetz.example/leitung")

    page = html(reader, address(post))

    assert "Warum ist mein &lt;b&gt;Anschluss&lt;/b&gt; tot?" in page
    assert '<a href="https://nordnetz.example/leitung" rel="nofollow">' in page
    assert "jonas@post.example" not in page
    assert 'href="https://spam.example' not in page
    assert "<textarea" not in page


def test_is_for_search_engines_once_it_is_answered(reader: Client, post: PortalPost):
    assert 'content="noindex"' in html(reader, address(post))
    reply(post)
    assert 'content="noindex"' not in html(reader, address(post))


def test_asker_hears_of_a_reply_once(post: PortalPost, mails: Mails):
    key = uuid.uuid4().hex

    reply(post, key=key)
    reply(post, key=key)

    notices = mails()[1:]
    assert [(mail["to"], mail["key"]) for mail in notices] == [("jonas@post.example", key)]
    assert "Wir messen die Leitung." not in notices[0]["text"]
    (path,) = re.findall(r"https?://[^/\s]+(/\S+)", notices[0]["text"])
    back = Client().get(path)
    assert back.headers["Location"] == address(post)


def test_a_corrected_reply_says_so(reader: Client, post: PortalPost):
    ref = reply(post, "48 Stunden.")
    assert "corrected on" not in html(reader, f"/en{address(post)}")

    adapter_of(post.account).edit(ref, outgoing(post, "72 Stunden."))

    page = html(reader, f"/en{address(post)}")
    assert "72 Stunden." in page
    assert "48 Stunden." not in page
    assert "corrected on" in page


def test_leads_to_the_hosted_question_while_that_is_public(reader: Client, post: PortalPost):
    question = factories.question()
    taken(post.account)
    Conversation.objects.update(question=question, likeness="possible")
    assert question.slug not in html(reader, address(post))

    Conversation.objects.update(confirmed=True)
    assert question.slug in html(reader, address(post))

    set_state(by=factories.staff("editor"), question=question, confidence="checked", audience="internal")
    assert question.slug not in html(reader, address(post))


def test_asker_adds_to_the_same_conversation(asker: Client, post: PortalPost):
    reply(post)
    taken(post.account)

    answer = asker.post(address(post), {"text": "Immer noch tot.", "website": ""})

    added = PortalPost.objects.order_by("pk").last()
    assert added is not None
    assert answer.headers["Location"] == f"{address(post)}#p{added.pk}"
    assert Event.objects.count() == 2
    taken(post.account)
    assert [m.text for m in Conversation.objects.get().messages.order_by("pk")][-1] == "Immer noch tot."
    assert html(asker, address(post)).index("Wir messen") < html(asker, address(post)).index("Immer noch tot.")


def test_additions_are_checked_like_questions(asker: Client, post: PortalPost):
    path = address(post)

    assert asker.post(path, {"text": ""}).status_code == 422
    assert asker.post(path, {"text": "Spam", "website": "x"}).status_code == 302
    assert "0171 2345678" in asker.post(path, {"text": "Tel. 0171 2345678"}).content.decode()
    assert "[Telefon]" in asker.post(path, {"text": "Tel. 0171 2345678", "privacy": "mask"}).content.decode()
    assert PortalPost.objects.count() == 1
    for number in range(commands.POSTS_PER_ADDRESS - 1):
        assert asker.post(path, {"text": f"Noch etwas {number}"}).status_code == 302
    assert asker.post(path, {"text": "Zu viel"}).status_code == 429


def test_only_the_asker_may_add_or_delete(reader: Client, post: PortalPost, open_portal: Account):
    other = commands.ask(account=open_portal, name="E", email="eve@post.example", title="T", text="x", language="de")
    reader.get(f"/fragen/meine/{token_for(other, 'return')}/")
    reader.cookies[f"asked_{post.thread.hex[:12]}"] = f"{post.thread.hex}:forged"

    assert reader.post(address(post), {"text": "Eingemischt"}).status_code == 403
    assert reader.post(f"{address(post)}{post.pk}/loeschung/").status_code == 403
    assert PortalPost.objects.get(pk=post.pk).deleted_at is None


def test_link_to_confirm_does_not_lead_back_as_asker(reader: Client, post: PortalPost):
    assert reader.get(f"/fragen/meine/{token_for(post, 'confirm')}/").status_code == 403
    assert reader.get("/fragen/meine/x/").status_code == 403


def test_asker_takes_the_question_back_with_name_and_address(asker: Client, reader: Client, post: PortalPost):
    asker.post(address(post), {"text": "Nachtrag"})
    taken(post.account)

    asker.post(f"{address(post)}{post.pk}/loeschung/")

    assert {(p.name, p.email, p.title, p.text) for p in PortalPost.objects.all()} == {("", "", "", "")}
    gone = reader.get(address(post))
    assert gone.status_code == 410
    assert "Anschluss" not in gone.content.decode()
    taken(post.account)
    assert {message.text for message in Message.objects.all()} == {""}
    assert b"jonas@post.example" not in bytes(Event.objects.order_by("pk").last().body)  # type: ignore[union-attr]


def test_asker_takes_one_addition_back(asker: Client, post: PortalPost):
    asker.post(address(post), {"text": "Nachtrag"})
    added = PortalPost.objects.order_by("pk").last()
    assert added is not None

    asker.post(f"{address(post)}{added.pk}/loeschung/")

    page = html(asker, address(post))
    assert "Nachtrag" not in page
    assert "Seit gestern." in page


def test_nobody_deletes_our_replies(asker: Client, post: PortalPost):
    ref = reply(post)

    asker.post(f"{address(post)}{ref.id}/loeschung/")

    assert "Wir messen die Leitung." in html(asker, address(post))


def test_after_taking_back_nobody_is_written_to(asker: Client, post: PortalPost, mails: Mails):
    asker.post(address(post), {"text": "Nachtrag"})
    before = len(mails())
    added = PortalPost.objects.order_by("pk").last()
    assert added is not None
    PortalPost.objects.filter(pk=post.pk).update(email="")

    reply(added)

    assert len(mails()) == before


@pytest.mark.parametrize("path", ["0" * 32, "nicht-hexadezimal", "ABCDEF" * 5])
def test_unknown_threads_are_not_there(reader: Client, path: str):
    assert reader.get(f"/fragen/{path}/").status_code == 404


@pytest.mark.parametrize("replies", [1, 3])
def test_number_of_queries_of_a_thread(reader: Client, post: PortalPost, django_assert_num_queries, replies: int):
    for number in range(replies):
        reply(post, f"Antwort {number}")

    with django_assert_num_queries(4):
        html(reader, address(post))
