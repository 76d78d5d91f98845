"""The log of live changes, from which open pages learn what to fetch again."""

from django.db import models


class Change(models.Model):
    """Something that open pages may show has changed; holds no content, only what changed."""

    topic = models.CharField(max_length=100)
    data = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["at"], name="change_at")]
