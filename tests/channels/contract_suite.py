"""What every adapter promises, asked of each against its real peer."""

from __future__ import annotations

import contextlib
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, cast

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from hilft.channels.contract import (
    AuthLost,
    Channel,
    Event,
    Kind,
    Outgoing,
    Raw,
    Ref,
    Refused,
    RetryLater,
    Task,
    Trying,
    Unknown,
    Unreadable,
)
from hilft.channels.trying import carry_out

PATIENCE = 20.0


class World(Protocol):
    """One account at a peer, and what people do there."""

    start: str
    """A cursor from before the test."""

    @property
    def adapter(self) -> Channel:
        """The adapter that is asked."""

    def twin(self) -> Channel:
        """A second adapter for the same account, knowing nothing."""

    def ask(self, text: str, who: str = "lena") -> None:
        """A customer addresses us."""

    def standing(self, ref: Ref) -> str | None:
        """The text as the peer has it, None when it is gone."""

    def ours(self, text: str) -> int:
        """How many posts of ours with that text the peer has."""

    def losing(self) -> contextlib.AbstractContextManager[Channel]:
        """An adapter whose next publish is stored while the answer is lost."""

    def unreachable(self) -> Channel:
        """An adapter whose peer does not run."""

    def revoked(self) -> Channel:
        """An adapter whose credentials were taken back."""

    def withdraw(self, ref: Ref) -> None:
        """The customer deletes their post."""

    def rewrite(self, ref: Ref, text: str) -> None:
        """The customer edits their post."""

    def elsewhere(self, text: str, question: Event) -> None:
        """A colleague answers with another tool."""


def words(text: str) -> str:
    """A text nobody else uses."""
    return f"{text} {uuid.uuid4().hex[:12]}"


def eventually[T](ask: Callable[[], T | None], patience: float = PATIENCE) -> T:
    """The first answer that is not empty; networks take a moment."""
    deadline = time.monotonic() + patience
    while not (answer := ask()):
        if time.monotonic() > deadline:
            raise AssertionError("it did not happen in time")
        time.sleep(0.1)
    return answer


def events(adapter: Channel, raws: list[Raw]) -> list[tuple[Raw, Event]]:
    """What can be read of raw events; one that cannot does not stop the others."""
    pairs: list[tuple[Raw, Event]] = []
    for raw in raws:
        with contextlib.suppress(Unreadable):
            pairs += [(raw, event) for event in adapter.parse(raw.body)]
    return pairs


def polled(world: World, text: str) -> tuple[Raw, Event]:
    """The event whose text contains `text`."""

    def look() -> tuple[Raw, Event] | None:
        raws, _ = world.adapter.poll(world.start)
        return next((pair for pair in events(world.adapter, raws) if text in pair[1].text), None)

    return eventually(look)


def reply(question: Event, text: str, **fields: Any) -> Outgoing:
    """An answer to a question, as the outbox would hand it over."""
    values: dict[str, Any] = {
        "idempotency": uuid.uuid4().hex,
        "text": text,
        "to": question.author,
        "public": question.public,
        "parent": question.ref,
        "root": question.root,
        "subject": question.subject,
        "language": "de",
        "begun_at": datetime.now(UTC),
    }
    return Outgoing(**(values | fields))


class Heard:
    """A listener in its thread, and what it heard."""

    def __init__(self, adapter: Channel, cursor: str) -> None:
        self.stop = threading.Event()
        self.raws: list[Raw] = []
        self.beats = 0
        self.cursor = cursor
        self.error: Exception | None = None
        self._adapter = adapter
        self._thread = threading.Thread(target=self._run, args=(cursor,), daemon=True)
        self._thread.start()

    def _run(self, cursor: str) -> None:
        try:
            for raws, after in self._adapter.listen(cursor, self.stop):
                self.cursor = after
                self.raws += raws
                self.beats += 1
        except Exception as error:
            self.error = error

    def heard(self, text: str) -> tuple[Raw, Event]:
        def look() -> tuple[Raw, Event] | None:
            return next((pair for pair in events(self._adapter, list(self.raws)) if text in pair[1].text), None)

        return eventually(look)

    def end(self) -> float:
        """Stops listening; the seconds that took."""
        began = time.monotonic()
        self.stop.set()
        self._thread.join(timeout=10)
        return time.monotonic() - began


class ContractSuite:
    """Holds for every adapter that listens and replies."""

    def test_a_question_arrives_and_reads(self, world: World) -> None:
        text = words("Warum ist mein Anschluss tot?")
        world.ask(text)
        _, event = polled(world, text)
        assert event.kind is Kind.CREATED
        assert event.text == text
        assert not event.own
        assert not event.automatic
        assert event.author is not None
        assert "lena" in event.author.handle
        assert event.ref.channel == world.adapter.kind
        assert event.thread
        assert abs((datetime.now(UTC) - event.at).total_seconds()) < 120

    def test_parsing_needs_no_network(self, world: World) -> None:
        text = words("Rein gelesen")
        world.ask(text)
        raw, event = polled(world, text)
        assert world.unreachable().parse(raw.body) == [event]

    def test_a_reply_stands_where_it_was_asked(self, world: World) -> None:
        text, answer = words("Wo bleibt der Techniker?"), words("Er kommt morgen – versprochen & sicher. 👨‍👩‍👧‍👦")
        world.ask(text)
        _, question = polled(world, text)
        sent = world.adapter.publish(reply(question, answer))
        standing = eventually(lambda: world.standing(sent.ref))
        assert answer in standing
        assert sent.ref.channel == world.adapter.kind

    def test_the_same_state_has_the_same_key_however_it_comes(self, world: World) -> None:
        text = words("Doppelt gehört")
        listener = Heard(world.twin(), world.start)
        try:
            world.ask(text)
            raw, event = polled(world, text)
            pushed, heard = listener.heard(text)
        finally:
            listener.end()
        again, _ = world.twin().poll(world.start)
        assert pushed.key == raw.key
        assert heard == event
        assert [one.key for one in again].count(raw.key) == 1

    def test_a_gap_after_an_outage_is_filled(self, world: World) -> None:
        before, during = words("Vorher"), [words(f"Während {number}") for number in range(3)]
        world.ask(before)
        polled(world, before)
        _, cursor = world.adapter.poll(world.start)
        for text in during:
            world.ask(text)
        listener = Heard(world.twin(), cursor)
        try:
            for text in during:
                listener.heard(text)
        finally:
            listener.end()
        assert listener.error is None
        assert [raw.key for raw in listener.raws] == list(dict.fromkeys(raw.key for raw in listener.raws))

    def test_what_comes_while_listening_is_heard(self, world: World) -> None:
        listener = Heard(world.twin(), world.start)
        try:
            eventually(lambda: listener.beats)
            text = words("Jetzt gerade")
            world.ask(text)
            listener.heard(text)
        finally:
            listener.end()

    def test_listening_stops_within_two_seconds(self, world: World) -> None:
        listener = Heard(world.twin(), world.start)
        eventually(lambda: listener.beats)
        assert listener.end() < 2.0
        assert listener.error is None

    def test_a_lost_answer_is_unknown_and_found_again(self, world: World) -> None:
        text, answer = words("Kommt es an?"), words("Es kam an.")
        world.ask(text)
        _, question = polled(world, text)
        outgoing = reply(question, answer)
        with world.losing() as adapter, pytest.raises(Unknown):
            adapter.publish(outgoing)
        found = eventually(lambda: world.adapter.lookup(outgoing))
        assert answer in (world.standing(found.ref) or "")
        assert world.ours(answer) == 1

    def test_what_was_never_sent_is_not_found(self, world: World) -> None:
        text = words("Nie beantwortet")
        world.ask(text)
        _, question = polled(world, text)
        an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
        assert world.adapter.lookup(reply(question, words("Nie gesendet"), begun_at=an_hour_ago)) is None

    def test_an_unreachable_network_is_tried_again_later(self, world: World) -> None:
        text = words("Leitung tot")
        world.ask(text)
        _, question = polled(world, text)
        with pytest.raises(RetryLater) as later:
            world.unreachable().publish(reply(question, "Hallo."))
        assert later.value.after.total_seconds() > 0

    def test_lost_credentials_are_told(self, world: World) -> None:
        text = words("Wer darf?")
        world.ask(text)
        _, question = polled(world, text)
        adapter = world.revoked()
        with pytest.raises(AuthLost):
            adapter.poll(world.start)
        with pytest.raises(AuthLost):
            adapter.publish(reply(question, "Hallo."))
        assert not adapter.check().ok

    def test_healthy_credentials_are_told(self, world: World) -> None:
        assert world.adapter.check().ok

    def test_garbage_is_unreadable_and_never_crashes(self, world: World) -> None:
        @given(body=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
        @settings(max_examples=150, deadline=None)
        def read(body: bytes) -> None:
            with contextlib.suppress(Unreadable):
                assert isinstance(world.adapter.parse(body), list)

        read()

    def test_a_stored_event_with_one_byte_changed_never_crashes(self, world: World) -> None:
        text = words("Beschädigt")
        world.ask(text)
        raw, _ = polled(world, text)

        @given(at=st.integers(0, len(raw.body) - 1), byte=st.binary(min_size=1, max_size=1))
        @settings(max_examples=150, deadline=None)
        def read(at: int, byte: bytes) -> None:
            with contextlib.suppress(Unreadable):
                assert isinstance(world.adapter.parse(raw.body[:at] + byte + raw.body[at + 1 :]), list)

        read()


class PublicReplies:
    """Holds where replies have a limited length and stay under our hand."""

    def test_our_echo_is_own_and_in_the_same_thread(self, world: World) -> None:
        text, answer = words("Echo?"), words("Ja, Echo.")
        world.ask(text)
        _, question = polled(world, text)
        world.adapter.publish(reply(question, answer))
        _, echo = polled(world, answer)
        assert echo.own
        assert echo.text == answer
        assert echo.thread == question.thread

    def test_the_same_publish_twice_is_one_post(self, world: World) -> None:
        text, answer = words("Zweimal?"), words("Einmal.")
        world.ask(text)
        _, question = polled(world, text)
        outgoing = reply(question, answer)
        first = world.adapter.publish(outgoing)
        assert world.twin().publish(outgoing).ref == first.ref
        eventually(lambda: world.standing(first.ref))
        assert world.ours(answer) == 1

    def test_two_replies_with_the_same_words_are_two_posts(self, world: World) -> None:
        text, answer = words("Gleicher Text?"), words("Gleicher Text.")
        world.ask(text)
        _, question = polled(world, text)
        refs = {world.adapter.publish(reply(question, answer)).ref.id for _ in range(2)}
        assert len(refs) == 2

    def test_deleting_twice_is_success(self, world: World) -> None:
        text = words("Löschen?")
        world.ask(text)
        _, question = polled(world, text)
        sent = world.adapter.publish(reply(question, words("Gleich weg.")))
        world.adapter.delete(sent.ref)
        world.adapter.delete(sent.ref)
        eventually(lambda: world.standing(sent.ref) is None)

    def test_the_customer_deletes_their_post(self, world: World) -> None:
        text = words("Ich ziehe zurück")
        world.ask(text)
        _, question = polled(world, text)
        world.withdraw(question.ref)
        events = eventually(
            lambda: [e for raw in world.adapter.refresh([question.ref]) for e in world.adapter.parse(raw.body)]
        )
        assert [(event.kind, event.ref.id) for event in events] == [(Kind.DELETED, question.ref.id)]
        again = world.twin().refresh([question.ref])
        assert [raw.key for raw in again] == [raw.key for raw in world.adapter.refresh([question.ref])]

    def test_an_unchanged_post_is_no_news(self, world: World) -> None:
        text = words("Unverändert")
        world.ask(text)
        _, question = polled(world, text)
        assert world.adapter.refresh([question.ref]) == []

    def test_a_colleague_with_another_tool_is_us(self, world: World) -> None:
        text, answer = words("Wer antwortet?"), words("Die Kollegin.")
        world.ask(text)
        _, question = polled(world, text)
        world.elsewhere(answer, question)
        _, event = polled(world, answer)
        assert event.own

    def test_a_text_that_is_too_long_is_refused_before_it_is_sent(self, world: World) -> None:
        text = words("Zu lang?")
        world.ask(text)
        _, question = polled(world, text)
        length = world.adapter.limits(public=True).text
        with pytest.raises(Refused):
            world.adapter.publish(reply(question, "ä" * (length + 1)))

    def test_a_text_at_the_limit_arrives_whole(self, world: World) -> None:
        text = words("Randvoll?")
        world.ask(text)
        _, question = polled(world, text)
        answer = words("Ja")
        room = world.adapter.limits(public=True).text - len(world.adapter.prefix(question.author, public=True))
        sent = world.adapter.publish(reply(question, answer + "ä" * (room - len(answer))))
        assert (eventually(lambda: world.standing(sent.ref)) or "").endswith("ä")

    def test_answering_a_post_that_is_gone_is_refused(self, world: World) -> None:
        text = words("Gleich gelöscht")
        world.ask(text)
        _, question = polled(world, text)
        world.withdraw(question.ref)
        eventually(lambda: world.adapter.refresh([question.ref]))
        with pytest.raises(Refused):
            world.adapter.publish(reply(question, "Zu spät."))


class EditableReplies:
    """Holds where posts can be edited."""

    def test_a_correction_replaces_the_text(self, world: World) -> None:
        text, answer = words("Stimmt das?"), words("Es kostet 5 Euro.")
        world.ask(text)
        _, question = polled(world, text)
        outgoing = reply(question, answer)
        sent = world.adapter.publish(outgoing)
        corrected = reply(question, words("Es kostet 6 Euro."))
        first = world.adapter.edit(sent.ref, corrected)
        second = world.adapter.edit(first.ref, corrected)
        assert second.ref.id == sent.ref.id
        standing = world.standing(sent.ref) or ""
        assert corrected.text in standing
        assert answer not in standing

    def test_the_customer_edits_their_post(self, world: World) -> None:
        text, later = words("Ursprünglich"), words("Geändert")
        world.ask(text)
        raw, question = polled(world, text)
        world.rewrite(question.ref, later)
        news = eventually(lambda: world.adapter.refresh([question.ref]))
        (event,) = world.adapter.parse(news[0].body)
        assert (event.kind, event.text, event.ref.id) == (Kind.EDITED, later, question.ref.id)
        assert news[0].key != raw.key
        assert world.twin().refresh([question.ref])[0].key == news[0].key


class LiveTests:
    """What every adapter promises that can be tried with a real message."""

    def test_a_live_test_works_and_leaves_nothing(self, world: World) -> None:
        with translation.override("en"):
            steps = carry_out(trial(world.adapter, world))
        assert [(step.outcome, step.remedy) for step in steps] == [("done", "")] * len(steps)
        assert steps[-1].what == "It deletes the test."
        assert world.ours("This is a test of hilft and needs no answer.") == 0

    def test_without_a_right_nothing_is_written(self, world: World) -> None:
        steps = carry_out(trial(world.revoked(), world))
        assert [step.outcome for step in steps] == ["failed"] + ["left"] * (len(steps) - 1)
        assert steps[0].remedy

    def test_a_network_that_does_not_answer_is_said(self, world: World) -> None:
        steps = carry_out(trial(world.unreachable(), world))
        assert [step.outcome for step in steps] == ["failed"] + ["left"] * (len(steps) - 1)
        assert steps[0].said


def trial(adapter: Channel, world: World) -> Sequence[Task]:
    """The steps of a live test, in the world's room where a network has rooms."""
    return cast(Trying, adapter).trial(str(getattr(world, "room", "")), lambda _ref: False)
