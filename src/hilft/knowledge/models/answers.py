"""Answers, whose versions never change once published, and the words of those who say that one holds."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hilft.base.clock import now
from hilft.base.enums import Address, Language
from hilft.knowledge.enums import Audience, Confidence, Governance, Ground, Release
from hilft.knowledge.models.questions import Question


class Answer(models.Model):
    """The hosted answer to a question; the database refuses `public` for a version that nobody released."""

    question = models.OneToOneField(Question, models.CASCADE, related_name="answer")
    confidence = models.CharField(max_length=10, choices=Confidence, default=Confidence.DRAFT)
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.INTERNAL)
    current = models.ForeignKey("Version", models.SET_NULL, null=True, related_name="+")
    used = models.PositiveIntegerField(default=0)
    checked_at = models.DateTimeField(null=True)
    governance = models.CharField(max_length=5, choices=Governance, default=Governance.FREE)
    governance_reason = models.CharField(max_length=200, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    review_on = models.DateField(null=True, db_index=True)

    @property
    def is_due(self) -> bool:
        """Whether somebody has to look whether it still holds."""
        return self.review_on is not None and self.review_on <= timezone.localdate(now())


class VersionQuerySet(models.QuerySet["Version"]):
    def waiting(self) -> Self:
        """Offered to others, and not decided yet."""
        return self.filter(published_at=None, offered_at__isnull=False, closed_at=None)

    def in_progress(self) -> Self:
        """Being written, and not offered yet: one per answer."""
        return self.filter(published_at=None, offered_at=None)


class Version(models.Model):
    """One state of an answer. Offered or published, it is immutable: the database refuses to change its texts.

    `base` is the version it was written to replace, `closed_at` when an offer was declined or taken back.
    """

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("what changed"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True)
    publisher = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    wording_only = models.BooleanField(default=False)
    wording_only_reason = models.CharField(max_length=300, blank=True)
    base = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    released = models.CharField(max_length=10, choices=Release, default=Release.NONE, blank=True)
    offered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_reason = models.CharField(max_length=300, blank=True)
    checklist = models.JSONField(default=dict)
    """Each point of the checklist with "machine" or "person" where it was ticked, "open" where it was not."""

    objects: ClassVar[VersionQuerySet] = VersionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint("answer", "number", name="version_number_once"),
            models.UniqueConstraint(
                "answer", condition=models.Q(published_at=None, offered_at=None), name="version_one_in_progress"
            ),
            models.CheckConstraint(
                condition=models.Q(published_at=None, released=Release.NONE)
                | (models.Q(published_at__isnull=False) & ~models.Q(released=Release.NONE)),
                name="version_released_when_published",
            ),
            models.CheckConstraint(
                condition=~models.Q(released__in=[Release.CHECKED, Release.REUSED])
                | models.Q(publisher__isnull=False) & (models.Q(author=None) | ~models.Q(publisher=models.F("author"))),
                name="version_maker_is_not_checker",
            ),
        ]
        indexes = [
            models.Index(
                fields=["answer"],
                condition=models.Q(published_at=None, offered_at__isnull=False, closed_at=None),
                name="version_waiting",
            ),
            models.Index(fields=["answer"], condition=models.Q(released=Release.INSIDE), name="version_inside"),
        ]

    @property
    def open_points(self) -> int:
        """How many points of the checklist nobody ticked; none where there was no checklist."""
        return sum(tick == "open" for tick in self.checklist.values())


class Check(models.Model):
    """Somebody's word that a version holds, and on what ground; never their own text's second pair of eyes."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="checks")
    ground = models.CharField(max_length=10, choices=Ground)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)


class Text(models.Model):
    """A version's text in one language and form of address: Markdown, and a short plain text."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="texts")
    language = models.CharField(max_length=5, choices=Language)
    address = models.CharField(max_length=5, choices=Address)
    body = models.TextField()
    short = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("version", "language", "address", name="text_once")]


class Vote(models.Model):
    """A reader's word on whether a version helped; one per reader and version."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="votes")
    voter = models.CharField(max_length=64)
    helped = models.BooleanField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint("version", "voter", name="vote_once")]
        indexes = [models.Index(fields=["version"], condition=models.Q(helped=False), name="vote_against")]
