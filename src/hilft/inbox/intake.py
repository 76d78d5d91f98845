"""Raw events become messages in conversations: each exactly once, in whatever order they arrive."""

import logging
from datetime import datetime

import msgspec
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from hilft.base.clock import now
from hilft.base.live import tell
from hilft.base.queue import enqueue
from hilft.channels.commands import SILENCE, forget, note_late
from hilft.channels.contract import Event as Read
from hilft.channels.contract import Kind, Ref, Unreadable
from hilft.channels.enums import EventState
from hilft.channels.models import Account, Event
from hilft.channels.registry import adapter_of
from hilft.inbox.enums import Direction
from hilft.inbox.handling.enums import Sorted
from hilft.inbox.handling.intake_rules import ask
from hilft.inbox.models import Conversation, Gone, Message, MessageVersion
from hilft.inbox.placing import awaken, conversation_for, locked_head, preview
from hilft.inbox.queries import messages_of
from hilft.inbox.receipts import asked_again, is_due
from hilft.inbox.signals import arriving, message_received, waiting_changed
from hilft.people.commands import meet, remember_form
from hilft.reading.address import address
from hilft.reading.language import language

log = logging.getLogger(__name__)
TURN = 7402


def read_new_events(*, most: int = 100, account: Account | None = None) -> int:
    """Reads waiting events, of one account or of all, oldest first, each in its own savepoint; returns how many.

    Workers take turns: two that met the same new customers in another order would wait for each other in vain. One
    event that cannot be read is kept, marked, and blocks nothing.
    """
    waiting = Event.objects.filter(state=EventState.NEW)
    if account is not None:
        waiting = waiting.filter(account=account)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])
        locked = waiting.select_for_update(skip_locked=True, of=("self",))
        events = list(locked.select_related("account").order_by("pk")[:most])
        for event in events:
            _read(event)
    return len(events)


def _read(event: Event) -> None:
    try:
        with transaction.atomic():
            adapter = adapter_of(event.account)
            found = adapter.parse(bytes(event.body))
            if not found and hasattr(adapter, "fill"):
                enqueue("channels.fill", event=event.pk)
            for read in found:
                event.about = read.ref.id
                if take(event.account, read, event=event) is None and _is_gone(event.account, read.ref):
                    event.body = b""
            event.state, event.error = EventState.READ, ""
    except Unreadable as error:
        event.state, event.error = EventState.FAILED, str(error)
    except Exception as error:
        log.exception("Event %s could not be read", event.pk)
        event.state, event.error = EventState.FAILED, f"{type(error).__name__}: {error}"
    event.read_at = now()
    emptied = ["body"] if not event.body else []
    event.save(update_fields=["state", "error", "read_at", "about", *emptied])
    if event.state == EventState.FAILED:
        tell("accounts", account=event.account_id, failed=event.pk)


@transaction.atomic(savepoint=False)
def take(account: Account, read: Read, *, event: Event | None = None) -> Message | None:
    """Applies one read event; the message it made or changed, or None when it changes nothing."""
    if read.kind is Kind.GAP:
        return None
    if read.kind is Kind.DELETED:
        return _delete(account, read)
    known = Message.objects.select_for_update().filter(account=account, external_id=read.ref.id).first()
    if known:
        return _change(known, read)
    if read.own:
        return _echo(account, read, event)
    if read.author is None or Gone.objects.filter(account=account, external_id=read.ref.id).exists():
        return None
    if any(taken for _receiver, taken in arriving.send(Message, account=account, read=read)):
        return None
    return _receive(account, read, event)


def _receive(account: Account, read: Read, event: Event | None) -> Message | None:
    author = read.author
    if author is None:
        return None
    handle = meet(
        kind=account.kind,
        network=account.network,
        external_id=author.id,
        handle=author.handle,
        name=author.name,
        url=author.url,
    )
    conversation = conversation_for(account, handle, read)
    spoken = read.language or language(f"{read.subject}\n{read.text}")
    form = read.form or address(read.text)
    try:
        with transaction.atomic():
            message = Message.objects.create(
                conversation=conversation,
                account=account,
                direction=Direction.IN,
                external_id=read.ref.id,
                external_version=read.ref.version,
                root=msgspec.to_builtins(read.root) if read.root else None,
                text=read.text,
                subject=read.subject[:300],
                url=read.url,
                language=spoken,
                form=form,
                automatic=read.automatic,
                addressed=read.addressed,
                at=read.at,
                changed_at=read.at,
                event=event,
            )
    except IntegrityError:
        # Another worker took the same post in meanwhile; what it read may have been an earlier or a later wording.
        return _change(Message.objects.select_for_update().get(account=account, external_id=read.ref.id), read)
    if now() - read.at > SILENCE:
        note_late(account, read.at)
    awaken(conversation, message)
    remember_form(contact=handle.contact, form=form)
    message_received.send(Message, conversation=conversation, message=message)
    if conversation.head.sorted_out != Sorted.SPAM and not read.automatic and ask(message):
        conversation.refresh_from_db()
    if conversation.head.sorted_out == Sorted.SPAM:
        _tell(conversation)
        return message
    if not read.automatic:
        enqueue("inbox.match", message=message.pk)
    if is_due(message):
        enqueue("inbox.receipt", message=message.pk)
    elif account.settings.get("receipt"):
        asked_again(conversation)
    _tell(conversation)
    return message


def _change(message: Message, read: Read) -> Message | None:
    if message.deleted_at or read.at <= message.changed_at or read.text == message.text:
        if read.ref.version and read.at >= message.changed_at and message.external_version != read.ref.version:
            Message.objects.filter(pk=message.pk).update(external_version=read.ref.version)
        return None
    MessageVersion.objects.create(message=message, text=message.text, until=read.at)
    message.text, message.changed_at, message.edited_at = read.text, read.at, read.at
    message.external_version = read.ref.version
    message.save(update_fields=["text", "changed_at", "edited_at", "external_version"])
    if message.direction == Direction.IN:
        _after_change(message, read.at)
        enqueue("inbox.match", message=message.pk)
    _tell(message.conversation)
    return message


def _is_gone(account: Account, ref: Ref) -> bool:
    """Whether its author deleted it, before or after we heard of it."""
    there = {"account": account, "external_id": ref.id}
    return Gone.objects.filter(**there).exists() or Message.objects.filter(**there, deleted_at__isnull=False).exists()


def _delete(account: Account, read: Read) -> Message | None:
    """Takes the words away wherever they are kept: message, earlier versions, what the network had told."""
    forget(account, read.ref.id)
    message = Message.objects.select_for_update().filter(account=account, external_id=read.ref.id).first()
    if message is None:
        Gone.objects.get_or_create(account=account, external_id=read.ref.id, defaults={"at": read.at})
        return None
    if message.deleted_at:
        return None
    message.versions.all().delete()
    message.text, message.deleted_at, message.changed_at = "", read.at, read.at
    message.save(update_fields=["text", "deleted_at", "changed_at"])
    if message.direction == Direction.IN:
        _after_change(message, read.at)
    _tell(message.conversation)
    return message


def _after_change(message: Message, at: datetime) -> None:
    conversation = Conversation.objects.select_for_update().get(pk=message.conversation_id)
    head = locked_head(conversation)
    latest = messages_of(head).filter(direction=Direction.IN, deleted_at=None).last()
    head.preview = preview(latest.text) if latest else ""
    if latest is None:
        head.waiting_since = None
    head.save(update_fields=["preview", "waiting_since"])
    message_received.send(Message, conversation=conversation, message=message)


def _echo(account: Account, read: Read, event: Event | None) -> Message | None:
    """Our own post, seen from outside: from another tool of ours, or before our send call returned."""
    parent = read.parent.id if read.parent else ""
    before = Message.objects.filter(account=account, external_id=parent).select_related("conversation").first()
    home = before.conversation if before else _private(account, read.thread) if not read.public else None
    if home is None:
        return None
    return record_sent(conversation=home, ref=read.ref, text=read.text, at=read.at, url=read.url, event=event)


def _private(account: Account, thread: str) -> Conversation | None:
    private = Conversation.objects.filter(account=account, thread=thread, public=False).exclude(thread="")
    return private.order_by("pk").first()


def moved_to_private(conversation: Conversation, *, thread: str) -> Conversation:
    """The private conversation that a private reply to a public post continues, or begins with the same person.

    The public one no longer waits. What we know of it goes along, so that whoever opens the other knows what it is
    about.
    """
    Conversation.objects.filter(pk__in=[conversation.pk, conversation.merged_into_id]).update(waiting_since=None)
    waiting_changed.send(Conversation, conversation=conversation)
    _tell(conversation)
    thread = thread or conversation.thread
    return _private(conversation.account, thread) or Conversation.objects.create(
        account=conversation.account,
        handle=conversation.handle,
        thread=thread,
        public=False,
        subject=conversation.subject,
        language=conversation.language,
        form=conversation.form,
        assignee=conversation.assignee,
        team=conversation.team,
        topic=conversation.topic,
        question=conversation.question,
        confirmed=conversation.confirmed,
    )


def record_sent(
    *,
    conversation: Conversation,
    ref: Ref,
    text: str,
    at: datetime,
    url: str = "",
    author: int | None = None,
    event: Event | None = None,
) -> Message:
    """Puts a published reply of ours into its conversation; the echo and the send call meet in one message."""
    message, created = Message.objects.get_or_create(
        account_id=conversation.account_id,
        external_id=ref.id,
        defaults={
            "conversation": conversation,
            "direction": Direction.OUT,
            "external_version": ref.version,
            "text": text,
            "url": url,
            "author_id": author,
            "at": at,
            "changed_at": at,
            "event": event,
        },
    )
    if not created and author is not None and message.author_id is None:
        Message.objects.filter(pk=message.pk).update(author_id=author, url=url or F("url"))
    if created:
        answered = Conversation.objects.filter(pk__in=[conversation.pk, conversation.merged_into_id])
        answered.update(waiting_since=None, last_message_at=at)
    waiting_changed.send(Conversation, conversation=conversation)
    _tell(conversation)
    return message


def _tell(conversation: Conversation) -> None:
    tell("inbox", conversation=conversation.merged_into_id or conversation.pk)
    tell(f"conversation-{conversation.pk}")
