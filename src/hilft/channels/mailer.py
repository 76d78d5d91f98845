"""Mail that hilft itself sends (verification, password reset), through the first connected mail account."""

import uuid
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from hilft.channels.contract import Outgoing, Person
from hilft.channels.queries import first_mail_account
from hilft.channels.registry import adapter_of


class NoMailAccount(Exception):
    """There is no connected mail account to send from."""


class Backend(BaseEmailBackend):
    """Django's mail, sent as one of our own accounts."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            for address in message.recipients():
                send(to=address, subject=str(message.subject), text=str(message.body))
        return len(email_messages)


def send(*, to: str, subject: str, text: str, key: str = "") -> None:
    """Sends one mail now; the same key gives the same Message-ID. Raises NoMailAccount or a ChannelError."""
    account = first_mail_account()
    if account is None:
        raise NoMailAccount("Connect a mail account first: there is none to send from.")
    adapter_of(account).publish(
        Outgoing(
            idempotency=key or uuid.uuid4().hex,
            text=text,
            to=Person(id=to, handle=to),
            public=False,
            subject=subject,
            automatic=True,
        )
    )
