"""Hosted questions, the ways people ask them, and what is known of recognising them."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from hilft.base.enums import Language
from hilft.knowledge.enums import Audience, Confidence, Origin
from hilft.knowledge.readers import Reader
from hilft.knowledge.rules import BAR


class QuestionQuerySet(models.QuerySet["Question"]):
    def answered(self) -> Self:
        """Questions with a published answer, also those that were merged since a page showed them."""
        return self.filter(answer__current__isnull=False).exclude(answer__confidence=Confidence.ARCHIVED)

    def hosted(self) -> Self:
        """Questions with a published answer that agents may use."""
        return self.answered().filter(merged_into=None)

    def public(self) -> Self:
        """Questions that everybody may read."""
        return self.hosted().filter(answer__audience=Audience.PUBLIC)


class Question(models.Model):
    """A hosted question: what people want to know, whatever words they use.

    One that was merged keeps its address and its answer's versions; everything else belongs to `merged_into`.
    """

    slug = models.SlugField(max_length=100, unique=True)
    title = models.CharField(_("title"), max_length=200)
    title_en = models.CharField(_("English title"), max_length=200, blank=True)
    topic = models.CharField(_("topic"), max_length=80)
    topic_en = models.CharField(max_length=80, blank=True)
    asked = models.PositiveIntegerField(default=0)
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, related_name="merged")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    search_de = SearchVectorField(null=True)
    search_en = SearchVectorField(null=True)

    objects: ClassVar[QuestionQuerySet] = QuestionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["-asked", "title", "id"], condition=models.Q(merged_into=None), name="question_asked"),
            models.Index(fields=["topic"], name="question_topic"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def holder(self) -> Question:
        """Whom this question's things belong to: what it was merged into, else itself."""
        return self.merged_into or self


class WordingQuerySet(models.QuerySet["Wording"]):
    def current(self) -> Self:
        return self.filter(removed_at=None)


class Embedded(models.Model):
    """A text that is compared by its meaning; `unread` until whoever answers has read it (`Reading`)."""

    text = models.CharField(max_length=600)
    unread = models.BooleanField(default=True)

    class Meta:
        abstract = True


class Wording(Embedded):
    """One of the ways people ask a question; added, never rewritten."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="wordings")
    language = models.CharField(max_length=10, default=Language.DE)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.EDITOR)
    source_message = models.BigIntegerField(null=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)

    objects: ClassVar[WordingQuerySet] = WordingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint("question", "text", condition=models.Q(removed_at=None), name="wording_once")
        ]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(unread=True), name="wording_unread"),
            GinIndex(OpClass(Upper("text"), name="gin_trgm_ops"), name="wording_text"),
        ]


class Miss(Embedded):
    """A text of which somebody said that it does not ask this question: it counts against the pair."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="misses")
    source_message = models.BigIntegerField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint("question", "source_message", name="miss_once")]


class Matching(models.Model):
    """What this installation knows of its own matching: a single row; without it everything is as shipped.

    `reader` is the one whose readings answer.
    """

    bar = models.FloatField(default=BAR)
    slope = models.FloatField(default=1.0)
    offset = models.FloatField(default=0.0)
    verdicts = models.PositiveIntegerField(default=0)
    calibrated_at = models.DateTimeField(null=True)
    reader = models.ForeignKey(Reader, models.PROTECT, null=True, related_name="+")

    @classmethod
    def current(cls) -> Matching:
        """The row, or one as shipped."""
        found = cls.objects.select_related("reader").defer("reader__parts")
        return found.filter(pk=1).first() or cls(pk=1)
