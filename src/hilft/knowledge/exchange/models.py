"""Which questions came from other systems."""

from django.db import models


class Imported(models.Model):
    """Which question an entry of another system became; `digest` is of what it said, so that nothing is done twice."""

    source = models.CharField(max_length=60)
    key = models.CharField(max_length=300)
    question = models.ForeignKey("knowledge.Question", models.CASCADE, related_name="imports")
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint("source", "key", name="imported_once")]
