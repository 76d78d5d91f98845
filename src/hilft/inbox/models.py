"""Conversations made of messages, what they may ask, and who is looking at them."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from pgvector.django import HalfVectorField

from hilft.base.enums import Language
from hilft.channels.models import Account, Event
from hilft.inbox.enums import Direction, Doing, Priority, State, Verdict
from hilft.inbox.handling import models as handling  # noqa: F401  a part of this package
from hilft.inbox.handling.enums import Sorted
from hilft.knowledge.enums import Likeness
from hilft.knowledge.models import Question, Wording
from hilft.knowledge.readers import PROJECTED
from hilft.people.enums import Form
from hilft.people.models import Handle, Team, User


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def open(self) -> Self:
        return self.filter(state=State.OPEN)

    def standing(self) -> Self:
        """Those that are worked on for themselves: not merged into another one."""
        return self.filter(merged_into=None)

    def waiting(self) -> Self:
        return self.filter(state=State.OPEN, waiting_since__isnull=False)

    def mine(self, user: User) -> Self:
        return self.filter(state=State.OPEN, assignee=user)

    def unassigned(self) -> Self:
        return self.filter(state=State.OPEN, assignee=None)

    def longest_waiting_first(self) -> Self:
        return self.order_by(F("waiting_since").asc(nulls_last=True), "pk")

    def due_first(self) -> Self:
        return self.order_by(F("due_at").asc(nulls_last=True), F("waiting_since").asc(nulls_last=True), "pk")


class Conversation(models.Model):
    """One matter of one contact in one place; public and private ones are never the same.

    `assigned_at` is when its assignee got it, `attended_at` when they last looked at it, `lost_by` who let it lie;
    `due_at` is by when a reply was promised, empty while nobody waits or nothing was promised. `like` is the spam of
    the same author because of which this is spam; `merged_into` the one that it is worked on with; `split_from` the one
    that its messages were taken out of.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="conversations")
    handle = models.ForeignKey(Handle, models.PROTECT, related_name="conversations")
    thread = models.CharField(max_length=500)
    public = models.BooleanField()
    subject = models.CharField(max_length=300, blank=True)
    preview = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=10, default=Language.DE)
    form = models.CharField(max_length=10, choices=Form, default=Form.UNKNOWN)
    automatic = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    later_until = models.DateTimeField(null=True)
    assignee = models.ForeignKey(User, models.PROTECT, null=True, related_name="conversations")
    assigned_at = models.DateTimeField(null=True)
    attended_at = models.DateTimeField(null=True)
    lost_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    team = models.ForeignKey(Team, models.SET_NULL, null=True)
    topic = models.CharField(max_length=80, blank=True)
    priority = models.CharField(max_length=10, choices=Priority, default=Priority.NORMAL)
    tags = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    sorted_out = models.CharField(max_length=10, choices=Sorted, default=Sorted.NO, blank=True)
    like = models.ForeignKey("self", models.SET_NULL, null=True, related_name="alike")
    follow_up_at = models.DateTimeField(null=True)
    follow_up_note = models.CharField(max_length=300, blank=True)
    follow_up_woke = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="strands")
    split_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="splits")
    waiting_since = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    last_message_at = models.DateTimeField(null=True)
    question = models.ForeignKey(Question, models.SET_NULL, null=True, related_name="conversations")
    likeness = models.CharField(max_length=10, choices=Likeness, default="", blank=True)
    confirmed = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[ConversationQuerySet] = ConversationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "thread", "handle", "public"],
                condition=Q(split_from=None),
                name="conversation_once",
            ),
        ]
        indexes = [
            models.Index(fields=["waiting_since", "id"], condition=Q(state="open"), name="conversation_open"),
            models.Index(fields=["due_at", "waiting_since", "id"], condition=Q(state="open"), name="conversation_due"),
            models.Index(fields=["assignee", "waiting_since"], condition=Q(state="open"), name="conversation_mine"),
            models.Index(fields=["-last_message_at", "-id"], name="conversation_recent"),
            models.Index(
                fields=["state", "assignee", "waiting_since"],
                condition=Q(state__in=["open", "later"], merged_into=None),
                name="conversation_live",
            ),
            models.Index(
                fields=["last_message_at", "question"], condition=Q(question__isnull=False), name="conversation_asking"
            ),
            models.Index(
                fields=["follow_up_at", "id"], condition=Q(follow_up_at__isnull=False), name="conversation_followed"
            ),
            models.Index(
                fields=["sorted_out", "-last_message_at"], condition=~Q(sorted_out=""), name="conversation_sorted"
            ),
            GinIndex(fields=["tags"], name="conversation_tags"),
        ]

    @property
    def head(self) -> Conversation:
        """The one that it is worked on with: itself where it was not merged."""
        return self.merged_into or self


class Message(models.Model):
    """One post, comment, mail or note; `addressed` says that its author spoke to us, others we merely found."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    direction = models.CharField(max_length=5, choices=Direction)
    external_id = models.CharField(max_length=500, null=True)  # noqa: DJ001  notes have none, and NULLs are never equal
    external_version = models.CharField(max_length=300, null=True)  # noqa: DJ001  absent where a network has none
    root = models.JSONField(null=True)
    text = models.TextField(blank=True)
    subject = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=600, blank=True)
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    language = models.CharField(max_length=10, blank=True)
    form = models.CharField(max_length=10, choices=Form, default=Form.UNKNOWN)
    automatic = models.BooleanField(default=False)
    addressed = models.BooleanField(default=True)
    at = models.DateTimeField()
    changed_at = models.DateTimeField()
    received_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    event = models.ForeignKey(Event, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("account", "external_id", name="message_once")]
        indexes = [models.Index(fields=["conversation", "at", "id"], name="message_thread")]

    @property
    def is_inbound(self) -> bool:
        """Whether the customer wrote it."""
        return self.direction == Direction.IN


class MessageVersion(models.Model):
    """What a message said before its author edited it."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="versions")
    text = models.TextField()
    until = models.DateTimeField()


class Gone(models.Model):
    """A post that was deleted before we heard of it; it must not appear when its news arrives late."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    external_id = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("account", "external_id", name="gone_once")]


class Match(models.Model):
    """The claim that a message asks a hosted question."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="matches")
    question = models.ForeignKey(Question, models.CASCADE, related_name="matches")
    wording = models.ForeignKey(Wording, models.SET_NULL, null=True, related_name="+")
    rank = models.PositiveSmallIntegerField()
    score = models.FloatField()
    likeness = models.CharField(max_length=10, choices=Likeness)
    chance = models.FloatField(null=True)
    """Of the first one: how likely it was before this installation's verdicts had their say."""

    class Meta:
        constraints = [models.UniqueConstraint("message", "question", name="match_once")]


class Judgement(models.Model):
    """A person's verdict on a match, or that none fits (without a question). Never changed, only added."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="judgements")
    question = models.ForeignKey(Question, models.CASCADE, null=True, related_name="judgements")
    verdict = models.CharField(max_length=10, choices=Verdict)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    wording = models.ForeignKey(Wording, models.SET_NULL, null=True, related_name="+")
    suggested = models.ForeignKey(Question, models.SET_NULL, null=True, related_name="+")
    """What the matcher had put first, shown or not, and how likely it was before own verdicts had their say."""
    chance = models.FloatField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["question", "at", "verdict"],
                condition=Q(verdict__in=["wrong", "outdated"]),
                name="judgement_against",
            )
        ]


class Duplicate(models.Model):
    """The link that says: this was asked before, and the hosted question's answer solves it.

    `before` holds how the conversation stood, `moved` and `made` the followers that went along, for undoing it.
    """

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="duplicates")
    question = models.ForeignKey(Question, models.CASCADE, related_name="duplicates")
    wording = models.ForeignKey(Wording, models.SET_NULL, null=True, related_name="+")
    judgement = models.ForeignKey(Judgement, models.SET_NULL, null=True, related_name="+")
    before = models.JSONField()
    moved = models.JSONField(default=list)
    made = models.BigIntegerField(null=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    contested_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=1000, blank=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("conversation", condition=Q(undone_at=None), name="duplicate_once")]


class Receipt(models.Model):
    """The receipt for a mail, with the hosted questions it shows, and which of them solved it; `key` counts that."""

    message = models.OneToOneField(Message, models.CASCADE, related_name="receipt")
    key = models.UUIDField(unique=True)
    questions = models.JSONField(default=list)
    left_at = models.DateTimeField(null=True)
    solved = models.ForeignKey(Question, models.SET_NULL, null=True, related_name="+")
    solved_at = models.DateTimeField(null=True)


class Group(models.Model):
    """A new question that keeps coming although nothing hosted fits, named by its own words; `question` once hosted."""

    name = models.CharField(max_length=120)
    since = models.DateTimeField()
    size = models.PositiveIntegerField()
    question = models.ForeignKey(Question, models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [models.Index(fields=["-size", "-since"], condition=Q(question=None), name="group_open")]


class Stray(models.Model):
    """A conversation that nothing hosted fits, with the meaning of what was asked, until something does."""

    conversation = models.OneToOneField(Conversation, models.CASCADE, related_name="stray")
    message = models.ForeignKey(Message, models.CASCADE, related_name="+")
    embedding = HalfVectorField(dimensions=PROJECTED)
    encoder = models.CharField(max_length=40)
    group = models.ForeignKey(Group, models.SET_NULL, null=True, related_name="strays")


class Presence(models.Model):
    """Who has a conversation open, and whether they type."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    doing = models.CharField(max_length=10, choices=Doing)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("conversation", "user", name="presence_once")]
