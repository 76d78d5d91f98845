"""Mails of hilft to people who work here: who should look at something now."""

import uuid
from collections.abc import Iterable

from django.conf import settings

from hilft.base.queue import enqueue
from hilft.channels.queries import first_mail_account
from hilft.people.models import User


def write(people: Iterable[User], subject: str, text: str, *, path: str) -> None:
    """Mails where the installation has a mail account, with where to look; the desk itself shows it in any case."""
    if first_mail_account() is None:
        return
    body = f"{text}\n\n{settings.HILFT.public_url}{path}"
    for user in people:
        enqueue("channels.mail", to=user.email, subject=subject, text=body, key=uuid.uuid4().hex)
