"""New questions that keep coming: kept up to date by a job, and made hosted questions by an editor."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final

import numpy as np
from django.db import transaction
from django.db.models import Min, OuterRef, Subquery
from django.utils.translation import gettext as _
from pgvector import HalfVector

from hilft.audit.commands import record
from hilft.base.clock import now
from hilft.base.live import tell
from hilft.inbox.enums import Direction
from hilft.inbox.grouping import clusters, name_of, successor
from hilft.inbox.models import Conversation, Group, Match, Message, Stray
from hilft.knowledge.commands import add_question, add_wording
from hilft.knowledge.enums import Likeness, Origin
from hilft.knowledge.matching import Matcher, present
from hilft.knowledge.models import Question, Wording
from hilft.knowledge.readers import PROJECTED
from hilft.people.errors import Refusal
from hilft.people.models import User
from hilft.people.queries import require
from hilft.reading.embedding import unit

WEEKS: Final = timedelta(weeks=4)
MOST: Final = 3000
"""Conversations grouped at a time, the newest: their similarities take 36 MB."""

PORTION: Final = 200
"""Texts encoded in one run: a new installation catches up over some runs."""


def collect(*, using: Matcher | None = None) -> None:
    """Reads what nothing fits and is new, lets go of what fits by now, and groups the rest."""
    matcher = using or present()
    name = f"{matcher.encoder.name}/{matcher.trained.name}"[:40]
    strays = _strays()
    known = dict(Stray.objects.filter(encoder=name).values_list("conversation", "message"))
    fresh = [message for message in strays if known.get(message.conversation_id) != message.pk][:PORTION]
    vectors = unit(matcher.encoder.encode([text_of(message) for message in fresh]) @ matcher.trained.projection)
    with transaction.atomic():
        Stray.objects.exclude(conversation__in=[message.conversation_id for message in strays]).delete()
        for message, vector in zip(fresh, vectors, strict=True):
            Stray.objects.update_or_create(
                conversation_id=message.conversation_id,
                defaults={
                    "message": message,
                    "embedding": HalfVector(vector.tolist()),
                    "encoder": name,
                },
            )
        _group(name)


@transaction.atomic
def host(*, by: User, group: Group, title: str, topic: str, wordings: Collection[int]) -> Question:
    """Makes a hosted question of a group: chosen messages become wordings, its conversations wait for the answer.

    Publishing the answer suggests it in each of them as certain, and shows them as waiting on the same question.
    """
    require(by, "knowledge.write")
    group = Group.objects.select_for_update().get(pk=group.pk)
    if group.question_id:
        raise Refusal(_("Somebody has made a question of this group already."))
    question = add_question(by=by, title=title, topic=topic)
    strays = list(group.strays.select_related("message").order_by("pk"))
    for stray in strays:
        if stray.pk in wordings:
            words, message = text_of(stray.message), stray.message_id
            add_wording(by=by, question=question, text=words, origin=Origin.CUSTOMER, message=message)
    for stray in strays:
        Match.objects.filter(message=stray.message_id).delete()
        Match.objects.create(message_id=stray.message_id, question=question, rank=1, score=1.0, likeness=Likeness.SURE)
    Conversation.objects.filter(pk__in=[stray.conversation_id for stray in strays]).update(
        question=question, confirmed=True, likeness=Likeness.SURE
    )
    group.question = question
    group.save(update_fields=["question"])
    record(by=by, verb="inbox.host_group", subject=group, question=question.pk, conversations=len(strays))
    tell("inbox")
    return question


def text_of(message: Message) -> str:
    """What was asked, with its subject, as the matcher reads it."""
    return f"{message.subject}\n{message.text}".strip()


def _strays() -> list[Message]:
    """The latest messages of conversations of the last weeks that nothing fits, newest first."""
    inbound = Message.objects.filter(direction=Direction.IN, deleted_at=None, automatic=False)
    latest = inbound.filter(conversation=OuterRef("pk")).order_by("-at", "-pk").values("pk")[:1]
    recent = Conversation.objects.filter(question=None, automatic=False, last_message_at__gte=now() - WEEKS)
    found = recent.filter(likeness=Likeness.NONE).order_by("-last_message_at", "-pk").annotate(latest=Subquery(latest))
    keys = [key for key in found.values_list("latest", flat=True)[:MOST] if key]
    by_key = Message.objects.in_bulk(keys)
    return [by_key[key] for key in keys if len(text_of(by_key[key])) > 3]


def _group(name: str) -> None:
    rows = list(Stray.objects.filter(encoder=name).select_related("message", "conversation").order_by("pk"))
    vectors = np.array([row.embedding for row in rows], np.float32).reshape(len(rows), PROJECTED)
    texts = [text_of(row.message) for row in rows]
    everything = [*texts, *Wording.objects.current().order_by("-pk").values_list("text", flat=True)[:MOST]]
    before: dict[int, list[int]] = {}
    for row in rows:
        if row.group_id:
            before.setdefault(row.group_id, []).append(row.pk)
    Stray.objects.filter(pk__in=[row.pk for row in rows]).update(group=None)
    kept = []
    for members in clusters(vectors):
        found = [rows[i] for i in members]
        if len({row.conversation.handle_id for row in found}) > 1:
            kept.append(_store(found, name_of([texts[i] for i in members], everything), before))
    Group.objects.filter(question=None).exclude(pk__in=kept).delete()


def _store(found: list[Stray], name: str, before: dict[int, list[int]]) -> int:
    keys = [row.pk for row in found]
    since = Message.objects.filter(pk__in=[row.message_id for row in found]).aggregate(at=Min("at"))["at"]
    fields = {"name": name[:120], "since": since, "size": len(found)}
    old = successor(keys, before)
    group = Group.objects.filter(pk=old or 0).first() or Group()
    if old:
        before.pop(old)
    for field, value in fields.items():
        setattr(group, field, value)
    group.save()
    Stray.objects.filter(pk__in=keys).update(group=group)
    return group.pk
