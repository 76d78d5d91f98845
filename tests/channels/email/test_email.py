"""The e-mail adapter against a real mail server."""

from __future__ import annotations

import contextlib
import email
import email.policy
import smtplib
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from django.utils import translation

from hilft.channels import trying
from hilft.channels.contract import (
    AuthLost,
    Can,
    Channel,
    Config,
    Event,
    Outgoing,
    Person,
    Ref,
    Refused,
    RetryLater,
    Unknown,
)
from hilft.channels.email.adapter import Adapter
from hilft.channels.ledger import packaged
from hilft.channels.trying import carry_out
from tests.channels.contract_suite import ContractSuite, Heard, events, eventually, polled, reply, words
from tests.peers.mail import BRAND, DOMAIN, PASSWORD, SENT, Mail, question
from tests.peers.process import free_port
from tests.peers.proxy import lossy_proxy

LENA = f"lena@{DOMAIN}"


class MailWorld:
    """The brand's mailbox on the test server; the customer's is there as well."""

    def __init__(self, server: Mail) -> None:
        self.server = server
        self._adapter = self.made(sent_by_server=True)
        server.files_sent.set()
        self.start = self._adapter.poll("")[1]

    @property
    def adapter(self) -> Channel:
        return self._adapter

    def made(self, **settings: Any) -> Adapter:
        values = {
            "address": BRAND,
            "name": "Telko hilft",
            "inbound": "imap",
            "imap_host": "127.0.0.1",
            "imap_port": self.server.imap_port,
            "imap_tls": "none",
            "imap_sent": SENT,
            "smtp_host": "127.0.0.1",
            "smtp_port": self.server.smtp_port,
            "smtp_tls": "none",
            "smtp_user": BRAND,
            "smtp_timeout_seconds": 5,
        }
        secrets = {"imap_password": PASSWORD, "smtp_password": PASSWORD, "token_key": "a key"}
        return Adapter(
            Config(account="3", handle=BRAND, settings=values | settings, secrets=secrets, facts=packaged("email"))
        )

    def twin(self) -> Channel:
        return self.made(sent_by_server=True)

    def ask(self, text: str, who: str = "lena") -> None:
        self.server.deliver(BRAND, question(text, sender=f"Lena Kunde <{who}@{DOMAIN}>"))

    def standing(self, ref: Ref) -> str | None:
        found = [mail for mail in self.letters() if mail["Message-ID"] == f"<{ref.id}>"]
        return str(found[0].get_content()) if found else None

    def letters(self) -> list[EmailMessage]:
        """What the customer has in her mailbox."""
        mails = (email.message_from_bytes(mail, policy=email.policy.default) for mail in self.server.mails(LENA))
        return [mail for mail in mails if isinstance(mail, EmailMessage)]

    def ours(self, text: str) -> int:
        return sum(text in mail.get_content() for mail in self.letters())

    @contextlib.contextmanager
    def losing(self) -> Iterator[Channel]:
        with lossy_proxy(self.server.smtp_port, after=b"\r\n.\r\n") as proxy:
            proxy.losing.set()
            yield self.made(smtp_port=proxy.port, sent_by_server=True)

    def unreachable(self) -> Channel:
        return self.made(imap_port=free_port(), smtp_port=free_port())

    def revoked(self) -> Channel:
        mailbox = f"{words('alt').replace(' ', '-')}@{DOMAIN}"
        self.server.allow(mailbox)
        adapter = self.made(imap_user=mailbox, smtp_user=mailbox)
        eventually(lambda: adapter.check().ok)
        self.server.allow(mailbox, "changed")
        eventually(lambda: "mailbox" in adapter.check().message)
        return adapter

    def withdraw(self, ref: Ref) -> None:
        raise NotImplementedError

    def rewrite(self, ref: Ref, text: str) -> None:
        raise NotImplementedError

    def elsewhere(self, text: str, question: Event) -> None:
        raise NotImplementedError


@pytest.fixture
def world(mail: Mail) -> MailWorld:
    return MailWorld(mail)


class TestContract(ContractSuite):
    """E-mail keeps what a channel without edits can keep."""


def asked(world: MailWorld, text: str, **headers: str) -> Event:
    text = words(text)
    world.server.deliver(BRAND, question(text, sender=f"Lena Kunde <{LENA}>", **headers))
    return polled(world, text)[1]


def answered(world: MailWorld, asked: Event, text: str = "Antwort.", **fields: Any) -> EmailMessage:
    """Our reply as the customer has it."""
    sent = world.adapter.publish(reply(asked, words(text), **fields))
    (letter,) = [mail for mail in world.letters() if mail["Message-ID"] == f"<{sent.ref.id}>"]
    return letter


def test_what_a_mail_can_and_cannot(world: MailWorld) -> None:
    ref = asked(world, "Was geht?").ref
    assert world.adapter.can() == Can.POLL | Can.STREAM | Can.PRIVATE
    assert [world.adapter.allowed(action, ref).ok for action in ("reply", "private", "edit", "delete")] == [
        False,
        True,
        False,
        False,
    ]
    assert world.adapter.refresh([ref]) == []
    with pytest.raises(Refused):
        world.adapter.edit(ref, Outgoing(idempotency="a" * 32, text="Neu."))
    with pytest.raises(Refused):
        world.adapter.delete(ref)


def test_a_mail_is_never_public(world: MailWorld) -> None:
    with pytest.raises(Refused):
        world.adapter.publish(reply(asked(world, "Öffentlich?"), "Nein.", public=True))


def test_a_reply_threads_in_every_mail_program(world: MailWorld) -> None:
    first = asked(world, "Anfang", Subject="Kein Netz")
    letter = answered(world, first)
    assert letter["Subject"] == "Re: Kein Netz"
    assert letter["In-Reply-To"] == f"<{first.ref.id}>"
    assert letter["References"] == f"<{first.ref.id}>"
    assert letter["Auto-Submitted"] is None
    second = asked(
        world,
        "Weiter",
        In_Reply_To=letter["Message-ID"],
        References=f"{letter['References']} {letter['Message-ID']}",
        Subject="AW: Kein Netz",
    )
    assert second.thread == first.thread
    assert second.root == first.root
    again = answered(world, second)
    assert again["Subject"] == "AW: Kein Netz"
    assert again["References"].split() == [f"<{first.ref.id}>", f"<{second.ref.id}>"]


@pytest.mark.parametrize("headers", [("In-Reply-To",), ("References",), ("In-Reply-To", "References"), ()])
def test_an_answer_finds_its_thread_with_any_header_or_the_address_alone(
    world: MailWorld, headers: tuple[str, ...]
) -> None:
    first = asked(world, "Anfang")
    letter = answered(world, first)
    text = words("Die Antwort der Kundin")
    mail = question(
        text, sender=LENA, to=letter["Reply-To"], **{name.replace("-", "_"): letter["Message-ID"] for name in headers}
    )
    world.server.deliver(BRAND, mail)
    _, second = polled(world, text)
    assert second.thread == first.thread
    third = answered(world, second)
    text = words("Und noch eine")
    mail = question(text, In_Reply_To=third["Message-ID"], References=f"{third['References']} {third['Message-ID']}")
    world.server.deliver(BRAND, mail)
    assert polled(world, text)[1].thread == first.thread


def test_a_forged_token_leads_nowhere(world: MailWorld) -> None:
    first = asked(world, "Fremdes Anliegen")
    local, _, domain = BRAND.partition("@")
    text = words("Gefälscht")
    world.server.deliver(BRAND, question(text, to=f"{local}+{first.thread}{'0' * 16}@{domain}"))
    assert polled(world, text)[1].thread != first.thread


def test_our_own_mail_is_own_and_a_forged_one_is_not(world: MailWorld) -> None:
    first = asked(world, "Echo")
    outgoing = reply(first, words("Unsere Worte"))
    sent = world.adapter.publish(outgoing)
    (echo,) = [mail for mail in world.server.mails(LENA) if sent.ref.id.encode() in mail]
    (event,) = world.adapter.parse(echo)
    assert (event.own, event.ref, event.thread, event.text) == (True, sent.ref, first.thread, outgoing.text)
    forged = echo.replace(sent.ref.id.encode(), b"0" * 64 + b"@" + DOMAIN.encode())
    assert not world.adapter.parse(forged)[0].own


@pytest.mark.parametrize(
    ("headers", "automatic"),
    [
        ({}, False),
        ({"Auto_Submitted": "no"}, False),
        ({"Auto_Submitted": "auto-replied"}, True),
        ({"Auto_Submitted": "auto-generated; owner-email=x"}, True),
        ({"Precedence": "bulk"}, True),
        ({"Precedence": "Junk"}, True),
        ({"Precedence": "list"}, True),
        ({"Precedence": "first-class"}, False),
        ({"List_Id": "<news.kunde.example>"}, True),
    ],
)
def test_machines_are_recognised(world: MailWorld, headers: dict[str, str], automatic: bool) -> None:
    assert asked(world, "Bin ich ein Mensch?", **headers).automatic is automatic


def test_a_null_sender_is_a_machine_and_gets_no_mail(world: MailWorld) -> None:
    text = words("Unzustellbar")
    mail = question(text, sender="MAILER-DAEMON@mx.example")
    with smtplib.LMTP("127.0.0.1", world.server.lmtp_port) as server:
        server.sendmail("", [BRAND], mail)
    _, event = polled(world, text)
    assert event.automatic
    with pytest.raises(Refused):
        world.adapter.publish(reply(event, "Antwort an niemanden."))


def test_a_bounce_finds_the_thread_of_the_mail_that_came_back(world: MailWorld) -> None:
    first = asked(world, "Kommt zurück")
    letter = answered(world, first)
    bounce = (
        f"From: MAILER-DAEMON@mx.example\r\nTo: {BRAND}\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nCould not be delivered.\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {letter['Message-ID']}\r\n\r\n--b--\r\n"
    )
    (event,) = world.adapter.parse(bounce.encode())
    assert (event.thread, event.automatic, event.text) == (first.thread, True, "Could not be delivered.")


def test_only_an_automatic_mail_says_so(world: MailWorld) -> None:
    assert answered(world, asked(world, "Eingang?"), "Eingegangen.", automatic=True)["Auto-Submitted"] == "auto-replied"


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": "Hallo\r\nBcc: all@kunde.example"},
        {"references": ("a@b\r\nBcc: all@kunde.example",)},
        {"to": Person(id="x", handle="lena@kunde.example\r\nBcc: all@kunde.example")},
        {"to": Person(id="x", handle="lena@kunde.example", name="Lena\nBcc: all@kunde.example")},
        {"to": Person(id="x", handle="lena@kunde.example, all@kunde.example")},
        {"to": Person(id="x", handle="")},
        {"to": Person(id="x", handle="<>")},
        {"to": None},
    ],
)
def test_nothing_can_be_slipped_into_a_header(world: MailWorld, fields: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        world.adapter.publish(reply(asked(world, "Harmlos?"), "Harmlos.", **fields))


def test_the_text_survives_dots_long_lines_and_every_letter(world: MailWorld) -> None:
    first = asked(world, "Text?")
    text = words(".Punkt am Anfang   \n..\nFrom hier an – äöüß 👨‍👩‍👧‍👦 " + "lang " * 400)
    sent = world.adapter.publish(reply(first, text))
    assert (world.standing(sent.ref) or "").splitlines() == [line.rstrip() for line in text.split("\n")]


def test_another_uidvalidity_means_everything_again_with_the_same_keys(world: MailWorld) -> None:
    for number in range(3):
        asked(world, f"Nummer {number}")
    before, cursor = world.adapter.poll("")
    world.server.renumber(BRAND)
    after, again = world.adapter.poll(cursor)
    assert {raw.key for raw in after} == {raw.key for raw in before}
    assert again.split(":")[0] != cursor.split(":")[0]
    assert world.adapter.poll(again) == ([], again)


def test_a_mail_is_seen_only_once_it_is_stored(world: MailWorld) -> None:
    text = words("Ungesehen")
    world.ask(text)
    listening = world.twin().listen(world.start, threading.Event())
    raws, _ = next(batch for batch in listening if batch[0])
    assert text.encode() in raws[0].body
    assert not [mail for mail in world.server.seen(BRAND) if text.encode() in mail]
    world.ask("Die nächste")
    next(listening)
    assert [mail for mail in world.server.seen(BRAND) if text.encode() in mail]
    listening.close()  # type: ignore[attr-defined]


def test_polling_leaves_mails_unseen(world: MailWorld) -> None:
    first = asked(world, "Nur geschaut")
    assert not [mail for mail in world.server.seen(BRAND) if first.text.encode() in mail]


def test_one_damaged_mail_does_not_block_the_mailbox(world: MailWorld) -> None:
    world.server.deliver(BRAND, b"this is not a mail \xff\xfe\r\n\r\n\x00\x01")
    first = asked(world, "Danach")
    assert first.text


def test_the_same_mail_twice_has_one_key(world: MailWorld) -> None:
    text = words("Zweimal")
    mail = question(text)
    world.server.deliver(BRAND, mail)
    world.server.deliver(BRAND, mail)
    raws, _ = world.adapter.poll(world.start)
    assert len({raw.key for raw in raws if text.encode() in raw.body}) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [("451 4.7.1 Greylisted", RetryLater), ("552 5.2.2 Mailbox full", Refused), ("550 5.1.1 Unknown", Refused)],
)
def test_a_refused_recipient_is_refused_or_later(world: MailWorld, answer: str, error: type[Exception]) -> None:
    first = asked(world, "Voll?")
    world.server.refusals[LENA] = answer
    try:
        with pytest.raises(error) as refused:
            world.adapter.publish(reply(first, "Antwort."))
        if isinstance(refused.value, RetryLater):
            assert refused.value.scope == "target"
    finally:
        world.server.refusals.clear()


def test_a_wrong_password_for_sending_is_told(world: MailWorld) -> None:
    first = asked(world, "Passwort?")
    with pytest.raises(AuthLost):
        world.made(smtp_user=LENA + "x").publish(reply(first, "Antwort."))


@pytest.mark.parametrize("tls", ["ssl", "starttls"])
def test_connections_are_encrypted_and_the_servers_are_checked(
    world: MailWorld, tls: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = world.server
    ports = {"imap_port": server.imaps_port if tls == "ssl" else server.imap_port}
    ports["smtp_port"] = server.smtps_port if tls == "ssl" else server.starttls_port
    adapter = world.made(imap_tls=tls, smtp_tls=tls, sent_by_server=True, **ports)
    with pytest.raises(RetryLater):
        adapter.check()
    monkeypatch.setenv("SSL_CERT_FILE", str(server.authority))
    assert adapter.check().ok
    text = words("Verschlüsselt?")
    world.ask(text)
    _, question = polled(world, text)
    sent = adapter.publish(reply(question, "Ja."))
    assert world.standing(sent.ref)
    listener = Heard(adapter, world.start)
    try:
        listener.heard(text)
        text = words("Und im Warten?")
        world.ask(text)
        listener.heard(text)
    finally:
        assert listener.end() < 2.0


def test_a_mail_we_file_ourselves_is_found_but_its_absence_proves_nothing(world: MailWorld) -> None:
    first = asked(world, "Abgelegt?")
    world.server.files_sent.clear()
    adapter, outgoing = world.made(), reply(first, words("Abgelegt."))
    with pytest.raises(Unknown):
        adapter.lookup(outgoing)
    sent = adapter.publish(outgoing)
    found = adapter.lookup(outgoing)
    assert found is not None
    assert found.ref == sent.ref


def test_the_absence_of_a_mail_proves_nothing_while_it_may_still_be_on_its_way(world: MailWorld) -> None:
    with pytest.raises(Unknown):
        world.adapter.lookup(reply(asked(world, "Unterwegs?"), words("Vielleicht.")))


def test_without_a_folder_of_sent_mails_nobody_can_tell(world: MailWorld) -> None:
    with pytest.raises(Unknown):
        world.made(imap_sent="").lookup(reply(asked(world, "Wo?"), "Antwort."))


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


class TestLiveTest:
    """A mail to the own address comes back by the account's own listening, and is nobody's question."""

    def test_it_comes_back_and_is_known_as_ours(self, world: MailWorld) -> None:
        read: list[Event] = []

        def heard(ref: Ref) -> bool:
            read[:] = [event for _, event in events(world.adapter, world.adapter.poll(world.start)[0])]
            return any(event.ref.id == ref.id for event in read)

        steps = carry_out(world.made().trial("", heard))
        assert [step.outcome for step in steps] == ["done"] * 3
        assert [event.own for event in read if event.automatic and event.author and event.author.handle == BRAND] == [
            True
        ]

    def test_a_mail_that_does_not_come_in_is_said(self, world: MailWorld, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(trying, "PATIENCE", 0.1)
        with translation.override("en"):
            steps = carry_out(world.made().trial("", lambda _ref: False))
        assert [step.outcome for step in steps] == ["done", "done", "failed"]
        assert steps[-1].said == "The mail was sent and has not come in."
