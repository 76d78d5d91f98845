"""A macro and whose it is."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Macro(models.Model):
    """A reply's beginning and the steps around it; its owner's, or its team's, or everybody's where it has neither.

    The text is a hosted question's answer, else words with placeholders. Of the steps those in `now` are taken when it
    is run, those in `sent` when the reply has left.
    """

    label = models.CharField(max_length=100)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="macros")
    team = models.ForeignKey("people.Team", models.CASCADE, null=True, related_name="macros")
    question = models.ForeignKey("knowledge.Question", models.SET_NULL, null=True, related_name="+")
    text = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    now = models.JSONField(default=list)
    sent = models.JSONField(default=list)
    used = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(owner=None) | Q(team=None), name="macro_of_one")]
