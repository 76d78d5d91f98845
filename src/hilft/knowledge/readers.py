"""Who reads texts for matching, and what they made of them: beside the texts, so that two can stand side by side."""

from django.db import models
from django.db.models import Q
from pgvector.django import HalfVectorField

JOINED = 896
"""Dimensions of the encoders' vectors side by side."""
PROJECTED = 200
"""Dimensions of what is searched."""


class Reader(models.Model):
    """An encoder with the parts that were trained on its vectors: the one that answers, or one that still reads.

    `place` is the half of the index that holds its readings, `after` the wording up to which it has read; with its
    `parts` it goes on answering when a release has brought another one. `seconds` is the time it spent on `done` texts.
    """

    encoder = models.CharField(max_length=40)
    trained = models.CharField(max_length=40)
    parts = models.BinaryField()
    place = models.PositiveSmallIntegerField(unique=True)
    after = models.BigIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0.0)
    begun_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("encoder", "trained", name="reader_once"),
            models.CheckConstraint(condition=Q(place__in=[0, 1]), name="reader_place"),
        ]

    @property
    def names(self) -> tuple[str, str]:
        """What it reads with: the encoder, and the parts."""
        return self.encoder, self.trained


class Reading(models.Model):
    """What a reader made of a wording or a miss: the encoders' vectors side by side, and them projected for searching.

    The index is in two halves, by `place`: one answers while the other one is being filled.
    """

    place = models.PositiveSmallIntegerField()
    wording = models.ForeignKey("knowledge.Wording", models.CASCADE, null=True, related_name="readings", db_index=False)
    miss = models.ForeignKey("knowledge.Miss", models.CASCADE, null=True, related_name="readings", db_index=False)
    vector = HalfVectorField(dimensions=JOINED)
    embedding = HalfVectorField(dimensions=PROJECTED)

    class Meta:
        constraints = [
            models.UniqueConstraint("wording", "place", name="reading_of_wording_once"),
            models.UniqueConstraint("miss", "place", name="reading_of_miss_once"),
            models.CheckConstraint(condition=Q(wording=None) ^ Q(miss=None), name="reading_of_one"),
        ]
