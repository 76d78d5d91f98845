"""States and priorities of conversations, directions of messages, and verdicts on matches."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """Where a conversation stands."""

    OPEN = "open", _("open")
    LATER = "later", _("later")
    DONE = "done", _("done")


class Priority(TextChoices):
    """How urgent a matter is, by somebody's word."""

    NORMAL = "normal", _("normal")
    HIGH = "high", _("high")
    URGENT = "urgent", _("urgent")


class Direction(TextChoices):
    """Who wrote a message to whom."""

    IN = "in", _("from the customer")
    OUT = "out", _("from us")
    NOTE = "note", _("internal note")


class Verdict(TextChoices):
    """A person's word on a suggestion."""

    USED = "used", _("used")
    WRONG = "wrong", _("wrong")
    OUTDATED = "outdated", _("outdated")
    PERSONAL = "personal", _("fits, but the case needed own words")
    NONE = "none", _("none fits")


class Doing(TextChoices):
    """What a colleague is doing in a conversation right now."""

    VIEWING = "viewing", _("viewing")
    TYPING = "typing", _("typing")
