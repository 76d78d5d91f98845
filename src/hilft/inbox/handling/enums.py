"""What a step does to a conversation, why one was sorted out, and how far many at once have come."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Do(TextChoices):
    """A step; its value is a person, a team, words, or a time."""

    ASSIGN = "assign", _("Assign to")
    TEAM = "team", _("Give to the team")
    TAG = "tag", _("Tag with")
    UNTAG = "untag", _("Take tags away")
    TOPIC = "topic", _("Set the topic")
    SNOOZE = "snooze", _("Put away until later")
    FOLLOW_UP = "follow_up", _("Follow up on")
    FOLLOWED_UP = "followed_up", _("Followed up")
    CLOSE = "close", _("Mark as done")
    SPAM = "spam", _("Sort out as spam")
    FOREIGN = "foreign", _("Sort out as not for us")


class Sorted(TextChoices):
    """Why a conversation was sorted out."""

    NO = "", _("no")
    SPAM = "spam", _("Spam")
    FOREIGN = "foreign", _("Not for us")


class BulkState(TextChoices):
    """How far a step for many has come."""

    PLANNED = "planned", _("planned")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    UNDOING = "undoing", _("being undone")
    UNDONE = "undone", _("undone")


class JoiningKind(TextChoices):
    """Whether conversations were put together or taken apart."""

    MERGE = "merge", _("merged")
    SPLIT = "split", _("split")
