"""The e-mail adapter against a real mail server: what it can, what it sends, and what it finds of that."""

from __future__ import annotations

from typing import Any

import pytest

from hilft.channels.contract import AuthLost, Can, Outgoing, Person, Refused, RetryLater, Unknown
from tests.channels.contract_suite import ContractSuite
from tests.channels.email.world import LENA, MailWorld, asked
from tests.channels.world import Heard, polled, reply, words


class TestContract(ContractSuite):
    """E-mail keeps what a channel without edits can keep."""


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
