"""Two questions: what went from one to the other, and where they get in each other's way."""

from django.conf import settings
from django.db import models

from hilft.knowledge.enums import FindingKind, MoveKind
from hilft.knowledge.models.questions import Question, Wording


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
