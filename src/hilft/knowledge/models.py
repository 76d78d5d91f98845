"""Hosted questions, the ways people ask them, and answers whose versions never change once published."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hilft.base.clock import now
from hilft.base.enums import Address, Language
from hilft.knowledge.enums import (
    AskingEnd,
    Audience,
    Confidence,
    FindingKind,
    Governance,
    Ground,
    MoveKind,
    Origin,
    Release,
)
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


class Move(models.Model):
    """What went from one question to another: all of it in a merge, what was chosen in a split; kept to be undone.

    `moved` holds the keys of the rows by what they are: wordings, followers, conversations, placements …
    """

    kind = models.CharField(max_length=10, choices=MoveKind)
    source = models.ForeignKey(Question, models.CASCADE, related_name="moves_out")
    target = models.ForeignKey(Question, models.CASCADE, related_name="moves_in")
    moved = models.JSONField(default=dict)
    asked = models.PositiveIntegerField(default=0)
    used = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)


class Follower(models.Model):
    """A guest who wants to hear of a question, by an address they proved: of a thread on the portal or a hosted one.

    `thread` stays when the thread's question turned out to be answered and `question` became what they follow.
    """

    email = models.EmailField()
    language = models.CharField(max_length=5, default=Language.DE)
    me_too = models.BooleanField(default=True)
    thread = models.UUIDField(null=True, db_index=True)
    question = models.ForeignKey(Question, models.SET_NULL, null=True, related_name="followers")
    created_at = models.DateTimeField(auto_now_add=True)
    verified_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("thread", "email", name="follower_of_thread_once"),
            models.UniqueConstraint("question", "email", name="follower_of_question_once"),
        ]


class Finding(models.Model):
    """Two hosted questions that get in each other's way, with the evidence; a nightly job keeps the list."""

    kind = models.CharField(max_length=15, choices=FindingKind)
    question = models.ForeignKey(Question, models.CASCADE, related_name="findings")
    other = models.ForeignKey(Question, models.CASCADE, related_name="+")
    wording = models.ForeignKey(Wording, models.CASCADE, related_name="+")
    other_wording = models.ForeignKey(Wording, models.CASCADE, related_name="+")
    evidence = models.JSONField(default=dict)
    found_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("kind", "question", "other", name="finding_once")]

    @property
    def pair(self) -> list[dict[str, object]]:
        """Both questions, each with what it says against the other."""
        against = self.evidence.get("against", [])
        sides = enumerate((self.question, self.other))
        return [{"question": asked, "against": [found[side] for found in against]} for side, asked in sides]

    @property
    def older(self) -> Question:
        """The question whose answer was checked first, and is likelier out of date."""
        return min((self.question, self.other), key=lambda q: (q.answer.checked_at or q.created_at, q.pk))


class Imported(models.Model):
    """Which question an entry of another system became; `digest` is of what it said, so that nothing is done twice."""

    source = models.CharField(max_length=60)
    key = models.CharField(max_length=300)
    question = models.ForeignKey(Question, models.CASCADE, related_name="imports")
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint("source", "key", name="imported_once")]


class Asking(models.Model):
    """Somebody who began to ask on the portal and for whom a hosted answer seemed to fit; nothing tells who it was.

    A share of them, `held_out`, is shown nothing, so that what showing answers prevents can be measured.
    """

    key = models.UUIDField(unique=True)
    held_out = models.BooleanField()
    outcome = models.CharField(max_length=10, choices=AskingEnd, default=AskingEnd.NOTHING)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["at"], name="asking_at")]
