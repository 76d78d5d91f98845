"""The only writers of conversations, beside the intake of events."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.inbox.enums import Direction, Priority, State, Verdict
from hilft.inbox.handling.enums import Sorted
from hilft.inbox.handling.mentions import mention, written
from hilft.inbox.models import Conversation, Judgement, Message, Presence
from hilft.inbox.placing import locked_head
from hilft.inbox.queries import latest_inbound, messages_of
from hilft.inbox.signals import waiting_changed
from hilft.knowledge.commands import add_miss, add_wording, holder_of, remove_wording, take_back_miss
from hilft.knowledge.enums import Origin
from hilft.knowledge.models import Question
from hilft.people.certificates import require_certificate
from hilft.people.enums import Form, Gate
from hilft.people.errors import Refusal
from hilft.people.hours.queries import require_present
from hilft.people.models import User
from hilft.people.queries import require


@transaction.atomic
def assign(*, by: User, conversation: Conversation, to: User | None) -> None:
    """Gives a conversation to somebody, or back to the team."""
    require(by, "conversation.assign")
    if to is not None and not to.has_role("agent", "approver", "lead"):
        raise Refusal(_("%(name)s does not work on conversations.") % {"name": to.name})
    conversation = conversation.head
    if to is not None:
        require_present(to)
        require_certificate(to, Gate.ROUTE, conversation.account.kind)
    _update(conversation, assignee=to, assigned_at=now() if to else None, attended_at=None, lost_by=None)
    record(by=by, verb="inbox.assign", subject=conversation, to=to.pk if to else None)


@transaction.atomic
def close(*, by: User, conversation: Conversation) -> None:
    """Marks a conversation done; it opens again when the customer writes."""
    require(by, "conversation.work")
    conversation = conversation.head
    _update(conversation, state=State.DONE, later_until=None, waiting_since=None)
    record(by=by, verb="inbox.close", subject=conversation)


@transaction.atomic
def reopen(*, by: User, conversation: Conversation) -> None:
    """Opens a conversation again, waiting since the customer's last unanswered message."""
    require(by, "conversation.work")
    conversation = conversation.head
    latest = messages_of(conversation).filter(deleted_at=None).exclude(direction=Direction.NOTE).last()
    waiting = latest.at if latest and latest.direction == Direction.IN else None
    _update(conversation, state=State.OPEN, later_until=None, waiting_since=waiting, sorted_out=Sorted.NO, like=None)
    record(by=by, verb="inbox.reopen", subject=conversation)


@transaction.atomic
def snooze(*, by: User, conversation: Conversation, until: datetime) -> None:
    """Puts a conversation away until a time; it wakes earlier when the customer writes."""
    require(by, "conversation.work")
    if until <= now():
        raise Refusal(_("Choose a time in the future."))
    conversation = conversation.head
    _update(conversation, state=State.LATER, later_until=until)
    record(by=by, verb="inbox.snooze", subject=conversation, until=until.isoformat())


@transaction.atomic
def set_topic(*, by: User, conversation: Conversation, topic: str) -> None:
    """Says what a conversation is about."""
    require(by, "conversation.work")
    _update(conversation, topic=topic.strip()[:80])
    record(by=by, verb="inbox.set_topic", subject=conversation, topic=topic)


@transaction.atomic
def set_priority(*, by: User, conversation: Conversation, priority: str) -> None:
    """Says how urgent a conversation is."""
    require(by, "conversation.work")
    conversation = conversation.head
    _update(conversation, priority=Priority(priority))
    record(by=by, verb="inbox.set_priority", subject=conversation, priority=priority)


@transaction.atomic
def set_form(*, by: User, conversation: Conversation, form: str) -> None:
    """Corrects how this customer is addressed in this conversation."""
    require(by, "conversation.work")
    _update(conversation, form=Form(form))
    record(by=by, verb="inbox.set_form", subject=conversation, form=form)


@transaction.atomic
def note(*, by: User, conversation: Conversation, text: str) -> Message:
    """Leaves an internal note, which never leaves the house; whoever it speaks to by @name is told."""
    require(by, "conversation.work")
    if not text.strip():
        raise Refusal(_("A note needs words."))
    message = written(conversation, text.strip(), author=by, at=now())
    told = [one.user_id for one in mention(message)]
    record(by=by, verb="inbox.note", subject=message, conversation=conversation.pk, told=told)
    tell(f"conversation-{conversation.pk}")
    return message


@transaction.atomic
def come_back(*, conversation: Conversation, text: str, at: datetime) -> Message:
    """Notes what somebody outside found out; what it is worked on with is open again, and its customer waits for us."""
    conversation = Conversation.objects.select_for_update(of=("self",)).get(pk=conversation.pk)
    message = written(conversation, text, author=None, at=at)
    head = locked_head(conversation)
    _update(head, state=State.OPEN, later_until=None, waiting_since=head.waiting_since or at)
    record(by=None, verb="inbox.come_back", subject=conversation, note=message.pk)
    return message


@transaction.atomic
def judge(*, by: User, conversation: Conversation, verdict: Verdict, question: Question | None = None) -> Judgement:
    """Records a person's verdict on the latest message's suggestions; USED and PERSONAL confirm the question."""
    require(by, "conversation.work")
    latest = latest_inbound(conversation)
    if latest is None:
        raise Refusal(_("There is no customer message to judge."))
    question = holder_of(question) if question else None
    if verdict == Verdict.NONE:
        _update(conversation, question=None, confirmed=True, likeness="none")
    elif question is None:
        raise Refusal(_("Say which question is meant."))
    elif verdict in {Verdict.USED, Verdict.PERSONAL}:
        _update(conversation, question=question, confirmed=True, topic=conversation.topic or question.topic)
    elif verdict == Verdict.WRONG and conversation.question_id == question.pk:
        _update(conversation, question=None, confirmed=False)
    first = latest.matches.filter(rank=1).first()
    judgement = Judgement.objects.create(
        message=latest,
        question=question,
        verdict=verdict,
        by=by,
        suggested_id=first.question_id if first else None,
        chance=first.chance if first else None,
    )
    if question is not None and verdict == Verdict.WRONG:
        add_miss(by=by, question=question, text=latest.text, message=latest.pk)
    elif question is not None and verdict == Verdict.USED:
        take_back_miss(question=question, message=latest.pk)
    record(by=by, verb="inbox.judge", subject=judgement, verdict=verdict, question=question.pk if question else None)
    return judgement


@transaction.atomic
def keep_wording(*, by: User, judgement: Judgement) -> Judgement:
    """Adds the customer's words as a wording of the confirmed question, without personal data."""
    if judgement.question is None:
        raise Refusal(_("There is no question that this wording could belong to."))
    judgement.wording = add_wording(
        by=by,
        question=judgement.question,
        text=judgement.message.text,
        origin=Origin.CUSTOMER,
        language=judgement.message.language,
        message=judgement.message_id,
    )
    judgement.save(update_fields=["wording"])
    return judgement


@transaction.atomic
def drop_wording(*, by: User, judgement: Judgement) -> Judgement:
    """Undoes `keep_wording`."""
    if judgement.wording:
        remove_wording(by=by, wording=judgement.wording)
        judgement.wording = None
        judgement.save(update_fields=["wording"])
    return judgement


def note_due(*, conversation: Conversation, at: datetime | None) -> None:
    """Keeps by when a reply was promised, by which work is listed and given out; None where nothing is."""
    if conversation.due_at != at:
        conversation.due_at = at
        Conversation.objects.filter(pk=conversation.pk).update(due_at=at)


def be_present(*, by: User, conversation: Conversation, doing: str) -> None:
    """Says that somebody looks at or types in a conversation; told to others only when it changes."""
    known = Presence.objects.filter(conversation=conversation, user=by).first()
    Presence.objects.update_or_create(conversation=conversation, user=by, defaults={"doing": doing, "at": now()})
    Conversation.objects.filter(pk=conversation.pk, assignee=by).update(attended_at=now())
    if known is None or known.doing != doing:
        tell("presence", conversation=conversation.pk)


def leave(*, by: User, conversation: Conversation) -> None:
    """Says that somebody closed a conversation."""
    if Presence.objects.filter(conversation=conversation, user=by).delete()[0]:
        tell("presence", conversation=conversation.pk)


def forget_presences() -> None:
    """Where somebody was a day ago is nobody's business."""
    Presence.objects.filter(at__lt=now() - timedelta(days=1)).delete()


def _update(conversation: Conversation, **fields: object) -> None:
    for name, value in fields.items():
        setattr(conversation, name, value)
    conversation.save(update_fields=list(fields))
    if not fields.keys().isdisjoint({"waiting_since", "priority"}):
        waiting_changed.send(Conversation, conversation=conversation)
    tell("inbox", conversation=conversation.pk)
    tell(f"conversation-{conversation.pk}")
