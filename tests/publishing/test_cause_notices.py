"""A cause is closed: everybody who asked is told once, on their own channel, after one decision; followers by mail."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from hilft.base.clock import now
from hilft.inbox.models import Conversation
from hilft.knowledge import moves
from hilft.knowledge.causes.commands import drop_naming, name_cause, save_cause, set_cause_state
from hilft.knowledge.causes.models import Cause, Naming
from hilft.knowledge.causes.queries import access_cause
from hilft.knowledge.models import Follower, Question
from hilft.people.errors import NotAllowed, Refusal
from hilft.people.models import User
from hilft.publishing.causes import to_be_told
from hilft.publishing.commands import drafts, group_replies
from hilft.publishing.commands.cause_notices import tell_askers
from hilft.publishing.models import Delivery, Draft, GroupReply
from hilft.publishing.tasks import tell_followers
from tests import factories
from tests.desk import made

pytestmark = pytest.mark.django_db
TEXTS = {"sie": "Der Fehler ist behoben. Starten Sie neu.", "du": "Der Fehler ist behoben. Starte neu.", "none": ""}


@pytest.fixture
def editor() -> User:
    return factories.staff("editor")


@pytest.fixture
def question() -> Question:
    return factories.question()


@pytest.fixture
def cause(editor: User, question: Question) -> Cause:
    found = save_cause(by=editor, name="Firmware 7.2", department="Technik", since=now() - timedelta(days=2))
    name_cause(by=editor, question=question, cause=found)
    return found


def asks(question: Question, text: str = "Router blinkt", **fields: object) -> Conversation:
    """Somebody asks it now, and is recognised."""
    conversation = made.asked(text).conversation
    Conversation.objects.filter(pk=conversation.pk).update(question=question, **fields)
    conversation.refresh_from_db()
    conversation.messages.update(at=now())
    return conversation


def closed(cause: Cause, editor: User) -> Cause:
    return set_cause_state(by=editor, cause=cause, state="closed")


def mails() -> list[tuple[str, str]]:
    found = ProcrastinateJob.objects.filter(task_name="channels.mail").order_by("id")
    return [(job.args["to"], job.args["text"]) for job in found]


def released(group: GroupReply) -> None:
    group_replies.approve(by=factories.staff("approver"), group=group, digest=group_replies.digest_of(group))
    for draft in group.drafts.order_by("pk"):
        made.leave(Delivery.objects.get(draft=draft))


def test_a_cause_is_noted_worked_on_and_closed(editor: User, cause: Cause):
    set_cause_state(by=editor, cause=cause, state="worked_on")
    done = closed(cause, editor)
    assert (done.state, done.closed_by) == ("closed", editor)
    assert set_cause_state(by=editor, cause=cause, state="open").closed_by is None, "nobody was told yet"
    for refused in (lambda: save_cause(by=factories.staff("agent"), name="x", department="y"),):
        with pytest.raises(NotAllowed):
            refused()
    drop_naming(by=editor, naming=Naming.objects.get())
    assert Naming.objects.count() == 0


def test_everybody_who_asked_since_it_began_is_told_once_after_one_decision(
    editor: User, question: Question, cause: Cause
):
    agent = factories.staff("agent")
    first, second = asks(question), asks(question, form="du")
    asks(factories.question())
    before = asks(question)
    before.messages.update(at=now() - timedelta(days=9))
    with pytest.raises(Refusal):
        tell_askers(by=agent, cause=cause, texts=TEXTS, conversations=[first.pk])
    closed(cause, editor)
    assert list(to_be_told(cause)) == [first, second]
    with pytest.raises(Refusal):
        tell_askers(by=agent, cause=cause, texts=TEXTS | {"du": " "}, conversations=[first.pk])
    group = tell_askers(by=agent, cause=cause, texts=TEXTS, conversations=[first.pk, second.pk, before.pk])
    assert (group.state, Delivery.objects.count()) == ("waiting", 0)
    said = {draft.conversation_id: draft.text for draft in group.drafts.all()}
    assert {first.pk: "Starten Sie neu" in said[first.pk], second.pk: "Starte neu" in said[second.pk]} == {
        first.pk: True,
        second.pk: True,
    }
    assert list(to_be_told(cause)) == []
    released(group)
    with pytest.raises(Refusal):
        tell_askers(by=agent, cause=cause, texts=TEXTS, conversations=[first.pk, second.pk])
    with pytest.raises(Refusal):
        set_cause_state(by=editor, cause=cause, state="open")


def test_whoever_asked_twice_is_told_once_and_who_was_sent_back_can_be_told_later(
    editor: User, question: Question, cause: Cause
):
    first, again = asks(question), asks(question)
    Conversation.objects.filter(pk=again.pk).update(handle=first.handle, last_message_at=now())
    closed(cause, editor)
    assert [conversation.pk for conversation in to_be_told(cause)] == [again.pk]
    agent = factories.staff("agent")
    group = tell_askers(by=agent, cause=cause, texts=TEXTS, conversations=[first.pk, again.pk])
    assert [draft.conversation_id for draft in group.drafts.all()] == [again.pk]
    group_replies.withdraw(by=agent, group=group)
    assert [conversation.pk for conversation in to_be_told(cause)] == [again.pk], "nothing has left"


def test_one_of_whom_a_colleague_writes_is_left_out(editor: User, question: Question, cause: Cause):
    one, other = asks(question), asks(question)
    colleague = factories.staff("agent")
    drafts.save(by=colleague, draft=drafts.begin(by=colleague, conversation=one), text="Moment …")
    closed(cause, editor)
    group = tell_askers(by=factories.staff("agent"), cause=cause, texts=TEXTS, conversations=[one.pk, other.pk])
    assert [left["conversation"] for left in group.left_out] == [one.pk]
    assert list(to_be_told(cause)) == [one]


def follower(email: str, **what: object) -> Follower:
    return Follower.objects.create(email=email, verified_at=now(), **what)  # type: ignore[misc]


def test_followers_are_mailed_once_unless_a_reply_reaches_them(editor: User, question: Question, cause: Cause):
    other = factories.question()
    name_cause(by=editor, question=other, cause=cause)
    conversation = asks(question)
    asker = made.PortalPost.objects.get(thread=conversation.thread).email
    follower(asker, question=question)
    follower("nah@post.example", question=question)
    follower("nah@post.example", question=other)
    follower("faden@post.example", thread=conversation.thread)
    follower("faden@post.example", question=other)
    Follower.objects.create(email="ungeprueft@post.example", question=question)
    closed(cause, editor)
    group = tell_askers(by=factories.staff("agent"), cause=cause, texts=TEXTS, conversations=[conversation.pk])
    tell_followers(group.pk)
    assert mails() == [], "nobody hears of it before the decision"
    group_replies.approve(by=factories.staff("approver"), group=group, digest=group_replies.digest_of(group))
    for _ in range(2):
        tell_followers(group.pk)
    assert [(to, "Der Fehler ist behoben" in text) for to, text in mails()] == [("nah@post.example", True)]


def test_with_followers_alone_one_decision_tells_them(editor: User, question: Question, cause: Cause):
    follower("nah@post.example", question=question)
    closed(cause, editor)
    group = tell_askers(by=factories.staff("agent"), cause=cause, texts=TEXTS, conversations=[])
    assert (group.state, Draft.objects.count()) == ("waiting", 0)
    group_replies.approve(by=factories.staff("approver"), group=group, digest=group_replies.digest_of(group))
    tell_followers(group.pk)
    assert [to for to, _text in mails()] == ["nah@post.example"]


def test_a_merge_takes_the_causes_along_and_undo_brings_them_back(editor: User, question: Question, cause: Cause):
    into = factories.question()
    move = moves.merge(by=editor, source=question, into=into)
    assert Naming.objects.get().question == into
    moves.undo(by=editor, move=move)
    assert Naming.objects.get().question == question


def desk(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def test_from_the_question_to_the_reply_on_the_screens(editor: User, question: Question):
    client, agent = desk(editor), desk(factories.staff("agent"))
    url = f"{reverse('desk:cause-new')}?question={question.pk}"
    client.post(
        url, {"name": "Firmware 7.2", "department": "Technik", "contact": "Herr Petersen", "since": "2026-11-01"}
    )
    cause = Cause.objects.get()
    client.post(reverse("desk:cause-state", args=[cause.pk]), {"state": "worked_on"})
    page = client.get(reverse("desk:question", args=[question.pk])).content.decode()
    assert "Cause: Firmware 7.2, being worked on since" in page
    conversation = asks(question)
    conversation.messages.get().matches.create(question=question, rank=1, score=0.95, likeness="sure")
    dock = agent.get(reverse("desk:conversation", args=[conversation.pk])).content.decode()
    assert "Cause: Firmware 7.2, being worked on since" in dock
    client.post(reverse("desk:cause-state", args=[cause.pk]), {"state": "closed"})
    tell = reverse("desk:cause-tell", args=[cause.pk])
    assert "1 person asked since it began." in agent.get(tell).content.decode()
    led = agent.post(tell, TEXTS | {"conversation": [conversation.pk]})
    group = GroupReply.objects.get()
    assert led.url == reverse("desk:group-reply", args=[group.pk])
    approver = desk(factories.staff("approver"))
    assert "Firmware 7.2" in approver.get(reverse("desk:approvals")).content.decode()
    shown = approver.get(led.url).content.decode()
    assert TEXTS["sie"] in shown
    approver.post(reverse("desk:group-reply-approve", args=[group.pk]), {"digest": group_replies.digest_of(group)})
    assert Delivery.objects.count() == 1
    assert "Nobody is left to be told." in agent.get(tell).content.decode()
    assert agent.get(reverse("desk:cause-new")).status_code == 403
    assert access_cause(editor, cause.pk).told_at is not None


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(editor: User, django_assert_num_queries, rows: int):
    for number in range(rows):
        save_cause(by=editor, name=f"Ursache {number}", department="Technik")
    client = desk(editor)
    with django_assert_num_queries(10):
        page = client.get(reverse("desk:causes")).content.decode()
    assert page.count('class="row-link"') == rows
