"""Whatever people do in whatever order: no wording, follower or reply is lost, and undo is exact."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, initialize, invariant, multiple, rule

from hilft.base.clock import now
from hilft.channels.commands import store
from hilft.channels.models import PortalPost
from hilft.channels.portal import commands as portal
from hilft.channels.portal.adapter import raw_of
from hilft.inbox import duplicates
from hilft.inbox.intake import read_new_events
from hilft.inbox.models import Conversation, Duplicate, Judgement, Match
from hilft.knowledge import followers, moves
from hilft.knowledge.causes.commands import name_cause, save_cause
from hilft.knowledge.causes.models import Cause, Naming
from hilft.knowledge.commands import add_wording, remove_wording, restore_wording
from hilft.knowledge.models import Follower, Move, Question, Wording
from hilft.knowledge.moves import Choice
from hilft.people.errors import Refusal
from hilft.publishing.models import Placement
from tests import factories
from tests.desk.made import reply
from tests.machines import Machine, walk

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WORDS = st.sampled_from(["Orange?", "Grün?", "Blinkt?", "Tot?"])
"""Few, so that different questions are asked in the same words."""


class Answering(Machine):
    """Editors, agents and guests at work; `said` and `following` are what must hold, told in the simplest way."""

    questions, threads, links, moved = (Bundle(n) for n in ("questions", "threads", "links", "moved"))

    def __init__(self) -> None:
        super().__init__()
        self.lead = factories.staff("lead")
        self.account = factories.portal_account()
        self.causes: list[Cause] = []
        self.withdrawn: set[str] = set()
        self.following: set[str] = set()
        self.asking: dict[int, str] = {}
        """Each live link with the asker's address."""
        self.before: dict[int, dict[str, Any]] = {}
        self.removed: set[int] = set()
        """Wordings that a person took out, or that went with an undone link."""
        self.placed: dict[int, tuple[int | None, str]] = {}

    # what people do

    @initialize(target=questions)
    def begin(self) -> Any:
        return multiple(*(factories.question().pk for _ in range(3)))

    @rule(target=threads)
    def ask(self) -> str:
        name = f"g{next(factories.NUMBER)}"
        post = PortalPost.objects.create(
            account=self.account,
            name=name,
            email=f"{name}@post.example",
            title=f"Frage von {name}?",
            text="Bitte helfen.",
            verified_at=now(),
        )
        store(self.account, [raw_of(post)])
        read_new_events()
        return post.thread.hex

    @rule(question=questions, words=WORDS)
    def add(self, question: int, words: str) -> None:
        added = add_wording(by=self.lead, question=self.q(question), text=words)
        self.removed.discard(added.pk)

    @rule(question=questions, data=st.data())
    def remove(self, question: int, data: st.DataObject) -> None:
        wording = self.draw_wording(question, data)
        if wording:
            remove_wording(by=self.lead, wording=wording)
            self.removed.add(wording.pk)

    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        gone = list(Wording.objects.exclude(removed_at=None).order_by("pk"))
        if gone:
            wording = data.draw(st.sampled_from(gone))
            restore_wording(by=self.lead, wording=wording)
            if Wording.objects.get(pk=wording.pk).removed_at is None:
                self.removed.discard(wording.pk)

    @rule(question=questions, old=st.booleans())
    def name(self, question: int, old: bool) -> None:
        if not old or not self.causes:
            self.causes.append(save_cause(by=self.lead, name="Ursache", department="Technik"))
        name_cause(by=self.lead, question=self.q(question), cause=self.causes[-1])

    @rule(question=questions)
    def change(self, question: int) -> None:
        try:
            factories.publish(self.q(question), by=self.lead, hours=next(factories.NUMBER))
        except Refusal:
            assert self.q(question).merged_into

    @rule(question=questions)
    def answer(self, question: int) -> None:
        placement = reply(self.lead, self.q(question))
        self.placed[placement.pk] = (placement.source_id, placement.text)

    @rule(thread=threads)
    def follow(self, thread: str) -> None:
        found = duplicates_of(thread)
        what: dict[str, Any] = {"question": found.question} if found else {"thread": UUID(thread)}
        email = f"f{next(factories.NUMBER)}@post.example"
        followers.confirm(followers.follow(email=email, language="de", me_too=True, **what).pk)
        self.following.add(email)

    @rule(question=questions, thread=threads)
    def follow_both(self, question: int, thread: str) -> None:
        email = f"f{next(factories.NUMBER)}@post.example"
        for what in ({"question": self.q(question)}, {"thread": UUID(thread)}):
            followers.confirm(followers.follow(email=email, language="de", me_too=True, **what).pk)
        self.following.add(email)

    @rule(target=links, thread=threads, question=questions)
    def link(self, thread: str, question: int) -> Any:
        conversation = Conversation.objects.get(thread=thread)
        if duplicates_of(thread):
            return multiple()
        before = self.snapshot(conversation)
        try:
            duplicate = duplicates.link(by=self.lead, conversation=conversation, question=self.q(question))
        except Refusal:
            return multiple()
        self.before[duplicate.pk] = before
        if thread not in self.withdrawn:
            self.asking[duplicate.pk] = PortalPost.objects.filter(thread=thread).order_by("created_at")[0].email
        return duplicate.pk

    @rule(link=links)
    def contest(self, link: int) -> None:
        duplicate = Duplicate.objects.get(pk=link)
        try:
            duplicates.contest(duplicate=duplicate, reason="Nein.")
        except Refusal:
            return
        read_new_events()
        assert duplicate.conversation.__class__.objects.get(pk=duplicate.conversation_id).state == "open"
        self.before.pop(link, None)

    @rule(link=links)
    def undo_link(self, link: int) -> None:
        duplicate = Duplicate.objects.get(pk=link)
        live = duplicate.undone_at is None
        conversation = duplicates.undo(by=self.lead, duplicate=duplicate)
        if live and duplicate.wording_id:
            self.removed.add(duplicate.wording_id)
        self.asking.pop(link, None)
        before = self.before.pop(link, None)
        if before is not None:
            after = self.snapshot(conversation)
            assert before.pop("followers") - after.pop("followers") == set()
            assert after == before

    @rule(target=moved, source=questions, into=questions)
    def merge(self, source: int, into: int) -> Any:
        try:
            return moves.merge(by=self.lead, source=self.q(source), into=self.q(into)).pk
        except Refusal:
            return multiple()

    @rule(target=moved, question=questions, data=st.data())
    def split(self, question: int, data: st.DataObject) -> Any:
        found = list(self.q(question).wordings.current().order_by("pk").values_list("pk", flat=True))
        if len(found) < 2 or self.q(question).merged_into:
            return multiple()
        chosen = data.draw(st.sets(st.sampled_from(found), min_size=1, max_size=len(found) - 1))
        title = f"Geteilt {next(factories.NUMBER)}?"
        choice = Choice(frozenset(chosen))
        return moves.split(by=self.lead, question=self.q(question), title=title, topic="X", choice=choice).pk

    @rule(move=moved)
    def undo_move(self, move: int) -> None:
        try:
            moves.undo(by=self.lead, move=Move.objects.get(pk=move))
        except Refusal:
            return

    @rule(source=questions, into=questions)
    def merge_and_think_better_of_it(self, source: int, into: int) -> None:
        before = belongings()
        try:
            move = moves.merge(by=self.lead, source=self.q(source), into=self.q(into))
        except Refusal:
            return
        moves.undo(by=self.lead, move=move)
        assert belongings() == before

    @rule(thread=threads)
    def withdraw(self, thread: str) -> None:
        portal.withdraw(thread=UUID(thread), pk=PortalPost.objects.filter(thread=thread).order_by("created_at")[0].pk)
        read_new_events()
        self.withdrawn.add(thread)
        for link in Duplicate.objects.filter(conversation__thread=thread).values_list("pk", flat=True):
            self.before.pop(link, None)

    # what holds

    @invariant()
    def no_wording_is_lost(self) -> None:
        """Each one stands where it can be found, or a person took it out."""
        rows = Wording.objects.select_related("question__merged_into")
        for wording in rows:
            assert (wording.removed_at is not None) == (wording.pk in self.removed)
            if wording.removed_at is None and wording.question.merged_into:
                same = Wording.objects.filter(question=wording.question.merged_into, text=wording.text)
                assert same.exists(), "only what the other question has as well stays behind"

    @invariant()
    def no_follower_is_lost(self) -> None:
        reached = set()
        for follower in Follower.objects.select_related("question"):
            if follower.question is None or follower.question.merged_into is None:
                reached.add(follower.email)
            else:
                there = Follower.objects.filter(question=follower.question.merged_into, email=follower.email)
                assert there.exists()
        assert reached == self.following | set(self.asking.values())

    @invariant()
    def no_reply_is_lost(self) -> None:
        """Every reply belongs to a question that stands, and knows the exact text it was made from."""
        for placement in Placement.objects.select_related("question"):
            if placement.pk in self.placed:
                assert (placement.source_id, placement.text) == self.placed[placement.pk]
            assert placement.question is not None
            assert placement.question.merged_into_id is None
        assert set(self.placed) <= set(Placement.objects.values_list("pk", flat=True))

    @invariant()
    def no_cause_is_lost(self) -> None:
        """Every cause is named by a question that stands."""
        for cause in self.causes:
            assert Naming.objects.filter(cause=cause, question__merged_into=None).exists()

    @invariant()
    def everything_hangs_on_a_question_that_stands(self) -> None:
        assert not Question.objects.filter(merged_into__merged_into__isnull=False).exists(), "chains collapse"
        assert not Conversation.objects.filter(question__merged_into__isnull=False).exists()
        assert not Duplicate.objects.filter(question__merged_into__isnull=False).exists()
        live = Duplicate.objects.filter(undone_at=None)
        assert not live.filter(question__answer__current=None).exists(), "what one is led to has an answer"

    def q(self, pk: int) -> Question:
        return Question.objects.select_related("merged_into").get(pk=pk)

    def draw_wording(self, question: int, data: st.DataObject) -> Wording | None:
        found = list(self.q(question).wordings.current().order_by("pk"))
        return data.draw(st.sampled_from(found)) if found else None

    def snapshot(self, conversation: Conversation) -> dict[str, Any]:
        """What a link changes, where nobody merged anything meanwhile."""
        row = Conversation.objects.values("likeness", "confirmed", "topic", "state", "waiting_since").get(
            pk=conversation.pk
        )
        mine = Follower.objects.filter(thread=conversation.thread, question=None)
        return row | {"followers": set(mine.values_list("email", flat=True))}


def belongings() -> dict[str, list[tuple[Any, ...]]]:
    """What belongs to which question, row by row, and how often each was asked."""
    models = (Wording, Follower, Naming, Conversation, Match, Judgement, Duplicate, Placement)
    found: dict[str, list[tuple[Any, ...]]] = {
        model.__name__: list(model._default_manager.order_by("pk").values_list("pk", "question")) for model in models
    }
    questions = Question.objects.order_by("pk")
    return found | {"Question": list(questions.values_list("pk", "merged_into", "asked", "answer__used"))}


def duplicates_of(thread: str) -> Duplicate | None:
    return Duplicate.objects.filter(conversation__thread=thread, undone_at=None).select_related("question").first()


def test_nothing_is_lost_in_any_order() -> None:
    walk(Answering, examples=8, steps=30)
