"""What is taught, asked and practised; what people read, answered and wrote; and what a role needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from hilft.people.enums import Role
from hilft.people.models import Skill, User


def in_language(text: Mapping[str, Any]) -> str:
    """A text of {"de", "en"} in the person's language; German where there is no English."""
    english = not (get_language() or "de").startswith("de")
    return str((english and text.get("en")) or text["de"])


class Bilingual(models.Model):
    """Texts in German, with their English beside them in a field of the same name and `_en`."""

    class Meta:
        abstract = True

    def said(self, field: str) -> str:
        """The text in the person's language; German where there is no English."""
        return in_language({"de": getattr(self, field), "en": getattr(self, f"{field}_en")})


class Module(Bilingual):
    """What leads to one certificate: lessons, an exam drawn from a bank, and a practice task where there is one."""

    key = models.SlugField(unique=True)
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120, blank=True)
    about = models.CharField(max_length=300)
    about_en = models.CharField(max_length=300, blank=True)
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="modules")
    level = models.PositiveSmallIntegerField(default=2)
    channel = models.CharField(max_length=20, blank=True)
    valid_months = models.PositiveSmallIntegerField(default=12)
    drawn = models.PositiveSmallIntegerField(default=5)
    pass_percent = models.PositiveSmallIntegerField(default=80)
    retry_hours = models.PositiveSmallIntegerField(default=24)
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__range=(1, 5)), name="module_level"),
            models.CheckConstraint(condition=Q(pass_percent__range=(1, 100)), name="module_pass"),
        ]


class Lesson(Bilingual):
    """One lesson, in Markdown."""

    module = models.ForeignKey(Module, models.CASCADE, related_name="lessons")
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    text_en = models.TextField(blank=True)


class Media(Bilingual):
    """A picture, sound or film of a lesson; `alt` says in words what it shows, and for sound and film what is said."""

    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="media")
    type = models.CharField(max_length=20)
    content = models.BinaryField()
    alt = models.CharField(max_length=2000)
    alt_en = models.CharField(max_length=2000, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(alt=""), name="media_in_words")]

    @property
    def kind(self) -> str:
        """Image, audio or video."""
        return self.type.partition("/")[0]


class ExamQuestion(Bilingual):
    """One question of a bank; `choices` are [{"de", "en", "right"}], any number of them right."""

    module = models.ForeignKey(Module, models.CASCADE, related_name="questions")
    text = models.TextField()
    text_en = models.TextField(blank=True)
    choices = models.JSONField()
    explanation = models.TextField()
    explanation_en = models.TextField(blank=True)
    active = models.BooleanField(default=True)


class PracticeTask(Bilingual):
    """A customer's post to be answered as in earnest; `criteria` are [{"de", "en"}], what a good reply has."""

    module = models.OneToOneField(Module, models.CASCADE, related_name="task")
    channel = models.CharField(max_length=20)
    customer = models.CharField(max_length=100)
    handle = models.CharField(max_length=100, blank=True)
    post = models.TextField()
    post_en = models.TextField(blank=True)
    hint = models.TextField(blank=True)
    hint_en = models.TextField(blank=True)
    criteria = models.JSONField()


class RoleProfile(Bilingual):
    """What a role does; what it needs are skills with levels, and the modules follow from them."""

    role = models.CharField(max_length=20, choices=Role, unique=True)
    tasks = models.TextField()
    tasks_en = models.TextField(blank=True)


class Need(models.Model):
    """A skill that a role needs, at a level."""

    profile = models.ForeignKey(RoleProfile, models.CASCADE, related_name="needs")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint("profile", "skill", name="need_once"),
            models.CheckConstraint(condition=Q(level__range=(1, 5)), name="need_level"),
        ]


class Reading(models.Model):
    """That somebody has read a lesson."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="readings")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("user", "lesson", name="reading_once")]


class Attempt(models.Model):
    """One exam of one person: which questions were drawn, what was answered, and how it ended.

    `questions` are their ids in the order shown; `seed` orders the choices; `answers` maps ids to the places of the
    chosen ones in the bank's own order.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    module = models.ForeignKey(Module, models.CASCADE, related_name="attempts")
    seed = models.BigIntegerField()
    questions = models.JSONField()
    answers = models.JSONField(default=dict)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    right = models.PositiveSmallIntegerField(null=True)
    passed = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("user", "module", condition=Q(ended_at=None), name="attempt_one_at_a_time"),
            models.CheckConstraint(
                condition=Q(ended_at=None, passed=None) | Q(ended_at__isnull=False, passed__isnull=False),
                name="attempt_ended_with_result",
            ),
        ]
        indexes = [models.Index(fields=["user", "module", "-id"], name="attempt_of")]


class Practice(models.Model):
    """A reply in a practice conversation, and what a trainer, never the writer, says of it by each criterion."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    task = models.ForeignKey(PracticeTask, models.CASCADE, related_name="practices")
    text = models.TextField()
    submitted_at = models.DateTimeField()
    marks = models.JSONField(default=list)
    comment = models.TextField(blank=True)
    marked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    marked_at = models.DateTimeField(null=True)
    passed = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(marked_by__isnull=True) | ~Q(marked_by=F("user")), name="practice_marked_by_another"
            ),
            models.UniqueConstraint("user", "task", condition=Q(passed=None), name="practice_one_waiting"),
        ]
        indexes = [models.Index(fields=["submitted_at", "id"], condition=Q(passed=None), name="practice_queue")]

    @property
    def judged(self) -> list[tuple[bool, str]]:
        """Each criterion with whether the reply meets it."""
        return [(bool(met), in_language(one)) for met, one in zip(self.marks, self.task.criteria, strict=False)]
