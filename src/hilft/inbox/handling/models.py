"""What handiwork leaves behind, so that it can be seen and undone."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from hilft.inbox.handling.enums import BulkState, Do, JoiningKind


class Tag(models.Model):
    """A word by which conversations are found again; what it is on stands with the conversations."""

    name = models.CharField(_("name"), max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="tag_once")]


class IntakeRule(models.Model):
    """When a message comes in for which `when` holds, then each of `then` is done; `last` asks no rule after it."""

    label = models.CharField(max_length=200)
    label_en = models.CharField(max_length=200, blank=True)
    position = models.PositiveIntegerField()
    when = models.JSONField(default=dict)
    then = models.JSONField(default=list)
    last = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [models.Index(fields=["position"], condition=Q(active=True), name="intake_rule_asked")]


class Bulk(models.Model):
    """One step for many conversations: planned, looked at, then done row by row; undone the same way."""

    step = models.JSONField()
    state = models.CharField(max_length=10, choices=BulkState, default=BulkState.PLANNED)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)


class Step(models.Model):
    """One thing that a person or a rule did to a conversation, with what stood before and after it."""

    conversation = models.ForeignKey("inbox.Conversation", models.CASCADE, related_name="steps")
    do = models.CharField(max_length=12, choices=Do)
    before = models.JSONField()
    after = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    rule = models.ForeignKey(IntakeRule, models.SET_NULL, null=True, related_name="steps")
    rule_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["conversation", "-id"], name="step_of_conversation")]


class BulkRow(models.Model):
    """A conversation of a step for many; `skipped` says why it is left out, `kept` what an undo could not restore."""

    bulk = models.ForeignKey(Bulk, models.CASCADE, related_name="rows")
    conversation = models.ForeignKey("inbox.Conversation", models.CASCADE, related_name="+")
    step = models.OneToOneField(Step, models.SET_NULL, null=True, related_name="row")
    skipped = models.CharField(max_length=200, blank=True)
    settled = models.BooleanField(default=False)
    kept = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint("bulk", "conversation", name="bulk_row_once")]
        indexes = [models.Index(fields=["bulk", "id"], condition=Q(settled=False), name="bulk_row_left")]


class Acted(models.Model):
    """That a rule acted on a message, so that it does so once."""

    rule = models.ForeignKey(IntakeRule, models.CASCADE, related_name="acted")
    message = models.ForeignKey("inbox.Message", models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint("message", "rule", name="acted_once")]


class Mention(models.Model):
    """That a note speaks to a colleague, and when they read it."""

    note = models.ForeignKey("inbox.Message", models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("note", "user", name="mention_once")]
        indexes = [models.Index(fields=["user"], condition=Q(read_at=None), name="mention_unread")]


class Joining(models.Model):
    """Two conversations worked on as one, or messages taken out into one of their own; `before` is for undoing it."""

    kind = models.CharField(max_length=5, choices=JoiningKind)
    source = models.ForeignKey("inbox.Conversation", models.CASCADE, related_name="+")
    target = models.ForeignKey("inbox.Conversation", models.CASCADE, related_name="+")
    before = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)


class SavedView(models.Model):
    """A list's address under a name: its owner's, or a team's; `query` is what stands after the question mark."""

    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="saved_views")
    team = models.ForeignKey("people.Team", models.CASCADE, null=True, related_name="saved_views")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(owner=None, team__isnull=False) | Q(owner__isnull=False, team=None),
                name="saved_view_of_one",
            )
        ]
