"""Where a message belongs, and what its arrival changes there."""

from typing import Final

from hilft.channels.contract import Event as Read
from hilft.channels.models import Account
from hilft.inbox.enums import Direction, State
from hilft.inbox.handling.enums import Sorted
from hilft.inbox.handling.sorting import mark_like_its_author
from hilft.inbox.models import Conversation, Message
from hilft.inbox.queries import messages_of
from hilft.people.enums import Form
from hilft.people.models import Handle
from hilft.people.rules import form_of
from hilft.reading.language import UNKNOWN

PREVIEW: Final = 160


def conversation_for(account: Account, handle: Handle, read: Read) -> Conversation:
    """The conversation that what was read belongs to, locked; a new one where there is none."""
    thread = read.thread or (read.root.id if read.root else read.ref.id)
    taken_out = _taken_out(account, read)
    if taken_out and taken_out.handle_id == handle.pk:
        return Conversation.objects.select_for_update(of=("self",)).get(pk=taken_out.pk)
    conversation, created = Conversation.objects.select_for_update(of=("self",)).get_or_create(
        account=account,
        thread=thread,
        handle=handle,
        public=read.public,
        split_from=None,
        defaults={"subject": read.subject[:300], "form": form_of(handle.contact), "automatic": read.automatic},
    )
    if created:
        mark_like_its_author(conversation)
    return conversation


def _taken_out(account: Account, read: Read) -> Conversation | None:
    """The conversation that what is answered here was taken out into, if a person did that."""
    if read.parent is None or read.parent.id == read.ref.id:
        return None
    split = Conversation.objects.filter(split_from__isnull=False, public=read.public)
    return split.filter(messages__account=account, messages__external_id=read.parent.id).first()


def locked_head(conversation: Conversation) -> Conversation:
    """The one that a locked conversation is worked on with, locked too; itself where it was not merged."""
    if conversation.merged_into_id is None:
        return conversation
    return Conversation.objects.select_for_update(of=("self",)).get(pk=conversation.merged_into_id)


def preview(text: str) -> str:
    """What lists show of a message."""
    return " ".join(text.split())[:PREVIEW]


def awaken(conversation: Conversation, message: Message) -> None:
    """What a new message changes in its conversation; its state is that of the one that it is worked on with."""
    head = locked_head(conversation)
    if message.language != UNKNOWN:
        conversation.language = message.language
    if message.form != Form.UNKNOWN:
        conversation.form = message.form
    if head.sorted_out == Sorted.SPAM:
        head.state = State.DONE
    elif not message.automatic:
        conversation.automatic = head.automatic = False
        head.sorted_out, head.state, head.later_until = Sorted.NO, State.OPEN, None
        head.waiting_since = min(head.waiting_since or message.at, message.at)
    elif head.waiting_since is None:
        head.state = State.DONE
    for one in {conversation, head}:
        # Compared with what customers wrote only: networks round their times, an answer can seem older than our reply.
        inbound = messages_of(one).filter(direction=Direction.IN, deleted_at=None).exclude(pk=message.pk)
        if not inbound.filter(at__gt=message.at).exists():
            one.preview = preview(message.text)
        one.last_message_at = max(one.last_message_at or message.at, message.at)
        one.save()
