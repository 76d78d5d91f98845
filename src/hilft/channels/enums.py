"""States of accounts and of raw events."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AccountState(TextChoices):
    """Whether hilft reads and writes on an account."""

    ACTIVE = "active", _("connected")
    PAUSED = "paused", _("paused")
    LOST = "lost", _("sign-in lost")
    REMOVED = "removed", _("removed")


class EventState(TextChoices):
    """What became of a raw event."""

    NEW = "new", _("new")
    READ = "read", _("read")
    FAILED = "failed", _("could not be read")
