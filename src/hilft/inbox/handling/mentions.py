"""Notes speak to colleagues by @name: who is meant, and who has not read it yet."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import F, QuerySet

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.base.prepared import Given, prepared
from hilft.inbox.enums import Direction
from hilft.inbox.handling.models import Mention
from hilft.inbox.models import Conversation, Message
from hilft.people.models import User
from hilft.people.queries import active_staff

AT: Final = re.compile(r"(?<!\w)@(\w[\w.’'-]*(?: \w[\w.’'-]*)*)")


def meant(text: str) -> list[User]:
    """The colleagues that a text speaks to: by full name, or by first name where only one has it."""
    staff = list(active_staff())
    first = [person.name.split()[0].casefold() for person in staff if person.name.split()]
    found: dict[int, User] = {}
    for said in AT.findall(text):
        words = said.casefold().split()
        for person in staff:
            name = person.name.casefold().split()
            alone = first.count(name[0]) == 1 if name else False
            if name and (words[: len(name)] == name or (alone and _bare(words[0]) == name[0])):
                found[person.pk] = person
    return list(found.values())


def mention(note: Message) -> list[Mention]:
    """Tells whoever the note speaks to; its author needs no word of it."""
    told = [Mention(note=note, user=person) for person in meant(note.text) if person.pk != note.author_id]
    made = Mention.objects.bulk_create(told, ignore_conflicts=True)
    if made:
        tell("mentions", note=note.pk)
    return made


def written(conversation: Conversation, text: str, *, author: User | None, at: datetime) -> Message:
    """A note in the thread, as a part of the command that leaves it; by nobody where it came from outside."""
    return Message.objects.create(
        conversation=conversation,
        account_id=conversation.account_id,
        direction=Direction.NOTE,
        text=text,
        author=author,
        at=at,
        changed_at=at,
    )


@transaction.atomic
def speak_to(*, by: User | None, conversation: Conversation, text: str, to: Iterable[User]) -> Message:
    """Leaves an internal note for these people, who are told of it like of one that names them."""
    note = written(conversation, text, author=by, at=now())
    told = Mention.objects.bulk_create([Mention(note=note, user=person) for person in to])
    record(by=by, verb="inbox.note", subject=note, conversation=conversation.pk, told=[one.user_id for one in told])
    tell("mentions", note=note.pk)
    tell(f"conversation-{conversation.pk}")
    return note


def read_in(*, by: User, conversation: Conversation) -> None:
    """Whoever opens a conversation has read what its notes say to them; mostly nothing."""
    unread = [mention.pk for mention in _unread(conversation.pk, by.pk)]
    if unread:
        Mention.objects.filter(pk__in=unread, read_at=None).update(read_at=now())


@prepared
def _unread(conversation: Given, user: Given) -> QuerySet[Mention]:
    found = Mention.objects.filter(note__conversation=conversation, user=user, read_at=None)
    return found.only("pk").order_by("pk")


def mentions_of(user: User) -> QuerySet[Mention]:
    """What notes said to somebody, unread first, then newest first."""
    return (
        Mention.objects.filter(user=user)
        .select_related("note__author", "note__conversation__account", "note__conversation__handle")
        .order_by(F("read_at").desc(nulls_first=True), "-pk")
    )


def _bare(word: str) -> str:
    return word.rstrip(".,;:!?’'-")
