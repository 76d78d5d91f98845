"""Guests who follow a question ("me too"), by an address that they proved. The only writer of followers."""

import uuid
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from hilft.base.clock import now
from hilft.base.queue import enqueue
from hilft.channels.portal.models import PortalPost
from hilft.knowledge.models import Follower, Question, Version
from hilft.knowledge.notices import ask_to_confirm, tell_of_answer, tell_of_reply, title_of
from hilft.people.errors import Refusal

WINDOW = timedelta(hours=1)
UNCONFIRMED_PER_ADDRESS = 3
UNCONFIRMED_IN_ALL = 100
"""What waits for confirmation within an hour, of one address and of all: enough for people, too little for a flood."""

KEEP_UNCONFIRMED = timedelta(days=7)
PORTION = 200


@transaction.atomic
def follow(
    *, email: str, language: str, me_too: bool, thread: UUID | None = None, question: Question | None = None
) -> Follower:
    """Keeps a wish to follow a thread or a hosted question and sends the link that makes it true.

    Whoever follows already gets no mail, and the page says the same: nobody learns who follows what.
    """
    Follower.objects.filter(verified_at=None, created_at__lt=now() - KEEP_UNCONFIRMED).delete()
    email, question = email.strip().lower(), question.holder if question else None
    known = Follower.objects.filter(email=email, **_what(thread, question)).first()
    if known and known.verified_at:
        return known
    recent = Follower.objects.filter(verified_at=None, created_at__gte=now() - WINDOW)
    if recent.count() >= UNCONFIRMED_IN_ALL or recent.filter(email=email).count() >= UNCONFIRMED_PER_ADDRESS:
        raise Refusal(_("We have already sent you several mails. Please confirm one of them first."))
    if known:
        known.delete()
    follower = Follower.objects.create(email=email, language=language, me_too=me_too, thread=thread, question=question)
    ask_to_confirm(follower, title_for(follower), key=uuid.uuid4().hex)
    return follower


@transaction.atomic
def confirm(pk: int) -> Follower:
    """The address is proven: from now on they hear of it."""
    follower = Follower.objects.select_for_update().filter(pk=pk).first()
    if follower is None:
        raise Refusal(_("You do not follow this question any more."))
    if follower.verified_at is None:
        follower.verified_at = now()
        follower.save(update_fields=["verified_at"])
    return follower


@transaction.atomic
def unfollow(pk: int) -> None:
    """Forgets the address, also where it waits behind the same question for a merge or link to be undone."""
    follower = Follower.objects.filter(pk=pk).first()
    if follower is None:
        return
    same = Q(pk=pk)
    if follower.thread:
        same |= Q(thread=follower.thread)
    if follower.question_id:
        same |= Q(question=follower.question_id) | Q(question__merged_into=follower.question_id)
    Follower.objects.filter(same, email=follower.email).delete()


def move_to_question(*, thread: UUID, question: Question, asker: str, language: str) -> tuple[list[int], int | None]:
    """Whoever followed the thread follows the hosted question instead, its asker first among them.

    Returns the keys of those who moved and of the row made for the asker; who follows the question already stays.
    """
    made = None
    if asker and not Follower.objects.filter(question=question, email=asker).exists():
        mine = Follower.objects.filter(thread=thread, email=asker).first()
        if mine is None:
            mine = Follower.objects.create(
                email=asker, language=language, thread=thread, question=question, verified_at=now()
            )
            made = mine.pk
        elif mine.verified_at is None:
            Follower.objects.filter(pk=mine.pk).update(verified_at=now())  # the address was proven by asking
    there = Follower.objects.filter(question=question).values("email")
    moving = Follower.objects.filter(thread=thread, question=None).exclude(email__in=there)
    keys = list(moving.order_by("pk").values_list("pk", flat=True))
    Follower.objects.filter(pk__in=keys).update(question=question)
    return keys, made


def move_to_thread(*, keys: list[int], made: int | None) -> None:
    """Undoes `move_to_question`; whoever unfollowed meanwhile stays away."""
    Follower.objects.filter(pk__in=keys).update(question=None)
    Follower.objects.filter(pk=made or 0).delete()


def followers_of(*, thread: UUID | None = None, question: Question | None = None) -> QuerySet[Follower]:
    """Those who proved their address, in the order they came."""
    return Follower.objects.filter(verified_at__isnull=False, **_what(thread, question)).order_by("pk")


def too(*, thread: UUID | None = None, question: Question | None = None) -> int:
    """How many people said that they have this question as well."""
    return followers_of(thread=thread, question=question).filter(me_too=True).count()


def tell_reply(*, thread: UUID, key: str) -> None:
    """Tells everybody who follows a thread that we replied there; its asker has a mail of their own."""
    for follower in followers_of(thread=thread):
        tell_of_reply(follower, title_for(follower), key=key)


def tell_answer(*, version: Version, after: int = 0) -> None:
    """Tells the next portion of a question's followers that its answer is new or changed, and asks for another go."""
    question = version.answer.question
    part = list(followers_of(question=question).filter(pk__gt=after)[:PORTION])
    for follower in part:
        tell_of_answer(follower, question, key=f"version-{version.pk}")
    if len(part) == PORTION:
        enqueue("knowledge.tell_followers", version=version.pk, after=part[-1].pk)


def title_for(follower: Follower) -> str:
    """What it is that somebody follows, in their language."""
    if follower.question:
        return title_of(follower.question, follower.language)
    if follower.thread is None:
        return ""
    post = PortalPost.objects.filter(thread=follower.thread, brand=False).order_by("created_at", "pk").first()
    return post.title if post else ""


def _what(thread: UUID | None, question: Question | None) -> dict[str, object]:
    """A thread's own followers are those that were not moved to a question."""
    return {"question": question} if question else {"thread": thread, "question": None}
