"""What becomes of a request for a second person's eyes."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Decision(TextChoices):
    """Waiting is the only state that changes."""

    WAITING = "waiting", _("waiting")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")
    VOID = "void", _("void")
    EXPIRED = "expired", _("expired")
