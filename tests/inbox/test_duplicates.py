"""Linked as a duplicate, contested, taken back: who may, what moves, and that undo leaves things as they were."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from hilft.audit.models import Entry
from hilft.channels.models import PortalPost
from hilft.channels.portal.tokens import key_of
from hilft.inbox import duplicates
from hilft.inbox.commands import close
from hilft.inbox.intake import read_new_events
from hilft.inbox.models import Conversation, Duplicate, Judgement
from hilft.knowledge import followers, moves
from hilft.knowledge.care import set_state
from hilft.knowledge.commands import add_question
from hilft.knowledge.models import Follower, Question
from hilft.people.errors import NotAllowed, Refusal
from tests import factories
from tests.desk.made import asked

pytestmark = pytest.mark.django_db
KEPT = ("question_id", "likeness", "confirmed", "topic", "state", "later_until", "waiting_since")


def state_of(conversation: Conversation) -> dict[str, object]:
    return Conversation.objects.values(*KEPT).get(pk=conversation.pk)


def wordings_of(question: Question) -> list[str]:
    return sorted(question.wordings.current().values_list("text", flat=True))


def follows(thread: str, email: str) -> Follower:
    kept = followers.follow(email=email, language="de", me_too=True, thread=UUID(thread))
    return followers.confirm(kept.pk)


def test_a_link_answers_a_thread_and_undo_leaves_no_trace():
    agent, question = factories.staff("agent"), factories.question()
    conversation = asked().conversation
    follower = follows(conversation.thread, "mit@post.example")
    before, words = state_of(conversation), wordings_of(question)

    duplicate = duplicates.link(by=agent, conversation=conversation, question=question)

    assert state_of(conversation) == before | {
        "question_id": question.pk,
        "confirmed": True,
        "topic": "Festnetz",
        "state": "done",
        "waiting_since": None,
    }
    assert wordings_of(question) == sorted([*words, "Router"])
    asker = PortalPost.objects.get(thread=conversation.thread).email
    assert list(followers.followers_of(question=question).values_list("email", flat=True)) == [
        "mit@post.example",
        asker,
    ]
    assert followers.followers_of(thread=UUID(conversation.thread)).count() == 0
    assert [j.verdict for j in Judgement.objects.all()] == ["used"]

    duplicates.undo(by=agent, duplicate=duplicate)
    duplicates.undo(by=agent, duplicate=duplicate)

    assert state_of(conversation) == before
    assert wordings_of(question) == words
    assert list(followers.followers_of(thread=UUID(conversation.thread))) == [follower]
    assert followers.followers_of(question=question).count() == 0
    assert Judgement.objects.count() == 0
    assert Entry.objects.filter(verb__in=["inbox.link_duplicate", "inbox.undo_duplicate"]).count() == 2


def test_who_is_told_and_how_they_get_out(mails: Callable[[], list[dict[str, Any]]]):
    conversation = asked().conversation
    follows(conversation.thread, "mit@post.example")
    known = len(mails())

    duplicate = duplicates.link(by=factories.staff("agent"), conversation=conversation, question=factories.question())

    told = {mail["to"]: mail["text"] for mail in mails()[known:]}
    asker = PortalPost.objects.get(thread=conversation.thread).email
    assert set(told) == {"mit@post.example", asker}
    contest = re.search(r"/fragen/widerspruch/([^/\s]+)/", told[asker])
    assert contest
    assert key_of(contest[1], "contest") == duplicate.pk
    assert "/fragen/widerspruch/" not in told["mit@post.example"]
    for text in told.values():
        out = re.search(r"/fragen/abmeldung/([^/\s]+)/", text)
        assert out
        followers.unfollow(key_of(out[1], "unfollow"))
    assert Follower.objects.count() == 0
    duplicates.undo(by=factories.staff("agent"), duplicate=duplicate)
    assert Follower.objects.count() == 0, "who left stays away"


def test_an_asker_who_had_begun_to_follow_is_told_once(mails: Callable[[], list[dict[str, Any]]]):
    agent, conversation = factories.staff("agent"), asked().conversation
    asker = PortalPost.objects.get(thread=conversation.thread).email
    followers.follow(email=asker, language="de", me_too=True, thread=UUID(conversation.thread))
    known, question = len(mails()), factories.question()

    duplicates.link(by=agent, conversation=conversation, question=question)

    assert [mail["to"] for mail in mails()[known:]] == [asker]
    assert [f.email for f in followers.followers_of(question=question)] == [asker]


def test_the_target_needs_an_answer_that_the_asker_may_read():
    agent, conversation = factories.staff("agent"), asked().conversation
    empty = add_question(by=None, title="Noch ohne Antwort?", topic="Umzug")
    inside = factories.question()
    set_state(by=factories.staff("editor"), question=inside, confidence="checked", audience="internal")
    for question in (empty, inside):
        with pytest.raises(Refusal):
            duplicates.link(by=agent, conversation=conversation, question=question)
    with pytest.raises(NotAllowed):
        duplicates.link(by=factories.staff("operator"), conversation=conversation, question=factories.question())


def test_a_linked_thread_is_linked_once():
    agent, conversation, question = factories.staff("agent"), asked().conversation, factories.question()
    duplicate = duplicates.link(by=agent, conversation=conversation, question=question)
    assert duplicates.link(by=agent, conversation=conversation, question=question) == duplicate
    with pytest.raises(Refusal):
        duplicates.link(by=agent, conversation=conversation, question=factories.question())


def test_chains_collapse_whichever_comes_first():
    editor = factories.staff("editor")
    b, c = factories.question(), factories.question()
    first = duplicates.link(by=editor, conversation=asked().conversation, question=b)
    moves.merge(by=editor, source=b, into=c)
    second = duplicates.link(
        by=editor, conversation=factories.message(factories.mastodon_account()).conversation, question=b
    )
    assert set(Duplicate.objects.values_list("pk", "question")) == {(first.pk, c.pk), (second.pk, c.pk)}


def test_elsewhere_a_link_confirms_and_somebody_still_replies():
    agent, question = factories.staff("agent"), factories.question()
    conversation = factories.message(factories.mastodon_account(), "Das Kästchen leuchtet orange").conversation

    duplicates.link(by=agent, conversation=conversation, question=question)

    conversation.refresh_from_db()
    assert (conversation.state, conversation.question, conversation.confirmed) == ("open", question, True)
    assert conversation.waiting_since is not None
    assert "Das Kästchen leuchtet orange" in wordings_of(question)


def test_the_asker_contests_once_and_a_person_sees_why():
    agent = factories.staff("agent")
    conversation = asked().conversation
    before = state_of(conversation)
    duplicate = duplicates.link(by=agent, conversation=conversation, question=factories.question())
    with pytest.raises(Refusal):
        duplicates.contest(duplicate=duplicate, reason="  ")

    duplicates.contest(duplicate=duplicate, reason="Bei mir blinkt er grün.")
    read_new_events()

    conversation.refresh_from_db()
    assert (conversation.state, conversation.waiting_since is not None) == ("open", True)
    assert conversation.messages.order_by("-pk")[0].text == "Bei mir blinkt er grün."
    with pytest.raises(Refusal):
        duplicates.contest(duplicate=duplicate, reason="Noch einmal")
    duplicates.undo(by=agent, duplicate=duplicate)
    conversation.refresh_from_db()
    assert (conversation.state, conversation.waiting_since) == ("open", before["waiting_since"])
    with pytest.raises(Refusal):
        duplicates.contest(duplicate=duplicate, reason="Zu spät")


def test_undo_leaves_alone_what_people_did_since():
    lead = factories.staff("lead")
    conversation = factories.message(factories.mastodon_account()).conversation
    duplicate = duplicates.link(by=lead, conversation=conversation, question=factories.question())
    close(by=lead, conversation=Conversation.objects.get(pk=conversation.pk))
    other = factories.question()
    Conversation.objects.filter(pk=conversation.pk).update(question=other, state="later")

    duplicates.undo(by=lead, duplicate=duplicate)

    conversation.refresh_from_db()
    assert (conversation.question, conversation.state) == (other, "later")
