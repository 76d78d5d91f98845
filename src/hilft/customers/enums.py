"""What a field of a customer record holds, and by what a record is found."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(TextChoices):
    """How a field is read, shown and compared."""

    TEXT = "text", pgettext_lazy("kind of field", "text")
    DATE = "date", pgettext_lazy("kind of field", "date")
    MONEY = "money", pgettext_lazy("kind of field", "money")
    FLAG = "flag", pgettext_lazy("kind of field", "yes or no")


class By(TextChoices):
    """What a customer is looked up by."""

    NUMBER = "number", _("Customer number")
    MAIL = "mail", _("E-mail address")
    PHONE = "phone", _("Phone number")
