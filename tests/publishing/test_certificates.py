"""Certificates at the desk: the next request is judged by them, whatever was open before."""

from datetime import timedelta

import pytest

from hilft.approvals.models import Approval
from hilft.base.clock import now
from hilft.inbox.commands import assign
from hilft.inbox.models import Conversation
from hilft.inbox.queries import last_seen
from hilft.inbox.routing import route, take_next
from hilft.people.commands import set_availability
from hilft.people.errors import Refusal, Uncertified
from hilft.people.models import Certificate, Skill, User
from hilft.publishing.commands import corrections, decisions, drafts, group_replies
from hilft.publishing.enums import DeliveryState, DraftState
from hilft.publishing.models import Correction, Delivery, Draft, Placement
from tests import factories
from tests.desk.made import asked, batch, digest, leave, waiting

pytestmark = pytest.mark.django_db


def end(user: User, skill: Skill) -> None:
    """Time passes, and this person's certificate ends."""
    Certificate.objects.filter(user=user, skill=skill).update(expires_at=now() - timedelta(seconds=1))


def unchanged(author: User, *, begun_with: Skill | None = None) -> Draft:
    """An unchanged rendering of a validated answer, which the shipped rules let pass."""
    message, question = asked(), factories.question()
    draft = drafts.insert(
        by=author, draft=drafts.begin(by=author, conversation=message.conversation), question=question
    )
    if begun_with:
        end(author, begun_with)
    return drafts.submit(by=author, draft=draft, text=draft.text, seen=last_seen(message.conversation))


def test_nobody_begins_a_reply_without_the_certificate():
    agent, skill = factories.staff("agent"), factories.required("draft", channel="portal")
    with pytest.raises(Uncertified):
        drafts.begin(by=agent, conversation=asked().conversation)
    assert Draft.objects.count() == 0
    factories.certificate(agent, skill)
    assert unchanged(agent).state == DraftState.RELEASED


def test_an_open_draft_goes_to_a_second_person_when_the_certificate_ended():
    agent, skill = factories.staff("agent"), factories.required("draft")
    factories.certificate(agent, skill)
    draft = unchanged(agent, begun_with=skill)
    assert (draft.state, draft.rule, draft.facts["uncertified"]) == (DraftState.WAITING, "uncertified", True)
    with pytest.raises(Uncertified):
        drafts.begin(by=agent, conversation=asked().conversation)


def test_what_is_about_to_leave_is_held_when_the_certificate_ends_before():
    agent, skill = factories.staff("agent"), factories.required("draft")
    factories.certificate(agent, skill)
    draft = unchanged(agent)
    end(agent, skill)
    leave(draft.delivery)
    draft.refresh_from_db()
    assert (draft.state, draft.rule, Placement.objects.count()) == (DraftState.WAITING, "uncertified", 0)
    assert Delivery.objects.get().state == DeliveryState.CANCELLED
    delivery = decisions.approve(by=factories.staff("approver"), draft=draft, digest=digest(draft))
    leave(delivery)
    assert Placement.objects.get().text == draft.text


def test_what_a_second_person_released_leaves_although_the_certificate_ended():
    agent, skill = factories.staff("agent"), factories.required("draft")
    factories.certificate(agent, skill)
    draft = waiting(agent)
    delivery = decisions.approve(by=factories.staff("approver"), draft=draft, digest=digest(draft))
    end(agent, skill)
    leave(delivery)
    assert Placement.objects.get().author == agent


def test_who_decides_needs_a_certificate_at_the_click():
    skill, approver, agent = factories.required("approve"), factories.staff("approver"), factories.staff("agent")
    factories.certificate(approver, skill)
    draft = waiting(agent)
    end(approver, skill)
    for act, said in (
        (decisions.approve, {}),
        (decisions.reject, {"reason": "Ton"}),
        (decisions.edit, {"text": "Anders."}),
    ):
        with pytest.raises(Uncertified):
            act(by=approver, draft=draft, digest=digest(draft), **said)
    assert Approval.objects.get().decision == "waiting"
    factories.certificate(approver, skill)
    decisions.edit(by=approver, draft=draft, digest=digest(draft), text="Anders.")
    decisions.approve(by=agent, draft=draft, digest=digest(draft))
    assert Draft.objects.get().state == DraftState.RELEASED


def test_batches_need_it_for_every_channel_they_reach():
    factories.required("approve", channel="portal")
    approver, editor = factories.staff("approver"), factories.staff("editor")
    correction = batch(editor)
    corrections.submit(by=editor, correction=correction)
    digest_now = corrections.digest_of(correction)
    with pytest.raises(Uncertified):
        corrections.approve(by=approver, correction=correction, digest=digest_now)
    with pytest.raises(Uncertified):
        corrections.reject(by=approver, correction=correction, digest=digest_now, reason="Nein.")
    assert Correction.objects.get().state == "waiting"


def test_replies_to_many_leave_out_whom_their_author_may_not_answer():
    factories.required("draft", channel="portal")
    agent, question = factories.staff("agent"), factories.question()
    conversation = asked().conversation
    Conversation.objects.update(question=question)
    with pytest.raises(Refusal, match=r"Können|Skill"):
        group_replies.answer(by=agent, question=question, conversations=[conversation.pk])
    assert Draft.objects.count() == 0


def test_work_goes_only_to_those_who_are_certified_for_its_channel():
    skill = factories.required("route", channel="portal")
    new, proven = factories.staff("agent"), factories.staff("agent")
    factories.certificate(proven, skill)
    conversation = asked().conversation
    for user in (new, proven):
        set_availability(by=user, takes=True, most=5, languages=[], topics=[])
    with pytest.raises(Uncertified):
        take_next(by=new)
    with pytest.raises(Uncertified):
        assign(by=proven, conversation=conversation, to=new)
    assert route() == 1
    assert Conversation.objects.get().assignee == proven
