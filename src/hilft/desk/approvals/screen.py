"""What the approvals screen shows: the queue, and one text beside what it was made from."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hilft.approvals.models import Approval
from hilft.approvals.queries import approval_of, labels, remarks, waiting
from hilft.base.clock import now
from hilft.base.comparing import changed_share
from hilft.channels.counting import count
from hilft.desk.rules.forms import NAMES
from hilft.desk.rules.values import word_for
from hilft.inbox.queries import messages_of
from hilft.people.models import User
from hilft.people.queries import active_staff
from hilft.people.rules import may
from hilft.publishing import places
from hilft.publishing import queries as publishing
from hilft.publishing.facts import asked_text, personal_kinds
from hilft.publishing.groups import waiting_groups
from hilft.publishing.models import SUBJECT_CORRECTION, SUBJECT_DRAFT, SUBJECT_GROUP, Correction, Draft, GroupReply
from hilft.publishing.placements import answered_to
from hilft.publishing.rules import draft_digest
from hilft.reading.risk import risky_words

MESSAGES, EARLIER = 6, 3


@dataclass(frozen=True)
class Row:
    """One thing that waits for a second person; by its key the row keeps the focus when the list is renewed."""

    key: str
    url: str
    kind: str
    name: str
    text: str
    maker: str
    own: bool
    since: datetime | None
    draft: int | None = None
    private: bool = False
    edited: bool = False
    called: bool = False


def queue(user: User) -> list[Row]:
    """Waiting drafts, correction batches and replies to many, the longest waiting first."""
    asked = {(a.subject_kind, a.subject_id): a for a in waiting()}
    rows = [_draft_row(draft, user, asked.get((SUBJECT_DRAFT, draft.pk))) for draft in publishing.waiting_drafts()]
    rows += [
        _batch_row(batch, user, asked.get((SUBJECT_CORRECTION, batch.pk))) for batch in publishing.waiting_corrections()
    ]
    rows += [_group_row(group, user, asked.get((SUBJECT_GROUP, group.pk))) for group in waiting_groups()]
    return sorted(rows, key=lambda row: row.since or now())


def list_context(user: User) -> dict[str, object]:
    """The queue and what this person may do with it."""
    return {"view": "approvals", "rows": queue(user), "decides": may(user, "draft.approve")}


def draft_context(user: User, draft: Draft) -> dict[str, object]:
    """One waiting draft: the text, what it was made from, why it was held, and until when."""
    conversation = draft.conversation
    place = places.place_of(conversation, public=draft.public)
    approval = approval_of(SUBJECT_DRAFT, draft.pk)
    source, edited = draft.source, bool(approval and approval.edited)
    thread = messages_of(conversation).order_by("-at", "-pk")[:MESSAGES]
    return {
        "draft": draft,
        "conversation": conversation,
        "approval": approval,
        "rule": labels().get(draft.rule),
        "digest": draft_digest(draft),
        "changed": changed_share(draft.rendering, draft.text) if draft.rendering else None,
        "personal": personal_kinds(draft),
        "risky": _risky("risks", draft.text) + _risky("asked_risks", asked_text(conversation)),
        "length": count(place.prefix + draft.text, place.limits),
        "limits": place.limits,
        "newer": bool(source and source.version.answer.current_id != source.version_id),
        "thread": list(reversed(thread)),
        "own": draft.author_id == user.pk,
        "edits": may(user, "draft.approve") and draft.author_id != user.pk and approval is not None and not edited,
        "decides_this": approval is not None
        and approval.maker_id != user.pk
        and (may(user, "draft.approve") or (edited and draft.author_id == user.pk)),
        "edited": edited,
        "remarks": list(remarks(SUBJECT_DRAFT, draft.pk)),
        "witnesses": _witnesses(user) if draft.author_id == user.pk and may(user, "glass.break") else [],
        "earlier": answered_to(conversation.handle.contact).exclude(conversation=conversation)[:EARLIER],
    }


def _witnesses(user: User) -> list[User]:
    """Who may be told when this person releases something alone."""
    return [person for person in active_staff() if person.pk != user.pk and may(person, "glass.review")]


def _risky(fact: str, text: str) -> list[tuple[str, str, str]]:
    """Whose words speak of what, and which words they are."""
    found = risky_words(text).items()
    return [(str(NAMES[fact]), word_for(fact, risk), " · ".join(words)) for risk, words in found]


def next_url(user: User, *, after: int) -> str:
    """The next thing this person can decide; the queue when there is none."""
    rows = [row for row in queue(user) if not row.own and row.draft != after]
    return rows[0].url if rows else reverse("desk:approvals")


def _draft_row(draft: Draft, user: User, asked: Approval | None) -> Row:
    conversation = draft.conversation
    return Row(
        key=f"draft-{draft.pk}",
        url=reverse("desk:approval", args=[draft.pk]),
        kind=conversation.account.kind,
        name=conversation.handle.shown,
        text=draft.text,
        maker=asked.maker.name if asked else draft.author.name,
        own=(asked.maker_id if asked else draft.author_id) == user.pk,
        since=conversation.waiting_since or (asked.asked_at if asked else None),
        draft=draft.pk,
        private=not draft.public,
        edited=bool(asked and asked.edited),
        called=bool(asked and asked.called_at),
    )


def _batch_row(batch: Correction, user: User, asked: Approval | None) -> Row:
    total: int = batch.total  # type: ignore[attr-defined]  # annotated by corrections()
    words = ngettext("Correct %(n)s reply", "Correct %(n)s replies", total) % {"n": total}
    return Row(
        key=f"correction-{batch.pk}",
        url=reverse("desk:correction", args=[batch.pk]),
        kind="correction",
        name=words,
        text=_("%(title)s, version %(number)s")
        % {"title": batch.version.answer.question.title, "number": batch.version.number},
        maker=batch.planned_by.name if batch.planned_by else "",
        own=batch.planned_by_id == user.pk,
        since=asked.asked_at if asked else None,
        called=bool(asked and asked.called_at),
    )


def _group_row(group: GroupReply, user: User, asked: Approval | None) -> Row:
    n: int = group.n  # type: ignore[attr-defined]  # annotated by waiting_groups()
    return Row(
        key=f"group-{group.pk}",
        url=reverse("desk:group-reply", args=[group.pk]),
        kind="group",
        name=ngettext("Reply to %(n)s conversation", "Reply to %(n)s conversations", n) % {"n": n},
        text=group.title,
        maker=group.author.name,
        own=group.author_id == user.pk,
        since=asked.asked_at if asked else None,
        called=bool(asked and asked.called_at),
    )
