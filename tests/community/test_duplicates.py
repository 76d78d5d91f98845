"""A linked thread, following and contesting on the portal, and the address of a question that was merged."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from hilft.channels.models import Account, PortalPost
from hilft.channels.portal import commands
from hilft.channels.portal.adapter import Adapter
from hilft.channels.portal.tokens import token_for
from hilft.channels.registry import adapter_of
from hilft.inbox import duplicates
from hilft.inbox.intake import read_new_events
from hilft.inbox.models import Conversation, Duplicate
from hilft.knowledge import followers, moves
from hilft.knowledge.care import set_state
from hilft.knowledge.models import Follower, Question
from tests import factories
from tests.community.test_threads import outgoing

pytestmark = pytest.mark.django_db
Mails = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def post(open_portal: Account) -> PortalPost:
    asked = commands.ask(
        account=open_portal,
        name="Jonas",
        email="jonas@post.example",
        title="Warum blinkt er?",
        text="Seit gestern.",
        language="de",
    )
    confirmed = commands.confirm(asked.pk)
    read_new_events()
    return confirmed


@pytest.fixture
def asker(post: PortalPost) -> Client:
    client = Client()
    client.get(f"/fragen/meine/{token_for(post, 'return')}/")
    return client


def linked(post: PortalPost, question: Question) -> Duplicate:
    conversation = Conversation.objects.get(thread=post.thread.hex)
    return duplicates.link(by=factories.staff("agent"), conversation=conversation, question=question)


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def thread(post: PortalPost) -> str:
    return f"/fragen/{post.thread.hex}/"


def test_a_linked_thread_keeps_its_words_and_leads_to_the_answer(reader: Client, post: PortalPost):
    question = factories.question()
    assert '<meta name="robots" content="noindex">' in page(reader, thread(post))

    duplicate = linked(post, question)

    html = page(reader, thread(post))
    assert "Warum blinkt er?" in html
    assert f'<a href="/f/{question.slug}/">' in html
    assert re.search(rf'<link rel="canonical" href="[^"]+/f/{question.slug}/">', html)
    assert "noindex" not in html
    assert "wartet auf das Team" not in html
    assert "/fragen/widerspruch/" not in html
    set_state(by=factories.staff("editor"), question=question, confidence="archived", audience="internal")
    html = page(reader, thread(post))
    assert (f"/f/{question.slug}/" in html, "noindex" in html) == (False, True)
    duplicates.undo(by=factories.staff("agent"), duplicate=duplicate)
    assert re.search(rf'rel="canonical" href="[^"]+{thread(post)}">', page(reader, thread(post)))


def test_the_asker_contests_with_one_click(reader: Client, asker: Client, post: PortalPost):
    linked(post, factories.question())
    found = re.search(r'href="[^"]*(/fragen/widerspruch/[^"]+/)"', page(asker, thread(post)))
    assert found

    shown = page(reader, found[1])
    assert "Meine Frage ist eine andere." in shown
    answer = reader.post(found[1], {"reason": "other", "text": "Er blinkt grün."}, follow=True)

    assert "Meine Frage ist eine andere. Er blinkt grün." in answer.content.decode()
    assert Duplicate.objects.get().reason == "Meine Frage ist eine andere. Er blinkt grün."
    read_new_events()
    conversation = Conversation.objects.get(thread=post.thread.hex)
    assert (conversation.state, conversation.preview) == ("open", "Meine Frage ist eine andere. Er blinkt grün.")
    assert "/fragen/widerspruch/" not in page(asker, thread(post))
    assert reader.post(found[1], {"reason": "other"}).status_code == 422
    assert reader.get("/fragen/widerspruch/falsch/").status_code == 403


def test_contesting_needs_a_reason_and_a_question_that_stands(reader: Client, post: PortalPost):
    address = f"/fragen/widerspruch/{token_for(linked(post, factories.question()), 'contest')}/"
    assert reader.post(address, {"reason": "unknown"}).status_code == 422
    commands.withdraw(thread=post.thread, pk=post.pk)
    assert reader.get(address).status_code == 410


def test_following_a_thread_by_a_proven_address_and_leaving(reader: Client, post: PortalPost, mails: Mails):
    known = len(mails())
    form = {"email": "Mit@Post.example", "me_too": "on"}
    sent = reader.post(f"{thread(post)}folgen/", form)
    assert sent.status_code == 200
    assert followers.too(thread=post.thread) == 0
    (mail,) = mails()[known:]
    confirm = re.search(r"(/fragen/folgen/\S+/)", mail["text"])
    assert confirm
    assert followers.too(thread=post.thread) == 0, "opening the link proves nothing"
    assert "Warum blinkt er?" in page(reader, confirm[1])
    reader.post(confirm[1])
    assert followers.too(thread=post.thread) == 1
    assert "1 Person hat diese Frage auch" in page(Client(), thread(post))
    reader.post(f"{thread(post)}folgen/", form)
    assert len(mails()) == known + 1, "who follows already gets no other mail"

    adapter = adapter_of(post.account)
    assert isinstance(adapter, Adapter)
    adapter.publish(outgoing(post, "Wir messen die Leitung."))
    followers.tell_reply(thread=post.thread, key="reply")
    assert [m["to"] for m in mails()[known + 1 :]] == ["jonas@post.example", "mit@post.example"]
    leave = re.search(r"(/fragen/abmeldung/\S+/)", mails()[-1]["text"])
    assert leave
    page(reader, leave[1])
    assert Follower.objects.count() == 1
    reader.post(leave[1])
    assert Follower.objects.count() == 0
    assert reader.post(leave[1]).status_code == 200
    assert reader.post(confirm[1]).status_code == 200


def test_followers_of_a_question_hear_of_its_next_version(reader: Client, open_portal: Account, mails: Mails):
    question = factories.question()
    reader.post(f"/en/f/{question.slug}/folgen/", {"email": "eva@post.example", "me_too": "on"})
    followers.confirm(Follower.objects.get().pk)
    assert "1 Person hat diese Frage auch" in page(reader, f"/f/{question.slug}/")
    version = factories.publish(question, hours=24)

    followers.tell_answer(version=version)

    assert mails()[-1]["to"] == "eva@post.example"
    assert f"/en/f/{question.slug}/" in mails()[-1]["text"]
    assert "/en/fragen/abmeldung/" in mails()[-1]["text"]


def test_machines_and_floods_follow_nothing(reader: Client, post: PortalPost):
    address = f"{thread(post)}folgen/"
    assert reader.post(address, {"email": "x@post.example", "website": "http://spam.example"}).status_code == 200
    assert reader.post(address, {"email": "nein"}).status_code == 422
    assert Follower.objects.count() == 0
    for _ in range(3):
        other = factories.question()
        followers.follow(email="x@post.example", language="de", me_too=True, question=other)
    assert reader.post(address, {"email": "x@post.example"}).status_code == 422
    assert reader.get(f"/fragen/{'0' * 32}/folgen/").status_code == 404


def test_a_linked_thread_is_followed_where_it_is_answered(reader: Client, post: PortalPost):
    question = factories.question()
    linked(post, question)
    assert reader.get(f"{thread(post)}folgen/").headers["location"] == f"/f/{question.slug}/folgen/"


def test_a_merged_question_leads_to_the_one_that_stayed(reader: Client):
    editor, a, b = factories.staff("editor"), factories.question(), factories.question()
    move = moves.merge(by=editor, source=b, into=a)
    for path in ("", "fassungen/", "fassung/1/", "folgen/"):
        for start in ("", "/en"):
            answer = reader.get(f"{start}/f/{b.slug}/{path}")
            assert (answer.status_code, answer.headers["location"]) == (301, f"{start}/f/{a.slug}/")
    moves.undo(by=editor, move=move)
    assert reader.get(f"/f/{b.slug}/").status_code == 200
    assert reader.get("/f/nirgends/").status_code == 404


def test_staff_see_the_way_to_link_a_thread(reader: Client, post: PortalPost):
    conversation = Conversation.objects.get(thread=post.thread.hex)
    way = f"/desk/anliegen/{conversation.pk}/dublette/"
    assert way not in page(reader, thread(post))
    for role, sees in (("agent", True), ("editor", True), ("operator", False)):
        client = Client()
        client.force_login(factories.staff(role), backend="django.contrib.auth.backends.ModelBackend")
        assert (way in page(client, thread(post))) is sees
    linked(post, factories.question())
    assert way not in page(client, thread(post))
