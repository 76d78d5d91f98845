"""A department that is reached by mail, over a real mail server: how it is made, and how it writes back."""

import email
import email.policy
import uuid
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

from hilft.base.clock import now
from hilft.channels.commands import store
from hilft.channels.registry import adapter_of
from hilft.escalation.commands.handovers import hand_over
from hilft.escalation.commands.sending import send
from hilft.escalation.commands.settings import save_department, save_level
from hilft.escalation.models import Department, Dispatch, HandOver
from hilft.inbox.intake import read_new_events
from hilft.inbox.models import Conversation
from tests import factories
from tests.peers.mail import BRAND, DOMAIN, Mail, question
from tests.peers.mailbox import connected

TECHNIK, VERTRETUNG, LEITUNG = (f"{name}@{DOMAIN}" for name in ("technik", "vertretung", "leitung"))


class Post:
    """The mail account and a department with two levels; each test looks only at its own mails."""

    def __init__(self, server: Mail) -> None:
        self.server = server
        self.account = connected(server)
        store(self.account, [], cursor=adapter_of(self.account).poll("")[1])
        self.department = self.named("Technik")

    def named(self, name: str, **fields: Any) -> Department:
        """A department with an owner, a deputy, and a head on its second level."""
        made = save_department(by=None, name=name, topics=["Störung"], reach="mail", account=self.account, **fields)
        times = {"acknowledge_minutes": 60, "answer_minutes": 240}
        save_level(by=None, department=made, name="Schicht", address=TECHNIK, deputy_address=VERTRETUNG, **times)
        save_level(by=None, department=made, name="Leitung", address=LEITUNG, **times)
        return made

    def asked(self, conversation: Conversation, **fields: Any) -> HandOver:
        """Handed over by an agent; nothing has left yet."""
        by = factories.staff("agent")
        words = "Bitte prüfen Sie die Leitung."
        return hand_over(by=by, conversation=conversation, department=self.department, asked=words, **fields)

    def leave(self) -> None:
        """What is on its way leaves."""
        for pk in Dispatch.objects.filter(state__in=["queued", "sending"]).order_by("pk").values_list("pk", flat=True):
            Dispatch.objects.filter(pk=pk, due_at__gt=now()).update(due_at=now() - timedelta(seconds=1))
            send(pk)

    def handed(self, conversation: Conversation, **fields: Any) -> HandOver:
        """Handed over, and the mail has left."""
        found = self.asked(conversation, **fields)
        self.leave()
        found.refresh_from_db()
        return found

    def got(self, handover: HandOver, address: str = TECHNIK) -> list[EmailMessage]:
        """The mails of one hand-over in a department's mailbox, oldest first."""
        mails = [email.message_from_bytes(raw, policy=email.policy.default) for raw in self.server.mails(address)]
        return [mail for mail in mails if isinstance(mail, EmailMessage) and handover.thread in str(mail["Reply-To"])]

    def writes(self, text: str, *, to: str, sender: str = f"Tina Technik <{TECHNIK}>", **headers: str) -> bytes:
        """A mail from outside reaches our mailbox; its bytes, to be delivered again."""
        mail = question(text, sender=sender, to=to, **headers)
        self.server.deliver(BRAND, mail)
        return mail

    def hear(self) -> None:
        """We look into our mailbox and read what is there."""
        self.account.refresh_from_db()
        raws, cursor = adapter_of(self.account).poll(self.account.cursor)
        store(self.account, raws, cursor=cursor)
        while read_new_events():
            pass


def body(mail: EmailMessage) -> str:
    """A mail's words."""
    return str(mail.get_body().get_content())  # type: ignore[union-attr]  # a text


def report(to: str, message_id: str, *, action: str = "failed") -> bytes:
    """What a mail server says of a mail that it could not deliver (RFC 3464)."""
    return (
        f"From: MAILER-DAEMON@mx.example\r\nTo: {to}\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        f"Message-ID: <{uuid.uuid4().hex}@mx.example>\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nNo such mailbox.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {TECHNIK}\r\nAction: {action}\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\n\r\n--b--\r\n"
    ).encode()
