"""The practice mail server keeps customers' mail, forwards the brand's, and loses nothing while hilft is down."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import pytest

from tests.practice.conftest import free_port, peer, receiving, until


class Office(NamedTuple):
    """A running mail server."""

    smtp: int
    url: str
    receiver: int

    def send(self, to: str, subject: str = "Betreff", text: str = "Größe Grüße\r\n") -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = "Katja <katja@post.example>", to, subject
        message.set_content(text)
        with smtplib.SMTP("127.0.0.1", self.smtp) as server:
            server.send_message(message)

    def read(self, path: str) -> httpx2.Response:
        return httpx2.get(f"{self.url}{path}", trust_env=False)

    def queue(self) -> dict[str, int]:
        counts: dict[str, int] = self.read("/queue.json").json()
        return counts


@contextmanager
def running(state: Path, receiver: int) -> Iterator[Office]:
    smtp, web = free_port(), free_port()
    arguments = ["--smtp-port", str(smtp), "--web-port", str(web), "--deliver-to", f"127.0.0.1:{receiver}"]
    with peer("mail", *arguments, "--state", str(state)) as ready:
        yield Office(smtp, ready["url"], receiver)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with running(tmp_path, free_port()) as office:
        yield office


def test_customers_mail_lands_in_their_mailbox(office: Office) -> None:
    office.send("Yusuf.Demir@mail.example", "Ihre Frage – Antwort")
    [mail] = office.read("/box/yusuf.demir@mail.example.json").json()
    assert mail["headers"]["subject"] == "Ihre Frage – Antwort"
    assert mail["text"].strip() == "Größe Grüße"
    assert "Ihre Frage – Antwort" in office.read("/box/yusuf.demir%40mail.example").text
    assert "yusuf.demir@mail.example" in office.read("/").text


def test_the_brands_mail_is_forwarded_as_it_came(office: Office) -> None:
    with receiving(office.receiver) as hilft:
        office.send("Kontakt+abc123@nordnetz.example")
        until(lambda: hilft.mails, "the forwarded mail")
    [(sender, recipients, content)] = hilft.mails
    assert (sender, recipients) == ("katja@post.example", ["Kontakt+abc123@nordnetz.example"])
    assert b"From: Katja <katja@post.example>" in content
    assert until(lambda: office.queue()["delivered"], "the count") == 1


def test_mail_waits_while_hilft_is_down_and_survives_a_restart(tmp_path: Path) -> None:
    receiver = free_port()
    with running(tmp_path, receiver) as office:
        for number in range(3):
            office.send("kontakt@nordnetz.example", f"Nummer {number}")
        assert office.queue() == {"waiting": 3, "refused": 0, "delivered": 0}
        assert "3 Mails an die Marke warten" in office.read("/").text
    with running(tmp_path, receiver) as office, receiving(receiver) as hilft:
        until(lambda: len(hilft.mails) == 3, "the mails that waited")
        until(lambda: office.queue()["waiting"] == 0, "an empty queue")
    assert [b"Nummer %d" % number in mail for number, (_, _, mail) in enumerate(hilft.mails)] == [True] * 3


def test_a_mail_refused_for_now_waits_and_one_refused_for_good_is_put_aside(office: Office) -> None:
    with receiving(office.receiver) as hilft:
        hilft.answer = "451 later"
        office.send("kontakt@nordnetz.example", "Später")
        until(lambda: office.queue()["waiting"], "the waiting mail")
        hilft.answer = "554 never"
        until(lambda: office.queue()["refused"], "the refused mail")
        hilft.answer = "250 OK"
        office.send("kontakt@nordnetz.example", "Gut")
        until(lambda: hilft.mails, "the next mail")
    assert office.queue() == {"waiting": 0, "refused": 1, "delivered": 1}


def test_addresses_outside_fiction_do_not_exist(office: Office) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        office.send("someone@gmail.com")
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        office.send("someone@example.org")


def test_a_mailbox_name_cannot_leave_its_folder(office: Office) -> None:
    assert office.read("/box/..%2F..%2Fqueue.json").json() == []
    office.send("..%2Fx@y.example")
    assert list(addresses(office)) == ["..%2fx@y.example"]


def test_unknown_pages_and_the_policy(office: Office) -> None:
    assert office.read("/nirgends").status_code == 404
    assert office.read("/box/nobody@post.example").status_code == 404
    assert office.read("/").headers["content-security-policy"].startswith("default-src 'none'")


def addresses(office: Office) -> Any:
    page = office.read("/").text
    return [part.partition("</a>")[0].rpartition(">")[2] for part in page.split('<li><a href="/box/')[1:]]
