"""Scorecards, plans, the replies they drew, reviews of these, disputes, and coaching notes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from hilft.people.models import User
from hilft.publishing.models import Placement
from hilft.quality.enums import Round, State, Whose
from hilft.quality.rules import Criterion, Result, criteria_of
from hilft.training.models import Bilingual


class Scorecard(Bilingual):
    """One version of a scorecard, which the database never lets change; `criteria` are those of `rules.Criterion`."""

    key = models.SlugField()
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120, blank=True)
    criteria = models.JSONField()
    enough = models.PositiveSmallIntegerField(default=80)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("key", "number", name="scorecard_once"),
            models.CheckConstraint(condition=Q(enough__range=(1, 100)), name="scorecard_enough"),
        ]

    @property
    def parts(self) -> list[Criterion]:
        """What is looked at, in its order."""
        return criteria_of(self.criteria)


class Plan(models.Model):
    """How many of which replies are reviewed, and how many of these twice; `card` is the key of its scorecard.

    `tiers` are those of the rule that let a reply pass, none for all; `since` is when it began to draw.
    """

    name = models.CharField(max_length=120)
    card = models.SlugField()
    whose = models.CharField(max_length=10, choices=Whose, default=Whose.ALL)
    channel = models.CharField(max_length=20, blank=True)
    tiers = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    percent = models.PositiveSmallIntegerField(default=5)
    twice_percent = models.PositiveSmallIntegerField(default=20)
    dispute_days = models.PositiveSmallIntegerField(default=14)
    seed = models.BigIntegerField()
    active = models.BooleanField(default=True)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(percent__range=(1, 100)), name="plan_percent"),
            models.CheckConstraint(condition=Q(twice_percent__range=(0, 100)), name="plan_twice_percent"),
        ]


class Sample(models.Model):
    """A published reply that a plan drew: by which lot below which share, and what came of it.

    `hands` are all who had a hand in the text, its author first among them: none of them ever reviews it. `text` is
    what left, whatever was corrected since.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="samples")
    placement = models.OneToOneField(Placement, models.PROTECT, related_name="sample")
    scorecard = models.ForeignKey(Scorecard, models.PROTECT, related_name="samples")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    hands = ArrayField(models.BigIntegerField())
    lot = models.FloatField()
    percent = models.PositiveSmallIntegerField()
    twice = models.BooleanField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    score = models.PositiveSmallIntegerField(null=True)
    passed = models.BooleanField(null=True)
    critical = models.BooleanField(null=True)
    drawn_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", passed__isnull=False, score__isnull=False, settled_at__isnull=False)
                | ~Q(state="done") & Q(passed=None, score=None, settled_at=None),
                name="sample_done_with_result",
            )
        ]
        indexes = [
            models.Index(fields=["drawn_at", "id"], condition=~Q(state="done"), name="sample_queue"),
            models.Index(fields=["author", "-settled_at"], name="sample_of"),
        ]

    @property
    def text(self) -> str:
        """The reply as it left."""
        return self.placement.delivery.text

    @property
    def dispute_until(self) -> datetime | None:
        """Until when its author may dispute the result."""
        return self.settled_at + timedelta(days=self.plan.dispute_days) if self.settled_at else None


class Taken(models.Model):
    """Which drawn reply somebody is reviewing now: one at a time, `since` then, last opened `at`."""

    sample = models.ForeignKey(Sample, models.CASCADE, related_name="takers")
    reviewer = models.OneToOneField(User, models.CASCADE, related_name="+")
    since = models.DateTimeField()
    at = models.DateTimeField()


class Review(models.Model):
    """What one person says of a reply by each criterion; the database never lets it change.

    `marks` and `comments` are by the criteria's keys. The trigger in 0002 refuses whoever had a hand in the text, and
    a decision by somebody who reviewed it before.
    """

    sample = models.ForeignKey(Sample, models.PROTECT, related_name="reviews")
    round = models.CharField(max_length=10, choices=Round)
    reviewer = models.ForeignKey(User, models.PROTECT, related_name="+")
    marks = models.JSONField()
    comments = models.JSONField(default=dict)
    remark = models.TextField(blank=True)
    score = models.PositiveSmallIntegerField()
    passed = models.BooleanField()
    critical = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("sample", "round", name="review_round_once"),
            models.UniqueConstraint(
                "sample", "reviewer", condition=Q(round__in=["first", "second"]), name="review_by_two_people"
            ),
        ]

    @property
    def result(self) -> Result:
        """What it comes to."""
        return Result(self.score, self.passed, self.critical)


class Dispute(models.Model):
    """The author's objection to a result, and the decision of somebody who had nothing to do with it before."""

    sample = models.OneToOneField(Sample, models.PROTECT, related_name="dispute")
    reason = models.TextField()
    at = models.DateTimeField()
    decision = models.OneToOneField(Review, models.PROTECT, null=True, related_name="+")


class Coach(models.Model):
    """Who coaches somebody, named by a team lead."""

    user = models.OneToOneField(User, models.CASCADE, related_name="coached")
    coach = models.ForeignKey(User, models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(user=F("coach")), name="coach_is_another")]


class Note(models.Model):
    """What a coach writes to the person they coach, with the person's answer: for the two of them, and nobody else."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    coach = models.ForeignKey(User, models.CASCADE, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(user=F("coach")), name="note_by_another")]
        indexes = [models.Index(fields=["user", "-id"], name="note_of")]
