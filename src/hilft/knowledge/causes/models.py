"""What makes people ask: a cause, and the questions that name it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hilft.knowledge.enums import CauseState


class Cause(models.Model):
    """Something outside service that makes people ask, with whose matter it is; closed, it stays closed."""

    name = models.CharField(_("name"), max_length=200)
    department = models.CharField(_("department"), max_length=100)
    contact = models.CharField(_("contact there"), max_length=200, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=CauseState, default=CauseState.OPEN)
    note = models.TextField(blank=True)
    link = models.URLField(max_length=500, blank=True)
    opened_at = models.DateTimeField()
    state_since = models.DateTimeField()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    told_at = models.DateTimeField(null=True)
    followers_told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(told_at=None) | models.Q(state=CauseState.CLOSED), name="cause_told_when_closed"
            )
        ]


class Naming(models.Model):
    """That a question is asked because of a cause."""

    question = models.ForeignKey("knowledge.Question", models.CASCADE, related_name="namings")
    cause = models.ForeignKey(Cause, models.CASCADE, related_name="namings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint("question", "cause", name="naming_once")]
