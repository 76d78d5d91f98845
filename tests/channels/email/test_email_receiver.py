"""Mail that is handed over directly is accepted when it is stored, and only then."""

from __future__ import annotations

import contextlib
import smtplib
import threading

import pytest

from hilft.channels.contract import Can
from hilft.channels.email.adapter import Adapter
from tests.channels.email.world import LENA, MailWorld
from tests.channels.world import Heard, eventually, words
from tests.peers.mail import BRAND, DOMAIN, question
from tests.peers.process import free_port


class TestReceiver:
    """Mail handed over directly is accepted when it is stored, and only then."""

    @pytest.fixture(params=["smtp", "lmtp"])
    def receiver(self, world: MailWorld, request: pytest.FixtureRequest) -> tuple[Adapter, type[smtplib.SMTP], int]:
        port = free_port()
        adapter = world.made(inbound="receiver", receiver_port=port, receiver_protocol=request.param)
        return adapter, smtplib.LMTP if request.param == "lmtp" else smtplib.SMTP, port

    def test_what_is_stored_is_accepted(self, receiver: tuple[Adapter, type[smtplib.SMTP], int]) -> None:
        adapter, client, port = receiver
        text = words("Direkt")
        listener = Heard(adapter, "")
        try:
            eventually(lambda: listener.beats)
            with client("127.0.0.1", port) as server:
                recipients = [BRAND, BRAND.replace("@", "+irgendwas@")]
                assert server.sendmail(LENA, recipients, question(text)) == {}
                if client is smtplib.LMTP:  # the second recipient's own answer, which this client leaves unread
                    assert server.getreply()[0] == 250
            _, event = listener.heard(text)
        finally:
            assert listener.end() < 2.0
        assert event.text == text
        assert not event.automatic

    def test_what_is_not_stored_comes_again(self, receiver: tuple[Adapter, type[smtplib.SMTP], int]) -> None:
        adapter, client, port = receiver

        def listen_and_fail() -> None:
            with contextlib.suppress(OSError):
                for raws, _ in adapter.listen("", threading.Event()):
                    ready.set()
                    if raws:
                        raise OSError("the database is away")

        ready = threading.Event()
        thread = threading.Thread(target=listen_and_fail)
        thread.start()
        assert ready.wait(10)
        with client("127.0.0.1", port) as server, pytest.raises(smtplib.SMTPException) as refused:
            server.sendmail(LENA, [BRAND], question("Nicht gespeichert"))
        thread.join(10)
        assert "451" in str(refused.value)

    def test_others_mail_and_giants_are_refused(self, receiver: tuple[Adapter, type[smtplib.SMTP], int]) -> None:
        adapter, client, port = receiver
        listener = Heard(adapter, "")
        try:
            eventually(lambda: listener.beats)
            with client("127.0.0.1", port) as server, pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
                server.sendmail(LENA, [f"chef@{DOMAIN}"], question("Falsch"))
            assert refused.value.recipients[f"chef@{DOMAIN}"][0] == 550
            with client("127.0.0.1", port) as server, pytest.raises(smtplib.SMTPException) as large:
                server.sendmail(LENA, [BRAND], question("x" * 11_000_000))
            assert "552" in str(large.value)
        finally:
            listener.end()
        assert listener.raws == []

    def test_a_null_sender_is_a_machine(self, receiver: tuple[Adapter, type[smtplib.SMTP], int]) -> None:
        adapter, client, port = receiver
        text = words("Unzustellbar")
        listener = Heard(adapter, "")
        try:
            eventually(lambda: listener.beats)
            with client("127.0.0.1", port) as server:
                server.sendmail("", [BRAND], question(text))
            assert b"Return-Path: <>" in listener.heard(text)[0].body
            assert listener.heard(text)[1].automatic
        finally:
            listener.end()

    def test_a_receiver_cannot_be_polled(self, receiver: tuple[Adapter, type[smtplib.SMTP], int]) -> None:
        adapter, _, _ = receiver
        assert adapter.poll("") == ([], "")
        assert Can.POLL not in adapter.can()
