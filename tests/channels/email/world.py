"""The brand's mailbox on a real mail server, and a customer who writes to it."""

from __future__ import annotations

import contextlib
import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

from hilft.channels.contract import Channel, Config, Event, Ref
from hilft.channels.email.adapter import Adapter
from hilft.channels.ledger import packaged
from tests.channels.world import eventually, polled, reply, words
from tests.peers import mailbox
from tests.peers.mail import BRAND, DOMAIN, SENT, Mail, question
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
        values = mailbox.settings(self.server, **{"imap_sent": SENT} | settings)
        return Adapter(
            Config(account="3", handle=BRAND, settings=values, secrets=mailbox.SECRETS, facts=packaged("email"))
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


def asked(world: MailWorld, text: str, **headers: str) -> Event:
    text = words(text)
    world.server.deliver(BRAND, question(text, sender=f"Lena Kunde <{LENA}>", **headers))
    return polled(world, text)[1]


def answered(world: MailWorld, asked: Event, text: str = "Antwort.", **fields: Any) -> EmailMessage:
    """Our reply as the customer has it."""
    sent = world.adapter.publish(reply(asked, words(text), **fields))
    (letter,) = [mail for mail in world.letters() if mail["Message-ID"] == f"<{sent.ref.id}>"]
    return letter
