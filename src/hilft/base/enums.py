"""Choices that belong to no single domain."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Language(TextChoices):
    """A language that texts are written in."""

    DE = "de", _("German")
    EN = "en", _("English")


class Address(TextChoices):
    """How a text addresses its reader; English knows no difference."""

    SIE = "sie", _("Sie")
    DU = "du", _("du")
    NONE = "none", _("neutral")
