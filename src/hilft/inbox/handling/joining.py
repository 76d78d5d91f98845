"""Conversations are worked on as one, or messages are taken out into one of their own; both can be undone.

A merge moves nothing: each conversation stays a strand with its place on its network, so that what arrives there and
what is answered there goes where it was asked. Strands are shown as one thread and have one state, that of their head.
A split gives the chosen messages a conversation of their own on the same thread; undoing it makes that a strand of the
first.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.base.queue import enqueue
from hilft.inbox.enums import Direction, State
from hilft.inbox.handling.enums import JoiningKind
from hilft.inbox.handling.models import Joining
from hilft.inbox.models import Conversation, Message
from hilft.inbox.placing import preview
from hilft.inbox.queries import keys_of_strands, latest_inbound, messages_of
from hilft.inbox.signals import joined, messages_moved, waiting_changed
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.queries import require

STANDING: Final = ("state", "later_until", "waiting_since", "assignee_id", "tags")
"""What of a conversation a merge changes, and undoing it restores."""


@transaction.atomic
def merge(*, by: User, source: Conversation, target: Conversation) -> Joining:
    """Works on two conversations as one from now on, under the target; refuses where a reply is open in the source."""
    require(by, "conversation.work")
    target = _locked(target)
    target = _locked(target.head)
    source = _locked(source)
    if source.merged_into_id:
        raise Refusal(_("This conversation is merged into another one already. Undo that first."))
    if source.pk == target.pk:
        raise Refusal(_("A conversation cannot be merged with itself."))
    before = {"source": _standing(source), "target": _standing(target), "strands": _put(source, target)}
    joining = Joining.objects.create(kind=JoiningKind.MERGE, source=source, target=target, before=before, by=by)
    target.refresh_from_db()
    joining.before["after"] = _standing(target)
    joining.save(update_fields=["before"])
    record(by=by, verb="inbox.merge", subject=joining, source=source.pk, target=target.pk)
    return joining


@transaction.atomic
def split(*, by: User, conversation: Conversation, messages: Collection[int]) -> Joining:
    """Takes messages out into a conversation of their own; one that asks something must go, and one must stay."""
    require(by, "conversation.work")
    head = _locked(conversation.head)
    going = list(messages_of(head).filter(pk__in=messages))
    strand = _locked(_strand_of(head, going))
    made = Conversation.objects.create(
        account=strand.account,
        handle=strand.handle,
        thread=strand.thread,
        public=strand.public,
        subject=strand.subject,
        language=strand.language,
        form=strand.form,
        assignee=head.assignee,
        assigned_at=head.assigned_at,
        team=head.team,
        topic=head.topic,
        tags=head.tags,
        split_from=strand,
    )
    keys = [message.pk for message in going]
    Message.objects.filter(pk__in=keys).update(conversation=made)
    messages_moved.send(Joining, source=strand, target=made, messages=keys)
    joining = Joining.objects.create(kind=JoiningKind.SPLIT, source=made, target=head, before={"messages": keys}, by=by)
    for one in {made, head, strand}:
        _settle(one)
    for asked in (latest_inbound(made), latest_inbound(strand)):
        if asked:
            enqueue("inbox.match", message=asked.pk)
    record(by=by, verb="inbox.split", subject=joining, source=head.pk, target=made.pk, messages=keys)
    return joining


@transaction.atomic
def undo(*, by: User, joining: Joining) -> Conversation:
    """Takes a merge apart, or puts a split together again; returns the conversation that it leads to."""
    require(by, "conversation.work")
    joining = Joining.objects.select_for_update().get(pk=joining.pk)
    source, target = _locked(joining.source), _locked(joining.target)
    if joining.undone_at:
        return source
    if joining.kind == JoiningKind.SPLIT:
        if source.merged_into_id is None:
            _put(source, _locked(target.head))
        found = target.head
    else:
        found = _apart(joining, source, target)
    joining.undone_at, joining.undone_by = now(), by
    joining.save(update_fields=["undone_at", "undone_by"])
    record(by=by, verb="inbox.undo_joining", subject=joining, source=source.pk, target=target.pk)
    return found


def _put(source: Conversation, target: Conversation) -> list[int]:
    """Makes the source and its strands strands of the target; returns the keys of those strands."""
    joined.send(Joining, source=source, target=target)
    strands = list(source.strands.order_by("pk").values_list("pk", flat=True))
    Conversation.objects.filter(pk__in=strands).update(merged_into=target)
    was_open = source.state == State.OPEN
    source.merged_into, source.state, source.later_until = target, State.DONE, None
    source.waiting_since = None
    source.save(update_fields=["merged_into", "state", "later_until", "waiting_since"])
    waiting_changed.send(Conversation, conversation=source)
    if was_open:
        target.state, target.later_until = State.OPEN, None
    target.assignee_id = target.assignee_id or source.assignee_id
    target.tags = list(dict.fromkeys([*target.tags, *source.tags]))
    target.save(update_fields=["state", "later_until", "assignee", "tags"])
    _settle(target)
    _tell(source)
    return strands


def _apart(joining: Joining, source: Conversation, target: Conversation) -> Conversation:
    head = _locked(source.head)
    Conversation.objects.filter(pk__in=joining.before["strands"], merged_into=head).update(merged_into=source)
    source.merged_into = None
    news = Message.objects.filter(conversation__in=keys_of_strands(source), received_at__gt=joining.at)
    arrived = news.filter(direction=Direction.IN).exists()
    _restore(source, joining.before["source"], woken=arrived)
    source.save()
    _settle(source)
    if _standing(target) == joining.before["after"] and not target.merged_into_id:
        _restore(target, joining.before["target"], woken=False)
        target.save()
    _settle(head)
    return source


def _strand_of(head: Conversation, going: list[Message]) -> Conversation:
    """The one strand that messages are taken out of; refuses what would leave nothing, or mix places."""
    if not any(message.direction == Direction.IN for message in going):
        raise Refusal(_("Choose at least one message of the customer."))
    if len({message.conversation_id for message in going}) > 1:
        raise Refusal(_("Choose messages from one place: these stand in different ones."))
    staying = messages_of(head).filter(direction=Direction.IN).exclude(pk__in=[message.pk for message in going])
    if not staying.exists():
        raise Refusal(_("At least one message of the customer has to stay."))
    return going[0].conversation


def _settle(conversation: Conversation) -> None:
    """Since when it waits, what it says in lists, and when something was last said, by the messages that it has now."""
    conversation.refresh_from_db()
    said = messages_of(conversation).filter(deleted_at=None).exclude(direction=Direction.NOTE)
    inbound = [one for one in said if one.direction == Direction.IN]
    last_out = max((one.at for one in said if one.direction == Direction.OUT), default=None)
    unanswered = [one.at for one in inbound if not one.automatic and (last_out is None or one.at > last_out)]
    waits = conversation.state != State.DONE and not conversation.merged_into_id
    conversation.waiting_since = min(unanswered, default=None) if waits else None
    conversation.preview = preview(inbound[-1].text) if inbound else ""
    conversation.last_message_at = max((one.at for one in said), default=conversation.last_message_at)
    conversation.save(update_fields=["waiting_since", "preview", "last_message_at"])
    waiting_changed.send(Conversation, conversation=conversation)
    _tell(conversation)


def _standing(conversation: Conversation) -> dict[str, Any]:
    values = {name: getattr(conversation, name) for name in STANDING}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def _restore(conversation: Conversation, before: dict[str, Any], *, woken: bool) -> None:
    """As it was; what was put away and is due meanwhile, or was written to, is open."""
    later = datetime.fromisoformat(before["later_until"]) if before["later_until"] else None
    over = woken or (before["state"] == State.LATER and (later is None or later <= now()))
    conversation.state, conversation.later_until = (State.OPEN, None) if over else (before["state"], later)
    conversation.assignee_id, conversation.tags = before["assignee_id"], before["tags"]


def _locked(conversation: Conversation) -> Conversation:
    found = Conversation.objects.select_for_update(of=("self",)).select_related("merged_into", "account", "handle")
    return found.get(pk=conversation.pk)


def _tell(conversation: Conversation) -> None:
    tell("inbox", conversation=conversation.pk)
    tell(f"conversation-{conversation.pk}")
