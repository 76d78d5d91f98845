"""Mails to people inside: who is told, and how."""

import uuid
from collections.abc import Iterable

from django.conf import settings

from hilft.base.queue import enqueue
from hilft.channels.queries import first_mail_account
from hilft.inbox.models import Conversation
from hilft.people.models import User
from hilft.people.queries import active_staff


def leads_of(conversation: Conversation) -> list[User]:
    """The leads of the conversation's team; all leads where it has no team or the team no lead."""
    leads = active_staff().filter(roles__contains=["lead"])
    own = list(leads.filter(teams=conversation.team_id)) if conversation.team_id else []
    return own or list(leads)


def looks_after(conversation: Conversation) -> list[User]:
    """The assignee, or the leads of a conversation that nobody has."""
    return [conversation.assignee] if conversation.assignee else leads_of(conversation)


def write(people: Iterable[User], subject: str, text: str, *, path: str) -> None:
    """Mails where the installation has a mail account; the desk itself shows it in any case."""
    if first_mail_account() is None:
        return
    body = f"{text}\n\n{settings.HILFT.public_url}{path}"
    for user in people:
        enqueue("channels.mail", to=user.email, subject=subject, text=body, key=uuid.uuid4().hex)
