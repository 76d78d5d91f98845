"""The rows of a list of conversations, each drawn once: whoever looks at the same list is shown the same rows.

Drawing forty rows took 15 of a list's 25 ms. What a row says is all in `Row`, so a drawn one is good for as long as
the same things are to be said; ages and deadlines are among them, in their words of this minute.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from hilft.base.templatetags.hilft import ago
from hilft.desk.templatetags.desk import doing, waits_long
from hilft.desk.templatetags.escalation import due
from hilft.escalation.models import Clock, HandOver
from hilft.inbox.enums import Priority
from hilft.inbox.models import Conversation, Presence
from hilft.knowledge.enums import Likeness
from hilft.people.enums import Form

KEPT = 4096
"""Drawn rows that a process keeps, about 3 kB each."""


class Row(NamedTuple):
    """Everything that a row says; ages and deadlines in the words of this minute."""

    pk: int
    address: str
    kind: str
    name: str
    text: str
    age: SafeString
    due: SafeString
    waits: bool
    late: bool
    priority: str
    outside: str
    silent: bool
    question: str
    new: bool
    tags: tuple[str, ...]
    follow_up: str
    follow_up_note: str
    public: bool
    form: str
    language: str
    doing: str
    assignee: str


class Around(NamedTuple):
    """What is known about a list's conversations beside themselves, each by their key."""

    presence: Mapping[int, Presence]
    clocks: Mapping[int, Clock]
    outside: Mapping[int, HandOver]


def drawn(rows: Sequence[Conversation], around: Around, *, query: str, choosing: bool, shown: int | None) -> list[str]:
    """The markup of each row; `query` is the list's, `choosing` whether rows can be selected, `shown` the open one."""
    language = get_language()
    return [_drawn(_row(row, around, query), choosing, row.pk == shown, language) for row in rows]


@lru_cache(KEPT)
def _drawn(row: Row, choosing: bool, is_shown: bool, _language: str | None) -> SafeString:
    said = {
        "row": row,
        "priority": Priority(row.priority).label if row.priority else "",
        "form": Form(row.form).label if row.form else "",
        "choosing": choosing,
        "is_shown": is_shown,
    }
    return render_to_string("desk/conversations/row.html", said)


@lru_cache(KEPT)
def _address(pk: int) -> str:
    return reverse("desk:conversation", args=[pk])


def _row(row: Conversation, around: Around, query: str) -> Row:
    here, outside = around.presence.get(row.pk), around.outside.get(row.pk)
    address = _address(row.pk)
    return Row(
        pk=row.pk,
        address=f"{address}?{query}" if query else address,
        kind=row.account.kind,
        name=row.handle.shown,
        text=row.preview or row.subject,
        age=ago(row.waiting_since or row.last_message_at),
        due=due(around.clocks.get(row.pk)) if row.waiting_since else SafeString(),
        waits=row.waiting_since is not None,
        late=waits_long(row.waiting_since),
        priority="" if row.priority == Priority.NORMAL else row.priority,
        outside=outside.department.name if outside else "",
        silent=bool(outside and outside.stalled_at),
        question=row.question.title if row.question else "",
        new=row.likeness == Likeness.NONE,
        tags=tuple(row.tags),
        follow_up=formats.date_format(row.follow_up_at, "SHORT_DATE_FORMAT") if row.follow_up_at else "",
        follow_up_note=row.follow_up_note,
        public=row.public,
        form="" if row.form == Form.UNKNOWN else row.form,
        language="" if row.language in {"de", "unknown"} else row.language.upper(),
        doing=doing(here) if here else "",
        assignee=row.assignee.name if row.assignee else "",
    )
