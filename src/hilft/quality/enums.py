"""Whose replies a plan draws from, what is said of a criterion, and where a sample stands."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Whose(TextChoices):
    """Which replies a plan draws from."""

    ALL = "all", _("all replies")
    NEW = "new", _("replies of people whose texts are all still checked")
    MARKED = "marked", _("replies that a rule marked for a sample")


class Mark(TextChoices):
    """What a reviewer says of one criterion."""

    MET = "met", _("met")
    MISSED = "missed", _("not met")
    NONE = "none", _("does not apply")


class Round(TextChoices):
    """As what a review was written."""

    FIRST = "first", _("first review")
    SECOND = "second", _("second review")
    TOGETHER = "together", _("looked at together")
    DECISION = "decision", _("decision on the dispute")


class State(TextChoices):
    """Where a sample stands."""

    OPEN = "open", _("waits for a review")
    SECOND = "second", _("waits for a second review")
    TOGETHER = "together", _("to be looked at together")
    DONE = "done", _("reviewed")
