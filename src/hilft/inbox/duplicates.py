"""Linking a conversation as a duplicate of a hosted question, contesting that, and taking it back exactly."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.channels.portal import commands as portal
from hilft.channels.portal.models import PortalPost
from hilft.inbox.enums import State, Verdict
from hilft.inbox.models import Conversation, Duplicate, Judgement, Message
from hilft.inbox.notices import tell_of_link
from hilft.inbox.queries import duplicate_of, latest_inbound
from hilft.inbox.signals import waiting_changed
from hilft.knowledge.commands import add_wording, as_wording, holder_of, remove_wording
from hilft.knowledge.enums import Origin
from hilft.knowledge.followers import followers_of, move_to_question, move_to_thread
from hilft.knowledge.models import Follower, Question, Wording
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.queries import require

KEPT = ("question_id", "likeness", "confirmed", "topic", "state", "later_until", "waiting_since")
"""What of a conversation a link changes, and undoing it restores."""


@transaction.atomic
def link(*, by: User, conversation: Conversation, question: Question) -> Duplicate:
    """Says that a hosted question's answer solves what is asked here; the asker's words join its wordings.

    On the portal the thread keeps its page, which leads to the answer from now on; its followers are told and follow
    the hosted question, and nobody waits any more. Elsewhere the reply is still to be sent.
    """
    require(by, "duplicate.link")
    conversation = _locked(conversation)
    question = holder_of(question)
    _not_without_answer(question, conversation)
    live = duplicate_of(conversation)
    if live and live.question_id == question.pk:
        return live
    if live:
        raise Refusal(_("This is linked to another question already. Undo that first."))
    before = {name: _plain(getattr(conversation, name)) for name in KEPT}
    latest = latest_inbound(conversation)
    judgement = None
    if latest:
        judgement = Judgement.objects.create(message=latest, question=question, verdict=Verdict.USED, by=by)
    duplicate = Duplicate.objects.create(
        conversation=conversation,
        question=question,
        wording=_join(by, conversation, question, latest),
        judgement=judgement,
        before=before,
        by=by,
    )
    _update(conversation, question=question, confirmed=True, topic=conversation.topic or question.topic)
    if conversation.account.kind == "portal":
        _answer(duplicate)
    record(by=by, verb="inbox.link_duplicate", subject=duplicate, question=question.pk)
    return duplicate


@transaction.atomic
def undo(*, by: User, duplicate: Duplicate) -> Conversation:
    """Takes a link back: conversation, wording, verdict and followers are as before, except for what came since."""
    require(by, "duplicate.link")
    duplicate = Duplicate.objects.select_for_update(of=("self",)).select_related("wording").get(pk=duplicate.pk)
    conversation = _locked(duplicate.conversation)
    if duplicate.undone_at:
        return conversation
    if duplicate.wording and duplicate.wording.removed_at is None:
        remove_wording(by=by, wording=duplicate.wording)
    if duplicate.judgement:
        duplicate.judgement.delete()
    move_to_thread(keys=duplicate.moved, made=duplicate.made)
    _restore(conversation, duplicate)
    duplicate.undone_at, duplicate.undone_by, duplicate.judgement = now(), by, None
    duplicate.save(update_fields=["undone_at", "undone_by", "judgement"])
    record(by=by, verb="inbox.undo_duplicate", subject=duplicate, question=duplicate.question_id)
    return conversation


@transaction.atomic
def contest(*, duplicate: Duplicate, reason: str) -> Duplicate:
    """The asker says that it was not answered: the reason joins the thread, and a person looks at it again."""
    duplicate = Duplicate.objects.select_for_update(of=("self",)).get(pk=duplicate.pk)
    if duplicate.undone_at:
        raise Refusal(_("This link has been taken back already. We are working on your question."))
    if duplicate.contested_at:
        raise Refusal(_("You have told us already. We are looking at your question again."))
    if not reason.strip():
        raise Refusal(_("Say in a few words what is missing."))
    post = asked_by(duplicate.conversation)
    if post is None:
        raise Refusal(_("This question is not there any more."))
    portal.add(to=post, text=reason)
    duplicate.contested_at, duplicate.reason = now(), reason.strip()[:1000]
    duplicate.save(update_fields=["contested_at", "reason"])
    conversation = _locked(duplicate.conversation)
    _update(
        conversation,
        state=State.OPEN,
        later_until=None,
        waiting_since=conversation.waiting_since or duplicate.contested_at,
    )
    record(by=None, verb="inbox.contest_duplicate", subject=duplicate, reason=duplicate.reason)
    return duplicate


def asked_by(conversation: Conversation) -> PortalPost | None:
    """The guest's post that a thread on the portal began with, while it stands."""
    if conversation.account.kind != "portal":
        return None
    posts = PortalPost.objects.filter(thread=UUID(conversation.thread), brand=False).order_by("created_at", "pk")
    first = posts.select_related("account").first()
    return first if first and first.deleted_at is None else None


def _answer(duplicate: Duplicate) -> None:
    """On the portal the link is the answer: nobody waits, and everybody who does is told."""
    conversation, post = duplicate.conversation, asked_by(duplicate.conversation)
    _update(conversation, state=State.DONE, later_until=None, waiting_since=None)
    thread = UUID(conversation.thread)
    duplicate.moved, duplicate.made = move_to_question(
        thread=thread,
        question=duplicate.question,
        asker=post.email if post else "",
        language=post.language if post else "de",
    )
    duplicate.save(update_fields=["moved", "made"])
    told = followers_of(question=duplicate.question).filter(pk__in=[*duplicate.moved, duplicate.made or 0])
    for follower in told:
        asker = bool(post and follower.email == post.email)
        tell_of_link(duplicate, follower, post.title if post else "", asker=asker)
    if post and not any(follower.email == post.email for follower in told):
        known = Follower.objects.get(question=duplicate.question, email=post.email)
        tell_of_link(duplicate, known, post.title, asker=True)


def _not_without_answer(question: Question, conversation: Conversation) -> None:
    hosted = Question.objects.public() if conversation.account.kind == "portal" else Question.objects.hosted()
    if not hosted.filter(pk=question.pk).exists():
        raise Refusal(_("The question needs an answer first, on the portal one that everybody may read."))


def _join(by: User, conversation: Conversation, question: Question, latest: Message | None) -> Wording | None:
    """The wording that the link adds; None where these words are known or there are none."""
    words = conversation.subject if conversation.account.kind == "portal" else latest.text if latest else ""
    text = as_wording(words)
    if not text or question.wordings.current().filter(text=text).exists():
        return None
    message = latest.pk if latest else None
    return add_wording(by=by, question=question, text=words, origin=Origin.CUSTOMER, message=message)


def _restore(conversation: Conversation, duplicate: Duplicate) -> None:
    """What the link changed is as before; what people or the customer changed since stays theirs."""
    before: dict[str, Any] = duplicate.before
    found = {name: before[name] for name in ("likeness", "topic")}
    if conversation.question_id == duplicate.question_id and conversation.confirmed:
        question = Question.objects.filter(pk=before["question_id"] or 0).first()
        found |= {"question": question.holder if question else None, "confirmed": before["confirmed"]}
    waiting, later = (_moment(before[name]) for name in ("waiting_since", "later_until"))
    if conversation.state == State.DONE and conversation.waiting_since is None:
        found |= {"state": before["state"], "later_until": later, "waiting_since": waiting}
    elif conversation.waiting_since and waiting:
        found |= {"waiting_since": min(waiting, conversation.waiting_since)}
    _update(conversation, **found)


def _locked(conversation: Conversation) -> Conversation:
    return Conversation.objects.select_for_update(of=("self",)).select_related("account").get(pk=conversation.pk)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _update(conversation: Conversation, **fields: object) -> None:
    for name, value in fields.items():
        setattr(conversation, name, value)
    conversation.save(update_fields=[name.removesuffix("_id") for name in fields])
    if "waiting_since" in fields:
        waiting_changed.send(Conversation, conversation=conversation)
    tell("inbox", conversation=conversation.pk)
    tell(f"conversation-{conversation.pk}")
