"""What speaks for two contacts being one person, and for a contact having a customer number."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Evidence(TextChoices):
    """Why two contacts are held for one person; the first two are checked, the third shows the message."""

    MAIL = "mail", _("the same proven e-mail address")
    NUMBER = "number", _("the same customer number")
    SAID = "said", _("the customer said so")
    COLLEAGUE = "colleague", _("a colleague knows, for example from the phone")
    OTHER = "other", _("something else")


class Known(TextChoices):
    """How a customer number is known to be a contact's; the first shows the message, the second is looked up."""

    SAID = "said", _("the customer said so")
    MAIL = "mail", _("their proven e-mail address stands in the customer system")
    COLLEAGUE = "colleague", _("a colleague knows, for example from the phone")
    OTHER = "other", _("something else")
