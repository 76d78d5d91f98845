"""One answer, many conversations: each rendered for its place, released once, sent once, and nobody forgotten."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hilft.approvals.commands import Changed
from hilft.approvals.models import Approval
from hilft.base.clock import now
from hilft.inbox.intake import take
from hilft.inbox.models import Conversation, Judgement, Message
from hilft.inbox.queries import last_seen
from hilft.knowledge.models import Answer, Question
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.publishing.commands import drafts, group_replies, taking_back
from hilft.publishing.groups import progress_of, waiting_on
from hilft.publishing.models import SUBJECT_GROUP, Delivery, Draft, GroupReply, Placement
from hilft.publishing.queries import waiting_drafts
from hilft.publishing.tasks import sweep
from tests import factories
from tests.desk import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> User:
    return factories.staff("agent")


@pytest.fixture
def question() -> Question:
    return factories.question(hours=48)


def waiting(question: Question, count: int = 3) -> list[Conversation]:
    """Guests of the portal and one person on Mastodon who wait on this question."""
    messages = [made.asked(f"Router blinkt orange, Nummer {number}") for number in range(count - 1)]
    messages.append(factories.message(factories.mastodon_account(), "router orange, hilfe"))
    pks = [message.conversation_id for message in messages]
    Conversation.objects.filter(pk__in=pks).update(question=question)
    return list(Conversation.objects.filter(pk__in=pks).order_by("pk"))


def unchecked(question: Question) -> None:
    Answer.objects.filter(question=question).update(confidence="draft")
    question.refresh_from_db()


def pks(conversations: list[Conversation]) -> list[int]:
    return [conversation.pk for conversation in conversations]


def test_an_unchanged_checked_answer_leaves_at_once_and_each_gets_it_once(agent: User, question: Question):
    three = waiting(question)
    group = group_replies.answer(by=agent, question=question, conversations=pks(three))
    assert (group.state, progress_of(group)) == ("released", (3, 0, 3, 0))
    portal = [draft.delivery for draft in group.drafts.order_by("pk")][:2]
    for delivery in portal:
        made.leave(delivery)
        made.leave(delivery)
    assert progress_of(group) == (3, 2, 1, 0)
    assert Placement.objects.filter(source__version=group.version).count() == 2
    assert [placement.unchanged for placement in Placement.objects.all()] == [True, True]
    assert Judgement.objects.filter(verdict="used", question=question, by=agent).count() == 3
    assert list(waiting_on(question)) == [three[2]]


def test_what_needs_a_second_person_needs_one_decision_for_all(agent: User, question: Question):
    three = waiting(question)
    unchecked(question)
    group = group_replies.answer(by=agent, question=question, conversations=pks(three))
    assert (group.state, Delivery.objects.count()) == ("waiting", 0)
    assert list(waiting_drafts()) == [], "they are decided together"
    digest = group_replies.digest_of(group)
    with pytest.raises(Refusal):
        group_replies.approve(by=agent, group=group, digest=digest)
    lead = factories.staff("agent", "approver")
    group_replies.approve(by=lead, group=group, digest=digest)
    with pytest.raises(Changed):
        group_replies.approve(by=lead, group=group, digest=digest)
    assert Delivery.objects.count() == 3
    made.leave(group.drafts.order_by("pk")[0].delivery)
    assert Placement.objects.get().approver == lead


def test_whoever_writes_again_leaves_the_group_and_voids_the_decision(agent: User, question: Question):
    three = waiting(question)
    unchecked(question)
    group = group_replies.answer(by=agent, question=question, conversations=pks(three))
    digest = group_replies.digest_of(group)
    handle = three[2].handle
    read = factories.event(three[2].account, "Hat sich erledigt", who=handle.external_id, thread=three[2].thread)
    assert take(three[2].account, read) is not None
    draft = Draft.objects.get(conversation=three[2])
    assert (draft.state, draft.group) == ("editing", None)
    approver = factories.staff("approver")
    with pytest.raises(Changed):
        group_replies.approve(by=approver, group=group, digest=digest)
    group_replies.approve(by=approver, group=group, digest=group_replies.digest_of(group))
    assert {delivery.conversation_id for delivery in Delivery.objects.all()} == set(pks(three[:2]))


def test_who_cannot_be_answered_this_way_is_named_and_waits_on(agent: User, question: Question):
    three = waiting(question)
    other = factories.staff("agent")
    theirs = drafts.begin(by=other, conversation=three[0])
    drafts.save(by=other, draft=theirs, text="Ich kümmere mich.")
    Message.objects.filter(conversation=three[1]).update(automatic=True)
    Conversation.objects.filter(pk=three[1].pk).update(automatic=True)
    group = group_replies.answer(by=agent, question=question, conversations=pks(three))
    assert [one["conversation"] for one in group.left_out] == pks(three[:2])
    assert group.drafts.count() == 1
    assert Draft.objects.filter(conversation=three[1]).count() == 0
    assert set(waiting_on(question)) == set(three), "they wait until a reply has arrived"
    with pytest.raises(Refusal, match="Somebody is writing"):
        group_replies.answer(by=agent, question=question, conversations=pks(three[:1]))
    assert GroupReply.objects.count() == 1


def test_sent_back_taken_back_and_expired_leave_nothing_behind(agent: User, question: Question):
    three = waiting(question)
    unchecked(question)
    approver = factories.staff("approver")
    for end in ("reject", "withdraw", "expire"):
        group = group_replies.answer(by=agent, question=question, conversations=pks(three))
        if end == "reject":
            digest = group_replies.digest_of(group)
            group_replies.reject(by=approver, group=group, digest=digest, reason="Fassung 2 kommt gleich.")
        elif end == "withdraw":
            with pytest.raises(Refusal):
                group_replies.withdraw(by=factories.staff("agent"), group=group)
            group_replies.withdraw(by=agent, group=group)
        else:
            Approval.objects.filter(subject_kind=SUBJECT_GROUP, decision="waiting").update(
                expires_at=now() - timedelta(seconds=1)
            )
            sweep(0)
        group.refresh_from_db()
        assert group.state == "back"
        assert set(waiting_on(question)) == set(three)
        assert Delivery.objects.count() == 0


def test_taken_back_in_the_undo_time_it_is_a_reply_of_its_own(agent: User, question: Question):
    three = waiting(question)
    group = group_replies.answer(by=agent, question=question, conversations=pks(three))
    delivery = group.drafts.order_by("pk")[0].delivery
    draft = taking_back.undo(by=agent, delivery=delivery)
    assert (draft.state, draft.group) == ("editing", None)
    assert progress_of(group).total == 2
    draft = drafts.submit(by=agent, draft=draft, text="Anders gesagt.", seen=last_seen(draft.conversation))
    assert draft.state == "waiting"


@pytest.mark.parametrize("count", [2, 4])
def test_the_progress_costs_the_same_however_many_there_are(
    agent: User, question: Question, django_assert_num_queries: DjangoAssertNumQueries, count: int
):
    group = group_replies.answer(by=agent, question=question, conversations=pks(waiting(question, count)))
    client = Client(headers={"accept-language": "en"})
    client.force_login(agent)
    client.get(reverse("desk:group-reply", args=[group.pk]))
    with django_assert_num_queries(14):
        page = client.get(reverse("desk:group-reply", args=[group.pk])).content.decode()
    assert page.count("on its way") >= count


def test_the_pages_show_decide_and_refuse(agent: User, question: Question):
    three = waiting(question)
    unchecked(question)
    client = Client(headers={"accept-language": "en"})
    client.force_login(agent)
    where = reverse("desk:question-waiting", args=[question.pk])
    page = client.get(where).content.decode()
    assert "3 people wait." in page
    assert page.count('name="conversation"') == 3
    answered = client.post(where, {"conversation": pks(three[:2])}, follow=True).content.decode()
    assert "Reply to 2 conversations" in answered
    assert "You have submitted this yourself" in answered
    group = GroupReply.objects.get()
    assert client.post(reverse("desk:group-reply-approve", args=[group.pk])).status_code == 403
    editor = Client(headers={"accept-language": "en"})
    editor.force_login(factories.staff("editor"))
    assert editor.post(where, {"conversation": pks(three[2:])}).status_code == 403
    assert 'name="conversation"' not in editor.get(where).content.decode()
    approver = Client(headers={"accept-language": "en"})
    approver.force_login(factories.staff("approver"))
    assert "Reply to 2 conversations" in approver.get(reverse("desk:approvals")).content.decode()
    digest = group_replies.digest_of(group)
    released = approver.post(reverse("desk:group-reply-approve", args=[group.pk]), {"digest": digest}, follow=True)
    assert "0 of 2 have their answer" in released.content.decode()
    assert "Nobody has been answered" not in approver.get(reverse("desk:group-replies")).content.decode()


def test_all_of_it_can_be_taken_back_in_the_undo_time(agent: User, question: Question):
    three = waiting(question)
    group = group_replies.answer(by=agent, question=question, conversations=pks(three))
    made.leave(group.drafts.order_by("pk")[0].delivery)
    with pytest.raises(Refusal, match="Only the author"):
        group_replies.undo(by=factories.staff("agent"), group=group)
    client = Client(headers={"accept-language": "en"})
    client.force_login(agent)
    assert "data-undo" in client.get(reverse("desk:group-reply", args=[group.pk])).content.decode()
    client.post(reverse("desk:group-reply-undo", args=[group.pk]))
    assert progress_of(group) == (1, 1, 0, 0)
    assert set(waiting_on(question)) == set(three[1:])
    with pytest.raises(Refusal, match="Too late"):
        group_replies.undo(by=agent, group=group)
    again = group_replies.answer(by=agent, question=question, conversations=pks(three))
    assert again.drafts.count() == 2
