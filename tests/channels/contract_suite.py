"""What every adapter promises, asked of each against its real peer."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hilft.channels.contract import AuthLost, Kind, Refused, RetryLater, Unknown, Unreadable
from tests.channels.world import Heard, World, eventually, polled, reply, words


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


class KeylessReplies(PublicReplies):
    """Holds where a network knows no keys, as Meta's do not: a repetition looks first."""

    def test_the_same_publish_twice_is_one_post(self, world: World) -> None:
        """As the outbox does where `idempotent` is False: it asks `lookup`, and sends only what is not there."""
        text, answer = words("Zweimal?"), words("Einmal.")
        world.ask(text)
        _, question = polled(world, text)
        outgoing = reply(question, answer)
        assert not world.adapter.idempotent
        assert world.adapter.lookup(outgoing) is None
        first = world.adapter.publish(outgoing)
        again = world.twin().lookup(outgoing)
        assert again is not None
        assert again.ref == first.ref
        assert world.ours(answer) == 1


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
