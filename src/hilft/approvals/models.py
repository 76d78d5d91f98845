"""Requests for a second person's decision on exact content, and the rules that say when one is needed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from hilft.approvals.enums import Decision
from hilft.people.models import User


class Rule(models.Model):
    """When content may pass, and when a second person must see it; the first active rule that fits decides."""

    code = models.SlugField(unique=True)
    label = models.CharField(max_length=200)
    label_en = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField()
    when = models.JSONField(default=dict)
    needs_person = models.BooleanField()
    active = models.BooleanField(default=True)


class Approval(models.Model):
    """A second person's decision on one subject, bound to a hash of exactly what leaves the house."""

    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    maker = models.ForeignKey(User, models.PROTECT, related_name="+")
    checker = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.WAITING)
    reason = models.TextField(blank=True)
    rule = models.CharField(max_length=50)
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
        indexes = [models.Index(fields=["asked_at", "id"], condition=Q(decision="waiting"), name="approval_queue")]
