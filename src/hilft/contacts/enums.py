"""What speaks for two contacts being one person."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Evidence(TextChoices):
    """Why two contacts are held for one person; the first is checked, the second shows the message."""

    MAIL = "mail", _("the same proven e-mail address")
    SAID = "said", _("the customer said so")
    COLLEAGUE = "colleague", _("a colleague knows, for example from the phone")
    OTHER = "other", _("something else")
