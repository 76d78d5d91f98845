"""The conversation screen through its pages: list, composer, verdicts, and the server-side stop."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hilft.base.clock import now
from hilft.inbox.models import Conversation, Judgement, Match, Message, Presence
from hilft.inbox.queries import last_seen
from hilft.knowledge.models import Wording
from hilft.publishing.commands import drafts
from hilft.publishing.models import Delivery, Draft
from tests import factories
from tests.desk.conftest import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def message() -> Message:
    return factories.message(factories.portal_account(), "Seit dem Umzug blinkt der Router orange. Können Sie helfen?")


def post(client: Client, name: str, *args: object, **data: object):
    return client.post(reverse(f"desk:{name}", args=args), data)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(
    rows: int, desk: Desk, django_assert_num_queries: DjangoAssertNumQueries
):
    account = factories.portal_account()
    for number in range(rows):
        factories.message(account, f"Frage {number}", who=f"guest{number}")
    client = desk(factories.staff("agent"))
    client.get(reverse("desk:conversations"))
    with django_assert_num_queries(16):
        page = client.get(reverse("desk:conversations"))
    assert page.content.count(b'class="row-link"') == rows


@pytest.mark.parametrize("messages", [1, 3])
def test_a_conversation_costs_the_same_whatever_its_length(
    messages: int, desk: Desk, django_assert_num_queries: DjangoAssertNumQueries
):
    account = factories.portal_account()
    asked = [factories.message(account, f"Nachricht {number}", thread="lang") for number in range(messages)]
    client, address = desk(factories.staff("agent")), reverse("desk:conversation", args=[asked[0].conversation_id])
    client.get(address)
    with django_assert_num_queries(45):
        page = client.get(address)
    assert page.content.count(b'class="message message-in"') == messages


def test_a_busy_installation_groups_counts_but_never_ids():
    account = factories.portal_account()
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('inbox_conversation', 'id'), 1233)")
        cursor.execute("SELECT setval(pg_get_serial_sequence('inbox_message', 'id'), 7654)")
    message = factories.message(account, "Router blinkt", who="guest")
    german = Client(headers={"accept-language": "de"})
    german.force_login(factories.staff("agent"))
    page = german.get(reverse("desk:conversation", args=[message.conversation_id])).content.decode()
    assert 'id="row-1234"' in page
    assert 'id="m7655"' in page
    assert "1.234" not in page
    assert "7.655" not in page


def test_empty_views_say_what_to_do(desk: Desk):
    page = desk(factories.staff("agent")).get(reverse("desk:conversations")).content.decode()
    assert "All answered" in page
    page = desk(factories.staff("agent")).get(reverse("desk:conversations"), {"q": "gibtsnicht"}).content.decode()
    assert "Nothing found" in page


def test_a_letter_sent_back_by_a_browser_stays_unchanged(desk: Desk, message: Message):
    agent = factories.staff("agent")
    question = factories.question(body="Erster Absatz.\n\nZweiter Absatz.")
    client = desk(agent)
    pk = message.conversation_id
    draft = drafts.insert(by=agent, draft=drafts.begin(by=agent, conversation=message.conversation), question=question)
    assert "\n" in draft.rendering
    text = draft.rendering.replace("\n", "\r\n")
    saved = post(client, "draft-save", pk, text=text, question=question.pk, seen=0)
    assert "unchanged: leaves at once" in saved.content.decode()
    post(client, "draft-submit", pk, text=text, question=question.pk, seen=last_seen(message.conversation))
    assert Draft.objects.get().state == "released"
    assert Delivery.objects.get().text == draft.rendering


def test_inserting_records_the_choice_and_offers_the_wording(desk: Desk, message: Message):
    agent = factories.staff("agent")
    question = factories.question()
    client = desk(agent)
    pk = message.conversation_id
    post(client, "draft-save", pk, text="geändert", question=question.pk, seen=0)
    judgement = Judgement.objects.get()
    assert (judgement.verdict, judgement.question, judgement.by) == ("used", question, agent)
    assert Conversation.objects.get().question == question
    post(client, "wording", pk, judgement.pk)
    kept = Wording.objects.current().get(origin="customer")
    assert (kept.text, kept.source_message) == (message.text, message.pk)
    post(client, "wording", pk, judgement.pk, drop=1)
    assert not Wording.objects.current().filter(origin="customer").exists()


def test_none_fits_is_recorded(desk: Desk, message: Message):
    client = desk(factories.staff("agent"))
    post(client, "verdict", message.conversation_id, verdict="none")
    assert Judgement.objects.get().question is None
    assert Conversation.objects.get().likeness == "none"
    assert post(client, "verdict", message.conversation_id, verdict="nonsense").status_code == 302
    assert Judgement.objects.count() == 1


def test_the_server_stops_a_reply_when_something_arrived(desk: Desk, message: Message):
    client = desk(factories.staff("agent"))
    seen = last_seen(message.conversation)
    factories.message(message.account, "Geht wieder, danke!", thread=message.conversation.thread)
    page = post(client, "draft-submit", message.conversation_id, text="Bitte warten.", seen=seen)
    assert page.status_code == 409
    assert "Geht wieder, danke!" in page.content.decode()
    assert Draft.objects.get().text == "Bitte warten."
    assert Delivery.objects.count() == 0


def test_take_put_away_close_and_open_again(desk: Desk, message: Message):
    agent = factories.staff("agent")
    client = desk(agent)
    pk = message.conversation_id
    post(client, "assign", pk, me=1)
    assert Conversation.objects.get().assignee == agent
    post(client, "snooze", pk, when="1h")
    assert Conversation.objects.get().state == "later"
    factories.message(message.account, "Hallo?", thread=message.conversation.thread)
    assert Conversation.objects.get().state == "open", "it wakes up when the customer writes"
    post(client, "close", pk)
    assert Conversation.objects.get().state == "done"
    post(client, "reopen", pk)
    found = Conversation.objects.get()
    assert (found.state, found.waiting_since is not None) == ("open", True)


def test_a_note_never_leaves_the_house(desk: Desk, message: Message):
    client = desk(factories.staff("agent"))
    post(client, "note", message.conversation_id, text="Bitte freundlich bleiben.")
    assert Message.objects.get(direction="note").external_id is None
    assert Delivery.objects.count() == 0
    assert post(client, "note", message.conversation_id, text=" ").status_code == 302
    assert Message.objects.filter(direction="note").count() == 1


def test_presence_is_shown_to_others_and_fades(desk: Desk, message: Message):
    mara, tarik = factories.staff("agent", name="Mara Köhler"), factories.staff("agent", name="Tarık Özkan")
    post(desk(mara), "presence", message.conversation_id, state="typing")
    page = desk(tarik).get(reverse("desk:conversation-log", args=[message.conversation_id])).content.decode()
    assert "Mara is typing" in page
    Presence.objects.update(at=now() - timedelta(minutes=2))
    page = desk(tarik).get(reverse("desk:conversation-log", args=[message.conversation_id])).content.decode()
    assert "Mara is typing" not in page


def test_drafts_of_others_cannot_be_touched(desk: Desk, message: Message):
    draft = drafts.begin(by=factories.staff("agent"), conversation=message.conversation)
    stranger = desk(factories.staff("agent"))
    assert post(stranger, "draft-discard", draft.pk).status_code == 404
    assert post(stranger, "draft-withdraw", draft.pk).status_code == 404
    assert post(desk(factories.staff("editor")), "draft-save", message.conversation_id, text="x").status_code == 403


def test_undo_from_the_page(desk: Desk, message: Message):
    agent = factories.staff("agent")
    question = factories.question()
    client = desk(agent)
    draft = drafts.insert(by=agent, draft=drafts.begin(by=agent, conversation=message.conversation), question=question)
    post(client, "draft-submit", message.conversation_id, text=draft.text, seen=last_seen(message.conversation))
    delivery = Delivery.objects.get()
    assert post(desk(factories.staff("agent")), "undo", delivery.pk).status_code == 302
    assert Delivery.objects.get().state == "queued", "only the author or the releaser takes a reply back"
    post(client, "undo", delivery.pk)
    assert Delivery.objects.get().state == "cancelled"
    assert Draft.objects.get().state == "editing"


def test_automatic_mail_gets_no_answer(desk: Desk, message: Message):
    Conversation.objects.update(automatic=True)
    client = desk(factories.staff("agent"))
    post(client, "draft-submit", message.conversation_id, text="Hallo", seen=last_seen(message.conversation))
    assert Delivery.objects.count() == 0
    assert Draft.objects.get().state == "editing"


def test_free_text_past_a_confident_match_is_asked_about_and_never_held_up(desk: Desk, message: Message):
    agent, question = factories.staff("agent"), factories.question()
    Match.objects.create(message=message, question=question, rank=1, score=0.97, likeness="sure")
    client, pk = desk(agent), message.conversation_id
    page = post(client, "draft-submit", pk, text="Das klären wir.", seen=last_seen(message.conversation))
    assert (page.status_code, Draft.objects.get().state) == (303, "waiting")
    asked = client.get(reverse("desk:conversation", args=[pk])).content.decode()
    assert f"although “{question.title}” seemed to fit" in asked
    assert post(client, "free-text-reason", pk, verdict="used", question=question.pk).status_code == 302
    assert Judgement.objects.count() == 0, "refused, and said so on the next page"
    post(client, "free-text-reason", pk, verdict="personal", question=question.pk)
    judgement = Judgement.objects.get()
    assert (judgement.verdict, judgement.question) == ("personal", question)
    message.conversation.refresh_from_db()
    assert (message.conversation.question, message.conversation.confirmed) == (question, True)
    assert "seemed to fit" not in client.get(reverse("desk:conversation", args=[pk])).content.decode()


def test_whoever_said_why_or_took_the_answer_is_not_asked(desk: Desk, message: Message):
    agent, question = factories.staff("agent"), factories.question()
    Match.objects.create(message=message, question=question, rank=1, score=0.97, likeness="sure")
    client, pk = desk(agent), message.conversation_id
    post(client, "verdict", pk, verdict="wrong", question=question.pk)
    post(client, "draft-submit", pk, text="Das klären wir.", seen=last_seen(message.conversation))
    assert "seemed to fit" not in client.get(reverse("desk:conversation", args=[pk])).content.decode()
