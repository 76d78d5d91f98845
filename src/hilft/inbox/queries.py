"""What the desk asks about conversations."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import (
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)

from hilft.base.clock import now
from hilft.base.prepared import Given, prepared
from hilft.channels.models import Account
from hilft.inbox.enums import Direction
from hilft.inbox.handling.enums import Sorted
from hilft.inbox.models import (
    Conversation,
    ConversationQuerySet,
    Duplicate,
    Group,
    Judgement,
    Match,
    Message,
    Presence,
    Stray,
)
from hilft.knowledge.causes.queries import named_by
from hilft.knowledge.enums import Likeness
from hilft.knowledge.models import Wording
from hilft.knowledge.queries import offered_for
from hilft.people.models import User
from hilft.people.queries import keys_of_person, require

PRESENT: Final = timedelta(seconds=40)


def access_conversation(user: User, pk: int, *, action: str = "desk.see") -> Conversation:
    """One conversation, for those whose roles cover the action; raises NotAllowed or DoesNotExist."""
    require(user, action)
    found = _conversation(pk)
    if not found:
        raise Conversation.DoesNotExist
    return found[0]


@prepared
def _conversation(pk: Given) -> QuerySet[Conversation]:
    related = ("account", "handle__contact", "question__answer__current", "assignee", "merged_into")
    return Conversation.objects.filter(pk=pk).select_related(*related).order_by("pk")


def conversation_of(account: Account, external_id: str) -> Conversation | None:
    """The conversation that a message of this account belongs to, by the message's id there."""
    return Conversation.objects.filter(messages__account=account, messages__external_id=external_id).first()


def strands_of(conversation: Conversation) -> QuerySet[Conversation]:
    """The conversations that are worked on as one with it, itself among them."""
    head = conversation.merged_into_id or conversation.pk
    return Conversation.objects.filter(Q(pk=head) | Q(merged_into=head)).order_by("pk")


def strands_shown(conversation: Conversation) -> list[Conversation]:
    """The same with what pages show of them."""
    return _strands(conversation.merged_into_id or conversation.pk)


@prepared
def _strands(head: Given) -> QuerySet[Conversation]:
    found = Conversation.objects.filter(Q(pk=head) | Q(merged_into=head))
    return found.select_related("account", "handle__contact").order_by("pk")


def keys_of_strands(conversation: Conversation) -> list[int]:
    """Their keys, asked for by themselves: within another query the database reads every message there is."""
    return list(strands_of(conversation).values_list("pk", flat=True))


def messages_of(conversation: Conversation) -> QuerySet[Message]:
    """The thread in the order it was written, with those of all its strands."""
    found = Message.objects.filter(conversation__in=keys_of_strands(conversation))
    return found.select_related("author").prefetch_related("versions").order_by("at", "pk")


def thread_of(strands: Sequence[int]) -> list[Message]:
    """The same as pages show it, for strands that are known: with what was published and from which version."""
    thread = _thread(list(strands))
    prefetch_related_objects([message for message in thread if message.edited_at], "versions")
    return thread


@prepared
def _thread(strands: Given) -> QuerySet[Message]:
    related = ("author", "conversation__account", "conversation__handle", "placement__approver")
    found = Message.objects.filter(conversation__among=strands)
    return found.select_related(*related, "placement__source__version__answer__question").order_by("at", "pk")


def latest_inbound(conversation: Conversation) -> Message | None:
    """The customer's last message that still stands."""
    return conversation.messages.filter(direction=Direction.IN, deleted_at=None).order_by("-at", "-pk").first()


def latest_of(thread: Iterable[Message]) -> Message | None:
    """The same of a thread that has been read, in its order."""
    standing = [one for one in thread if one.direction == Direction.IN and one.deleted_at is None]
    return standing[-1] if standing else None


def heard_privately(conversation: Conversation) -> datetime | None:
    """When this person last wrote to this account of ours in private."""
    heard = _heard_privately(conversation.handle_id, conversation.account_id)
    return heard[0].at if heard else None


@prepared
def _heard_privately(handle: Given, account: Given) -> QuerySet[Message]:
    private = Message.objects.filter(conversation__public=False, direction=Direction.IN)
    found = private.filter(conversation__handle=handle, conversation__account=account)
    return found.order_by("-at").only("at")[:1]


def last_seen(conversation: Conversation) -> int:
    """The highest message id in the thread: what a writer has seen when they begin."""
    said = messages_of(conversation).exclude(direction=Direction.NOTE).order_by()
    return said.aggregate(last=Max("pk"))["last"] or 0


def seen_in(thread: Iterable[Message]) -> int:
    """The same of a thread that has been read."""
    return max((one.pk for one in thread if one.direction != Direction.NOTE), default=0)


def arrived_since(conversation: Conversation, seen: int) -> list[Message]:
    """What came in, or was sent by a colleague, after a writer began."""
    return list(messages_of(conversation).filter(pk__gt=seen).exclude(direction=Direction.NOTE))


def suggestions_for(message: Message) -> list[Match]:
    """Up to five hosted questions for a message, without those a person called wrong, with their answers' texts."""
    return _suggestions(message.pk)


@prepared
def _suggestions(message: Given) -> QuerySet[Match]:
    wrong = Judgement.objects.filter(message=message, verdict="wrong").values("question")
    return (
        Match.objects.filter(message=message)
        .exclude(question__in=wrong)
        .exclude(likeness=Likeness.NONE)
        .filter(question__answer__current__isnull=False)
        .annotate(causes=named_by(OuterRef("question")))
        .annotate(offer=Subquery(offered_for(OuterRef("question__answer")).values("pk")[:1]))
        .select_related("question__answer__current", "wording")
        .prefetch_related("question__answer__current__texts")
        .order_by("rank", "pk")
    )


def judgement_of(message: Message, *, by: User) -> Judgement | None:
    """What somebody said last about what a message asks."""
    return next(iter(_judgement(message.pk, by.pk)), None)


@prepared
def _judgement(message: Given, by: Given) -> QuerySet[Judgement]:
    found = Judgement.objects.filter(message=message, by=by)
    return found.select_related("question", "wording").order_by("-pk")[:1]


def present(conversation: Conversation, *, besides: User) -> list[Presence]:
    """Colleagues who have the conversation open now."""
    return _present(conversation.pk, now() - PRESENT, besides.pk)


@prepared
def _present(conversation: Given, since: Given, besides: Given) -> QuerySet[Presence]:
    found = Presence.objects.filter(conversation=conversation, at__gte=since).exclude(user=besides)
    return found.select_related("user").order_by("pk")


def presence_by_conversation(pks: list[int], *, besides: User) -> dict[int, Presence]:
    """For a list: who is in which conversation, typing before viewing."""
    return {one.conversation_id: one for one in _presences(pks, now() - PRESENT, besides.pk)}


@prepared
def _presences(conversations: Given, since: Given, besides: Given) -> QuerySet[Presence]:
    found = Presence.objects.filter(conversation__among=conversations, at__gte=since).exclude(user=besides)
    return found.select_related("user").order_by("-doing", "pk")


def others_waiting(conversation: Conversation) -> list[Conversation]:
    """Other open conversations that ask the same question, those five who waited longest."""
    return _others_waiting(conversation.question_id, conversation.pk) if conversation.question_id else []


@prepared
def _others_waiting(question: Given, besides: Given) -> QuerySet[Conversation]:
    others = Conversation.objects.waiting().filter(question=question).exclude(pk=besides)
    return others.select_related("account", "handle").longest_waiting_first()[:5]


def asked_in(wordings: Collection[int]) -> QuerySet[Conversation]:
    """Conversations in which something was asked in one of these wordings: recognised by it, or its origin."""
    origins = Wording.objects.filter(pk__in=wordings, source_message__isnull=False).values("source_message")
    by_match = Match.objects.filter(wording__in=wordings, rank=1).values("message__conversation")
    by_verdict = Judgement.objects.filter(wording__in=wordings).values("message__conversation")
    by_origin = Message.objects.filter(pk__in=origins).values("conversation")
    linked = Duplicate.objects.filter(wording__in=wordings, undone_at=None).values("conversation")
    return (
        Conversation.objects.filter(Q(pk__in=by_match) | Q(pk__in=by_verdict) | Q(pk__in=by_origin) | Q(pk__in=linked))
        .select_related("account", "handle")
        .order_by("pk")
    )


def duplicate_of(conversation: Conversation) -> Duplicate | None:
    """The link by which this conversation is answered elsewhere."""
    return next(iter(_duplicate(conversation.pk)), None)


@prepared
def _duplicate(conversation: Given) -> QuerySet[Duplicate]:
    live = Duplicate.objects.filter(conversation=conversation, undone_at=None)
    return live.select_related("question__answer", "by", "wording").order_by("pk")[:1]


def duplicate_of_thread(thread: str) -> Duplicate | None:
    """The link by which a thread on the portal is answered elsewhere."""
    live = Duplicate.objects.filter(undone_at=None, conversation__account__kind="portal", conversation__thread=thread)
    return live.select_related("question__answer").order_by("pk").first()


def also_known(conversation: Conversation, *, search: str = "") -> QuerySet[Conversation]:
    """Conversations that it may be merged with: those of the same contact first, or what a search finds."""
    found = Conversation.objects.standing().exclude(pk=conversation.pk).filter(sorted_out=Sorted.NO)
    if search:
        found = found.filter(
            Q(preview__icontains=search) | Q(handle__name__icontains=search) | Q(subject__icontains=search)
        )
    else:
        found = found.filter(handle__contact__in=keys_of_person(conversation.handle.contact))
    return found.select_related("account", "handle").order_by("-last_message_at", "-pk")


def groups() -> QuerySet[Group]:
    """New questions that keep coming, the largest first."""
    return Group.objects.filter(question=None).order_by("-size", "-since", "pk")


def examples(pks: Collection[int]) -> dict[int, list[Stray]]:
    """What groups consist of, newest first."""
    found: dict[int, list[Stray]] = {pk: [] for pk in pks}
    rows = Stray.objects.filter(group__in=pks).select_related(
        "message", "conversation__account", "conversation__handle"
    )
    for row in rows.order_by("-message__at", "-pk"):
        found[row.group_id or 0].append(row)
    return found


def history_of(person: Sequence[int], *, besides: Conversation) -> list[Conversation]:
    """A person's eight other conversations of late, on whatever channel, newest first."""
    return _history(list(person), besides.pk)


@prepared
def _history(contacts: Given, besides: Given) -> QuerySet[Conversation]:
    others = Conversation.objects.standing().filter(handle__contact__among=contacts).exclude(pk=besides)
    return others.select_related("account", "handle").order_by("-last_message_at", "-pk")[:8]


def conversations_of(person: Collection[int]) -> ConversationQuerySet:
    """Every conversation of a person on all channels, strands too, newest first."""
    return (
        Conversation.objects.filter(handle__contact__in=person)
        .select_related("account", "handle", "merged_into")
        .order_by("-last_message_at", "-pk")
    )
