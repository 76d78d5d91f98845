"""Requests for a second person's decision on exact content, and the rules that say when one is needed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from hilft.approvals.enums import Decision, Tier
from hilft.people.models import User


class Rule(models.Model):
    """How closely a text is looked at before it leaves; the first active rule whose conditions all hold decides."""

    code = models.SlugField(unique=True)
    label = models.CharField(max_length=200)
    label_en = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField()
    when = models.JSONField(default=dict)
    tier = models.PositiveSmallIntegerField(choices=Tier)
    active = models.BooleanField(default=True)


class Approval(models.Model):
    """A second person's decision on one subject, bound to a hash of exactly what leaves the house.

    `edited` says that the maker changed a text that somebody else had submitted, who now is the second person; such
    decisions are nobody's record. `called_at` and `alarmed_at` are when more people were called, and when team leads
    were alarmed.
    """

    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    maker = models.ForeignKey(User, models.PROTECT, related_name="+")
    checker = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.WAITING)
    reason = models.TextField(blank=True)
    rule = models.CharField(max_length=50)
    edited = models.BooleanField(default=False)
    called_at = models.DateTimeField(null=True)
    alarmed_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(checker__isnull=True) | ~Q(checker=F("maker")), name="approval_maker_is_not_checker"
            ),
            models.CheckConstraint(
                condition=~Q(decision__in=["approved", "rejected"]) | Q(checker__isnull=False),
                name="approval_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(decision="rejected") | ~Q(reason=""), name="approval_rejection_has_reason"
            ),
            models.UniqueConstraint(
                "subject_kind", "subject_id", condition=Q(decision="waiting"), name="approval_one_waiting"
            ),
        ]
        indexes = [
            models.Index(fields=["asked_at", "id"], condition=Q(decision="waiting"), name="approval_queue"),
            models.Index(
                fields=["maker", "decided_at", "id"],
                condition=Q(decision__in=["approved", "rejected"], edited=False),
                name="approval_record",
            ),
        ]


class Remark(models.Model):
    """What a second person and the author say to each other about a text that waits."""

    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id", "id"], name="remark_subject")]


class BrokenGlass(models.Model):
    """A text that left without a second person, for a reason: somebody was told at once, somebody else reviews it."""

    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    told = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.TextField()
    at = models.DateTimeField()
    review_due = models.DateTimeField()
    reviewer = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    justified = models.BooleanField(null=True)
    remark = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(told=F("by")), name="glass_told_somebody_else"),
            models.CheckConstraint(
                condition=Q(reviewer__isnull=True) | ~Q(reviewer=F("by")), name="glass_reviewed_by_somebody_else"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="glass_has_reason"),
        ]
