"""Merging and splitting questions: what follows, whose corrections placements belong to, and undo."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from hilft.audit.models import Entry
from hilft.inbox.models import Conversation, Judgement, Match
from hilft.knowledge import followers, moves
from hilft.knowledge.commands import add_question, add_wording, publish_version, remove_wording, vote, write_version
from hilft.knowledge.models import Follower, Question, Wording
from hilft.knowledge.moves import Choice
from hilft.knowledge.queries import questions_for_editors, search_public, votes_of
from hilft.people.errors import NotAllowed, Refusal
from hilft.publishing.models import Correction
from tests import factories
from tests.desk.made import reply

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _german() -> Iterator[None]:
    """The portal is searched in the language of its reader."""
    with translation.override("de"):
        yield


def words(question: Question) -> set[str]:
    return set(question.wordings.current().values_list("text", flat=True))


def counts(question: Question) -> tuple[int, int]:
    row = Question.objects.values_list("asked", "answer__used").get(pk=question.pk)
    return row[0], row[1]


def follower(question: Question, email: str) -> Follower:
    return followers.confirm(followers.follow(email=email, language="de", me_too=True, question=question).pk)


def test_a_merge_takes_everything_along_and_undo_brings_it_back():
    editor = factories.staff("editor")
    a, b = factories.question(title="Router orange?"), factories.question(title="Kasten leuchtet?")
    shared = [add_wording(by=editor, question=q, text="Was heißt orange?") for q in (a, b)]
    placement = reply(factories.staff("agent"), b)
    message = placement.conversation.messages.order_by("pk")[0]
    for rank, question in enumerate((a, b), start=1):
        Match.objects.create(message=message, question=question, rank=rank, score=1, likeness="sure")
    for question, helped in ((a, True), (b, False)):
        vote(version=question.answer.current, voter="guest", helped=helped)
    both = [follower(q, "beide@post.example") for q in (a, b)]
    alone = follower(b, "eine@post.example")
    assert (counts(a), counts(b)) == ((0, 0), (1, 1))

    move = moves.merge(by=editor, source=b, into=a)

    placement.refresh_from_db()
    assert (placement.question, placement.source.version.answer.question) == (a, b)
    assert Conversation.objects.get(pk=placement.conversation_id).question == a
    assert {j.question for j in Judgement.objects.all()} == {a}
    assert words(a) == {"Router orange?", "Kasten leuchtet?", "Was heißt orange?"}
    assert {f.email for f in followers.followers_of(question=a)} == {"beide@post.example", "eine@post.example"}
    assert (counts(a), counts(b)) == ((1, 1), (0, 0))
    assert b not in questions_for_editors()
    assert search_public("Kasten leuchtet") == [a]
    assert votes_of(a) == (1, 1)

    moves.undo(by=editor, move=move)

    placement.refresh_from_db()
    assert placement.question == b
    assert Conversation.objects.get(pk=placement.conversation_id).question == b
    assert [w.question for w in Wording.objects.filter(pk__in=[w.pk for w in shared]).order_by("pk")] == [a, b]
    assert words(b) == {"Kasten leuchtet?", "Was heißt orange?"}
    assert [f.question for f in Follower.objects.order_by("pk")] == [a, b, b]
    assert [both[0].question, alone.question] == [a, b]
    assert (counts(a), counts(b)) == ((0, 0), (1, 1))
    assert search_public("Kasten leuchtet")[0] == b
    assert Entry.objects.filter(verb__in=["knowledge.merge", "knowledge.undo_move"]).count() == 2
    with pytest.raises(Refusal):
        moves.undo(by=editor, move=move)


def test_placements_of_the_merged_one_are_corrected_when_the_other_answer_changes():
    editor, agent = factories.staff("editor"), factories.staff("agent")
    a, b = factories.question(), factories.question(hours=12)
    of_a, of_b = reply(agent, a), reply(agent, b)
    moves.merge(by=editor, source=b, into=a)

    version = factories.publish(a, by=editor, hours=96)

    assert [item.placement for item in Correction.objects.get(version=version).items.order_by("pk")] == [of_a, of_b]


def test_a_reply_that_was_under_way_belongs_to_the_question_that_stayed():
    from hilft.inbox.queries import last_seen
    from hilft.publishing.commands import drafts
    from hilft.publishing.models import Placement
    from tests.desk.made import asked, leave

    agent, a, b = factories.staff("agent"), factories.question(), factories.question()
    conversation = asked().conversation
    draft = drafts.insert(by=agent, draft=drafts.begin(by=agent, conversation=conversation), question=b)
    draft = drafts.submit(by=agent, draft=draft, text=draft.text, seen=last_seen(conversation))
    moves.merge(by=factories.staff("editor"), source=b, into=a)

    leave(draft.delivery)

    placement = Placement.objects.get(delivery=draft.delivery)
    assert (placement.question, placement.source.version.answer.question) == (a, b)
    assert counts(a) == (1, 1)


def test_what_a_merge_refuses():
    editor, a, b = factories.staff("editor"), factories.question(), factories.question()
    empty = add_question(by=None, title="Ohne Antwort?", topic="Umzug")
    with pytest.raises(NotAllowed):
        moves.merge(by=factories.staff("agent"), source=b, into=a)
    for source, into in ((a, a), (a, empty)):
        with pytest.raises(Refusal):
            moves.merge(by=editor, source=source, into=into)
    moves.merge(by=editor, source=b, into=a)
    for source, into in ((a, b), (b, a)):
        with pytest.raises(Refusal):
            moves.merge(by=editor, source=source, into=into)
    with pytest.raises(Refusal):
        publish_version(by=editor, version=write_version(by=editor, question=b, texts={}))


def test_chains_of_merges_collapse_and_are_undone_from_the_end():
    editor = factories.staff("editor")
    a, b, c = (factories.question() for _ in range(3))
    first = moves.merge(by=editor, source=a, into=b)
    second = moves.merge(by=editor, source=b, into=c)
    assert set(Question.objects.filter(merged_into=c)) == {a, b}
    assert add_wording(by=editor, question=Question.objects.get(pk=a.pk), text="Neu gefragt?").question == c
    with pytest.raises(Refusal):
        moves.undo(by=editor, move=first)

    moves.undo(by=editor, move=second)
    moves.undo(by=editor, move=first)

    assert Question.objects.filter(merged_into__isnull=False).count() == 0
    assert all(len(words(q)) == 1 for q in (a, b))
    assert len(words(c)) == 2


def test_a_split_takes_the_chosen_wordings_and_what_came_in_them():
    editor, agent = factories.staff("editor"), factories.staff("agent")
    question = factories.question(title="Router blinkt?")
    green = add_wording(by=editor, question=question, text="Router blinkt grün?")
    going, staying, kept = (reply(agent, question) for _ in range(3))
    for placement, wording in ((going, green), (staying, question.wordings.order_by("pk")[0]), (kept, green)):
        message = placement.conversation.messages.order_by("pk")[0]
        Match.objects.create(message=message, question=question, wording=wording, rank=1, score=1, likeness="sure")
    choice = Choice(frozenset({green.pk}), frozenset({kept.conversation_id}))

    move = moves.split(by=editor, question=question, title="Was heißt grün?", topic="Festnetz", choice=choice)

    new = move.target
    assert words(new) == {"Was heißt grün?", "Router blinkt grün?"}
    assert words(question) == {"Router blinkt?"}
    assert set(Conversation.objects.filter(question=new)) == {going.conversation}
    assert list(new.placements.all()) == [going]
    assert set(question.placements.all()) == {staying, kept}
    assert (counts(question), counts(new)) == ((2, 2), (1, 1))
    assert new in Question.objects.public()
    assert Correction.objects.count() == 0

    moves.undo(by=editor, move=move)

    assert words(question) == {"Router blinkt?", "Router blinkt grün?", "Was heißt grün?"}
    assert set(question.placements.all()) == {going, staying, kept}
    assert Conversation.objects.filter(question=question).count() == 3
    assert counts(question) == (3, 3)


def test_what_a_split_refuses():
    editor, question = factories.staff("editor"), factories.question()
    only = question.wordings.get()
    gone = add_wording(by=editor, question=question, text="Weg")
    remove_wording(by=editor, wording=gone)
    for chosen in ({only.pk}, {gone.pk}, set()):
        with pytest.raises(Refusal):
            moves.split(by=editor, question=question, title="Neu?", topic="X", choice=Choice(frozenset(chosen)))
    with pytest.raises(NotAllowed):
        moves.split(
            by=factories.staff("agent"), question=question, title="N?", topic="X", choice=Choice(frozenset({only.pk}))
        )
