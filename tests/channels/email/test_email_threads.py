"""Which conversation a mail belongs to, and whose it is: ours, a customer's or a machine's."""

from __future__ import annotations

import smtplib

import pytest

from hilft.channels.contract import Refused
from tests.channels.email.world import LENA, MailWorld, answered, asked
from tests.channels.world import polled, reply, words
from tests.peers.mail import BRAND, DOMAIN, question


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
