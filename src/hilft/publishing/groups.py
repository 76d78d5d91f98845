"""What screens ask about replies to many conversations: who waits on a question, and how far a group is."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from hilft.base.clock import now
from hilft.inbox.models import Conversation, Message
from hilft.inbox.queries import latest_inbound
from hilft.knowledge.models import Question
from hilft.people.models import User
from hilft.people.queries import require
from hilft.publishing.enums import DeliveryState, DraftState, GroupState
from hilft.publishing.models import Delivery, GroupReply
from hilft.publishing.places import allowed, rendering_for
from hilft.publishing.queries import LIVE_DRAFT
from hilft.publishing.rendering import DoesNotFit


class Reply(NamedTuple):
    """What would be answered to one who waits; `problem` says why it cannot be."""

    conversation: Conversation
    message: Message | None
    text: str
    problem: str


class Progress(NamedTuple):
    """How many replies of a group there are, have arrived, are on their way, and need a person."""

    total: int
    arrived: int
    leaving: int
    stuck: int

    @property
    def share(self) -> int:
        """In percent, rounded down so that 100 means all."""
        return 100 * self.arrived // self.total if self.total else 100


def waiting_on(question: Question) -> QuerySet[Conversation]:
    """Every open conversation that asks this question and has no answer yet, on all channels, longest waiting first."""
    return (
        Conversation.objects.waiting()
        .filter(question=question)
        .select_related("account", "handle__contact", "assignee")
        .longest_waiting_first()
    )


def replies_to(conversations: list[Conversation], question: Question) -> list[Reply]:
    """The question's current answer as it would stand with each of them."""
    return [_reply(conversation, question) for conversation in conversations]


def groups(user: User) -> QuerySet[GroupReply]:
    """All replies to many, newest first."""
    require(user, "desk.see")
    return GroupReply.objects.select_related("question", "version", "cause", "author").order_by("-pk")


def access_group(user: User, pk: int, *, action: str = "desk.see") -> GroupReply:
    """One reply to many."""
    require(user, action)
    return GroupReply.objects.select_related("question", "version", "cause", "author").get(pk=pk)


def waiting_groups() -> QuerySet[GroupReply]:
    """What waits for a second person, oldest first; `n` is how many replies it would release."""
    return (
        GroupReply.objects.filter(state=GroupState.WAITING)
        .select_related("question", "version", "cause", "author")
        .annotate(n=Count("drafts"))
        .order_by("pk")
    )


def progress_of(group: GroupReply) -> Progress:
    """Counted from the replies themselves, so that it is true after any crash."""
    rows = group.drafts.exclude(state=DraftState.DISCARDED).order_by().values_list("state", "delivery__state")
    counts = {tuple(row[:2]): row[2] for row in rows.annotate(n=Count("pk"))}
    total = sum(counts.values())
    arrived = sum(n for (state, _delivery), n in counts.items() if state == DraftState.SENT)
    stuck = sum(n for (state, delivery), n in counts.items() if delivery == DeliveryState.PERSON)
    return Progress(total, arrived, total - arrived - stuck, stuck)


def undo_until(group: GroupReply) -> datetime | None:
    """Until when replies of a group can be taken back; None when nothing can be."""
    here = Delivery.objects.filter(draft__group=group, state=DeliveryState.QUEUED, attempts=0, due_at__gt=now())
    return here.order_by("-due_at").values_list("due_at", flat=True).first()


def _reply(conversation: Conversation, question: Question) -> Reply:
    message = latest_inbound(conversation)
    try:
        _text, text = rendering_for(conversation, question, public=conversation.public)
    except DoesNotFit:
        return Reply(conversation, message, "", _("The answer does not fit here; it needs a short text."))
    except LookupError:
        return Reply(conversation, message, "", _("There is no published answer."))
    if conversation.automatic:
        return Reply(conversation, message, text, _("This is automatic mail: it gets no answer."))
    if conversation.drafts.filter(state__in=LIVE_DRAFT).exclude(text="").exists():
        return Reply(conversation, message, text, _("Somebody is writing a reply there."))
    if message is not None and message.external_id:
        message.conversation = conversation
        given = allowed(message, public=conversation.public, text=text)
        if not given.ok:
            return Reply(conversation, message, text, given.reason)
    return Reply(conversation, message, text, "")
