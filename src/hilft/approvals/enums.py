"""How much a text needs to be looked at, and what becomes of a request for a second person's eyes."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Tier(IntegerChoices):
    """What a rule asks for."""

    PASSES = 0, _("passes at once")
    SAMPLED = 1, _("passes; a sample is looked at afterwards")
    RECORD = 2, _("by the author's record")
    PERSON = 3, _("always two people")


class Decision(TextChoices):
    """Waiting is the only state that changes."""

    WAITING = "waiting", _("waiting")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")
    VOID = "void", _("void")
    EXPIRED = "expired", _("expired")
