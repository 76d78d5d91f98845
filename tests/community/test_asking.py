"""Asking as a guest: two steps, a confirmed address, exactly one event; and what keeps a flood out."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from hilft.base.clock import now
from hilft.channels.commands import set_state
from hilft.channels.enums import AccountState
from hilft.channels.models import Account, Event, PortalPost
from hilft.channels.portal import commands
from hilft.channels.portal.tokens import token_for
from hilft.community.asking.trial import COOKIE, remember
from hilft.inbox.intake import take
from hilft.inbox.models import Conversation
from hilft.knowledge.matching import embed_pending
from hilft.knowledge.models import Asking
from tests import factories

pytestmark = pytest.mark.django_db
Mails = Callable[[], list[dict[str, Any]]]
FILLED = {
    "title": "Warum ist mein Anschluss tot?",
    "text": "Seit gestern geht gar nichts mehr.",
    "name": "Jonas",
    "email": "jonas@post.example",
    "website": "",
}


def send(client: Client, prefix: str = "", **changes: str) -> Any:
    return client.post(f"{prefix}/fragen/neu/", FILLED | changes)


def visiting(client: Client, number: int) -> Client:
    """As somebody with this number: those below 10 in 100 are shown no answers."""
    remember(response := HttpResponse(), UUID(int=number))
    client.cookies.load({COOKIE: response.cookies[COOKIE].value})
    return client


def path_in(mail: dict[str, Any]) -> str:
    (path,) = re.findall(r"https?://[^/\s]+(/\S+)", mail["text"])
    return str(path)


def test_a_question_is_unseen_until_its_address_is_confirmed(reader: Client, open_portal: Account, mails: Mails):
    answer = send(reader)

    assert answer.headers["Location"] == "/fragen/neu/post/"
    post = PortalPost.objects.get()
    assert (post.title, post.name, post.email, post.verified_at) == (
        "Warum ist mein Anschluss tot?",
        "Jonas",
        "jonas@post.example",
        None,
    )
    assert Event.objects.count() == 0
    assert reader.get(f"/fragen/{post.thread.hex}/").status_code == 404
    (mail,) = mails()
    assert mail["to"] == "jonas@post.example"
    assert "Warum ist mein Anschluss tot?" in mail["text"]


def test_opening_the_link_confirms_nothing_and_the_button_does(reader: Client, open_portal: Account, mails: Mails):
    send(reader)
    link = path_in(mails()[0])

    page = reader.get(link)
    assert page.status_code == 200
    assert "Seit gestern geht gar nichts mehr." in page.content.decode()
    assert (Event.objects.count(), PortalPost.objects.get().verified_at) == (0, None)

    done = reader.post(link)
    post = PortalPost.objects.get()
    assert done.headers["Location"] == f"/fragen/{post.thread.hex}/"
    assert post.verified_at is not None
    assert Event.objects.count() == 1


def test_confirming_again_changes_nothing(reader: Client, open_portal: Account, mails: Mails):
    send(reader)
    link = path_in(mails()[0])
    reader.post(link)
    at = PortalPost.objects.get().verified_at

    assert reader.post(link).status_code == 302
    assert Client().post(link).status_code == 302

    assert PortalPost.objects.get().verified_at == at
    assert Event.objects.count() == 1


def test_a_confirmed_question_arrives_as_a_conversation(reader: Client, open_portal: Account, mails: Mails):
    send(reader)
    reader.post(path_in(mails()[0]))
    from hilft.channels.registry import adapter_of

    (read,) = adapter_of(open_portal).parse(bytes(Event.objects.get().body))
    message = take(open_portal, read)

    assert message is not None
    assert message.subject == "Warum ist mein Anschluss tot?"
    assert Conversation.objects.get().thread == PortalPost.objects.get().thread.hex


def test_in_english_the_mail_and_its_link_are_english(reader: Client, open_portal: Account, mails: Mails):
    send(reader, "/en", title="Why is my line dead?")

    (mail,) = mails()
    assert mail["subject"] == "Please confirm your question"
    assert path_in(mail).startswith("/en/fragen/bestaetigung/")
    assert reader.post(path_in(mail)).headers["Location"].startswith("/en/fragen/")


@pytest.mark.parametrize("token", ["x", "MQ:1xV3ou:SClOgTb-zNG2kb85GIaI8nP9eP54m6iKw0QEekCjwxs", "ä:b:c"])
def test_a_forged_link_confirms_nothing(reader: Client, open_portal: Account, token: str):
    send(reader)

    for answer in (reader.get(f"/en/fragen/bestaetigung/{token}/"), reader.post(f"/en/fragen/bestaetigung/{token}/")):
        assert answer.status_code == 403
        assert "This link is not valid" in answer.content.decode()
    assert Event.objects.count() == 0


def test_a_link_for_one_purpose_is_forged_for_another(reader: Client, open_portal: Account):
    send(reader)
    token = token_for(PortalPost.objects.get(), "return")

    assert reader.post(f"/fragen/bestaetigung/{token}/").status_code == 403
    assert Event.objects.count() == 0


def test_an_old_link_confirms_nothing(reader: Client, open_portal: Account, mails: Mails):
    send(reader, "/en")
    link = path_in(mails()[0])

    with time_machine.travel(now() + timedelta(hours=49), tick=False):
        answer = reader.post(link)

    assert answer.status_code == 403
    assert "This link is too old" in answer.content.decode()
    assert Event.objects.count() == 0


def test_what_is_never_confirmed_is_deleted(reader: Client, open_portal: Account, mails: Mails):
    send(reader)
    link = path_in(mails()[0])
    PortalPost.objects.update(created_at=now() - timedelta(days=8))

    send(Client(), email="other@post.example")

    assert [post.email for post in PortalPost.objects.all()] == ["other@post.example"]
    assert reader.post(link).status_code == 410


def test_first_step_shows_what_is_answered_already(reader: Client, open_portal: Account):
    question = factories.question(title="Wie kündige ich meinen Vertrag?")
    embed_pending()
    visiting(reader, 50)

    first = reader.get("/fragen/neu/", {"title": "Vertrag kündigen, wie geht das?"}).content.decode()
    assert f'href="/f/{question.slug}/"' in first
    onward = re.findall(r'href="(/fragen/neu/\?title=[^"]+)"', first)[0].replace("&amp;", "&")
    second = reader.get(onward).content.decode()

    assert 'name="email"' not in first
    assert 'name="email"' in second
    assert 'value="Vertrag kündigen, wie geht das?"' in second


def test_first_step_is_skipped_when_nothing_is_similar(reader: Client, open_portal: Account):
    assert 'name="email"' in reader.get("/fragen/neu/", {"title": "Darf mein Goldfisch mit?"}).content.decode()
    assert 'name="email"' not in reader.get("/fragen/neu/", {"title": "kurz"}).content.decode()


def test_fragment_while_typing(reader: Client, open_portal: Account):
    question = factories.question(title="Wie kündige ich meinen Vertrag?")
    embed_pending()
    visiting(reader, 50)

    assert reader.get("/fragen/neu/aehnliche/", {"title": "Wie"}).content.decode().strip() == ""
    typed = reader.get("/fragen/neu/aehnliche/", {"title": "Wie kündige ich den Vertrag"}).content.decode()
    assert f'href="/f/{question.slug}/"' in typed
    assert "<html" not in typed


def test_a_share_is_shown_no_answers_and_only_the_difference_counts(reader: Client, open_portal: Account, mails: Mails):
    factories.question(title="Wie kündige ich meinen Vertrag?")
    embed_pending()
    title = "Vertrag kündigen, wie geht das?"

    held = visiting(reader, 7)
    assert held.get("/fragen/neu/aehnliche/", {"title": title}).content.decode().strip() == ""
    assert 'name="email"' in held.get("/fragen/neu/", {"title": title}).content.decode()
    send(held, title=title)
    assert Asking.objects.values_list("held_out", "outcome").get() == (True, "asked")

    other = visiting(Client(), 77)
    assert "Das löst es" in other.get("/fragen/neu/", {"title": title}).content.decode()
    assert "Schön, dass es geholfen hat" in other.post("/fragen/neu/geloest/").content.decode()
    assert Asking.objects.values_list("held_out", "outcome").order_by("pk")[1] == (False, "solved")
    forged = Client()
    forged.cookies.load({COOKIE: "forged"})
    assert forged.post("/fragen/neu/geloest/").status_code == 200
    assert Asking.objects.count() == 2


def test_personal_data_is_named_before_anything_is_kept(reader: Client, open_portal: Account):
    text = "Bitte anrufen: 0171 2345678."

    warned = send(reader, "/en", text=text).content.decode()
    assert "phone number: 0171 2345678" in warned
    assert PortalPost.objects.count() == 0

    masked = send(reader, text=text, privacy="mask").content.decode()
    assert "Bitte anrufen: [Telefon]." in masked
    assert PortalPost.objects.count() == 0

    send(reader, text=text, privacy="keep")
    assert PortalPost.objects.get().text == text


@pytest.mark.parametrize(
    "change",
    [{"title": "kurz"}, {"title": "x" * 161}, {"text": ""}, {"text": "x" * 5001}, {"name": ""}, {"email": "a"}],
)
def test_refuses_what_is_empty_too_long_or_no_address(reader: Client, open_portal: Account, change: dict[str, str]):
    answer = send(reader, **change)

    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()
    assert PortalPost.objects.count() == 0


def test_a_machine_is_thanked_and_ignored(reader: Client, open_portal: Account, mails: Mails):
    answer = send(reader, website="https://spam.example")

    assert answer.headers["Location"] == "/fragen/neu/post/"
    assert PortalPost.objects.count() == 0
    assert mails() == []


def test_one_address_cannot_be_flooded_with_mails(reader: Client, open_portal: Account, mails: Mails):
    for _ in range(commands.UNCONFIRMED_PER_ADDRESS):
        assert send(reader).status_code == 302

    assert send(reader, email="JONAS@post.example").status_code == 429
    assert len(mails()) == commands.UNCONFIRMED_PER_ADDRESS
    assert send(reader, email="other@post.example").status_code == 302
    with time_machine.travel(now() + timedelta(minutes=61), tick=False):
        assert send(reader).status_code == 302


def test_one_confirmed_address_is_limited_as_well(reader: Client, open_portal: Account, mails: Mails):
    for _ in range(commands.POSTS_PER_ADDRESS):
        send(reader)
        reader.post(path_in(mails()[-1]))

    assert send(reader).status_code == 429


def test_all_guests_together_are_limited(reader: Client, open_portal: Account, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(commands, "UNCONFIRMED_IN_ALL", 2)
    for number in range(2):
        send(reader, email=f"guest{number}@post.example")

    assert send(reader, email="late@post.example").status_code == 429


def test_without_an_account_asking_is_closed_kindly(reader: Client):
    account = factories.portal_account()
    assert reader.get("/fragen/neu/").status_code == 503
    assert send(reader).status_code == 503

    from hilft.channels.commands import connect_account

    mail = connect_account(by=None, kind="email", name="Post", handle="post@nordnetz.example", settings={}, secrets={})
    assert reader.get("/fragen/neu/").status_code == 200
    set_state(by=None, account=mail, state=AccountState.PAUSED)
    closed = reader.get("/fragen/neu/")
    assert closed.status_code == 503
    assert closed.headers["Retry-After"] == "3600"
    assert "mailto:post@nordnetz.example" in closed.content.decode()
    assert account.state == AccountState.ACTIVE


def test_forms_are_kept_by_no_cache_and_guarded(open_portal: Account):
    careful = Client(enforce_csrf_checks=True)

    assert "no-store" in careful.get("/fragen/neu/", {"title": "Darf mein Goldfisch mit?"}).headers["Cache-Control"]
    assert send(careful).status_code == 403
    assert PortalPost.objects.count() == 0
