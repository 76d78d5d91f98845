"""How far somebody has come in a module."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Step(TextChoices):
    """What comes next for somebody in a module."""

    LESSONS = "lessons", _("read the lessons")
    EXAM = "exam", _("take the exam")
    LATER = "later", _("take the exam again later")
    PRACTICE = "practice", _("write the practice reply")
    MARKING = "marking", _("a trainer is marking")
    REFRESH = "refresh", _("refresh: take the exam again")
    DONE = "done", _("certified")
