"""Replies from first word to last correction: drafts, deliveries, placements, corrections."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from hilft.base.enums import Address, Language
from hilft.channels.models import Account
from hilft.inbox.models import Conversation, Message
from hilft.knowledge.causes.models import Cause
from hilft.knowledge.models import Question, Text, Version
from hilft.people.models import Contact, User
from hilft.publishing.enums import (
    Action,
    CorrectionState,
    DeliveryState,
    DraftState,
    GroupState,
    How,
    ItemState,
    PlacementState,
)
from hilft.publishing.macros import models as macros  # noqa: F401  a part of this package

SUBJECT_DRAFT = "publishing.draft"
SUBJECT_CORRECTION = "publishing.correction"
SUBJECT_GROUP = "publishing.group"


class GroupReply(models.Model):
    """One answer to everybody who waits on its question, or that its cause is closed to everybody who asked.

    `left_out` names whom it could not be given to, and why; `texts` are what is said of a cause.
    """

    question = models.ForeignKey(Question, models.PROTECT, null=True, related_name="group_replies")
    version = models.ForeignKey(Version, models.PROTECT, null=True, related_name="+")
    cause = models.ForeignKey(Cause, models.PROTECT, null=True, related_name="group_replies")
    texts = models.JSONField(default=dict)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=GroupState, default=GroupState.WAITING)
    rule = models.CharField(max_length=50, blank=True)
    left_out = models.JSONField(default=list)
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(cause=None, question__isnull=False, version__isnull=False)
                | Q(cause__isnull=False, question=None, version=None),
                name="group_reply_of_question_or_cause",
            )
        ]

    @property
    def title(self) -> str:
        """What it is about."""
        return self.cause.name if self.cause else self.question.title if self.question else ""


class Draft(models.Model):
    """A reply being written; `rendering` is what was inserted from the answer, to see what was changed.

    `by_hand` says that a person posts it with the network's own app, because the network refuses it from us. `facts`
    are what the rules asked about when it was submitted; `sampled` says that texts like it are looked at by sample.
    `before_edit` is what the author had submitted before a second person changed it; `then` are the steps to be taken
    when it has left.
    """

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="drafts")
    author = models.ForeignKey(User, models.PROTECT, related_name="drafts")
    state = models.CharField(max_length=10, choices=DraftState, default=DraftState.EDITING)
    public = models.BooleanField()
    by_hand = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    rendering = models.TextField(blank=True)
    source = models.ForeignKey(Text, models.PROTECT, null=True, related_name="+")
    group = models.ForeignKey(GroupReply, models.SET_NULL, null=True, related_name="drafts")
    reply_to = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="+")
    seen = models.BigIntegerField(default=0)
    stopped = models.CharField(max_length=300, blank=True)
    rule = models.CharField(max_length=50, blank=True)
    facts = models.JSONField(null=True)
    sampled = models.BooleanField(default=False)
    before_edit = models.TextField(blank=True)
    then = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "conversation",
                "author",
                condition=Q(state__in=["editing", "waiting", "released"]),
                name="draft_one_at_a_time",
            )
        ]

    @property
    def unchanged(self) -> bool:
        """Whether the text is exactly what the answer's rendering says."""
        return bool(self.rendering) and self.text.strip() == self.rendering.strip()


class Delivery(models.Model):
    """One effect on a network, at most once: the idempotency key never changes between attempts.

    `begun_at` is when the first attempt began, `left_at` until when the network may have been at work on the latest.
    """

    idempotency = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    action = models.CharField(max_length=10, choices=Action, default=Action.PUBLISH)
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.QUEUED)
    draft = models.OneToOneField(Draft, models.PROTECT, null=True, related_name="delivery")
    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="deliveries")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    reply_to = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="+")
    target = models.ForeignKey("Placement", models.PROTECT, null=True, related_name="deliveries")
    text = models.TextField()
    public = models.BooleanField()
    due_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state__in=["queued", "sending"]), name="delivery_due"),
            models.Index(fields=["-id"], condition=Q(state="person"), name="delivery_person"),
        ]


class PlacementQuerySet(models.QuerySet["Placement"]):
    def made_before(self, version: Version) -> Self:
        """Replies that stand out there from older versions, or from answers of questions that were merged or split."""
        same = Q(source__version__answer=version.answer_id)
        return self.filter(
            ~same | same & Q(source__version__number__lt=version.number),
            question=version.answer.question_id,
            source__isnull=False,
            state__in=[PlacementState.CURRENT, PlacementState.OUTDATED, PlacementState.PERSON],
            replaced_by=None,
        )


class Placement(models.Model):
    """A published reply out there: what it says, where, and from which version by whom under which rule.

    `source` is the exact text that it was made from, `question` the one whose answer corrects it.
    """

    delivery = models.OneToOneField(Delivery, models.PROTECT, related_name="placement")
    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="placements")
    account = models.ForeignKey(Account, models.PROTECT, related_name="placements")
    message = models.OneToOneField(Message, models.PROTECT, related_name="placement")
    external_id = models.CharField(max_length=500)
    external_version = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=600, blank=True)
    text = models.TextField()
    source = models.ForeignKey(Text, models.PROTECT, null=True, related_name="placements")
    question = models.ForeignKey(Question, models.PROTECT, null=True, related_name="placements")
    unchanged = models.BooleanField()
    public = models.BooleanField()
    language = models.CharField(max_length=10, choices=Language, default=Language.DE)
    address = models.CharField(max_length=10, choices=Address, default=Address.NONE)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    approver = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    rule = models.CharField(max_length=50)
    state = models.CharField(max_length=10, choices=PlacementState, default=PlacementState.CURRENT)
    replaced_by = models.ForeignKey("self", models.SET_NULL, null=True, related_name="replaces")
    published_at = models.DateTimeField()
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[PlacementQuerySet] = PlacementQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint("account", "external_id", name="placement_once"),
            models.CheckConstraint(
                condition=Q(approver__isnull=True) | ~Q(approver=F("author")), name="placement_author_is_not_approver"
            ),
        ]
        indexes = [
            models.Index(fields=["-published_at", "-id"], name="placement_recent"),
            models.Index(fields=["question", "-published_at"], name="placement_of_question"),
            models.Index(fields=["published_at", "question"], name="placement_used"),
        ]


class PlacementChange(models.Model):
    """What a placement said before it was corrected."""

    placement = models.ForeignKey(Placement, models.CASCADE, related_name="changes")
    delivery = models.OneToOneField(Delivery, models.PROTECT, related_name="+")
    before = models.TextField()
    source_before = models.ForeignKey(Text, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()


class Correction(models.Model):
    """What happens to all replies made from older versions when a new one is published."""

    version = models.OneToOneField(Version, models.PROTECT, related_name="correction")
    planned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=CorrectionState, default=CorrectionState.PLANNED)
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)


class CorrectionItem(models.Model):
    """The correction of one placement."""

    correction = models.ForeignKey(Correction, models.CASCADE, related_name="items")
    placement = models.ForeignKey(Placement, models.PROTECT, related_name="corrections")
    how = models.CharField(max_length=15, choices=How)
    text = models.TextField(blank=True)
    source = models.ForeignKey(Text, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ItemState, default=ItemState.PLANNED)
    delivery = models.OneToOneField(Delivery, models.PROTECT, null=True, related_name="correction_item")
    remark = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("correction", "placement", name="correction_item_once")]


class Told(models.Model):
    """That a person was told of a cause; a discarded draft told nobody."""

    cause = models.ForeignKey(Cause, models.CASCADE, related_name="told")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("cause", "contact", name="told_once")]
