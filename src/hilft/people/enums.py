"""Roles, rights over answers, and how a contact is addressed."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What someone does; permissions follow from it (see rules.py)."""

    AGENT = "agent", _("Agent")
    APPROVER = "approver", _("Approver")
    EDITOR = "editor", _("Editor")
    LEAD = "lead", _("Team lead")
    OPERATOR = "operator", _("Operator")
    TRAINER = "trainer", _("Trainer")


class Gate(TextChoices):
    """What a certificate may be required for."""

    DRAFT = "draft", _("Writing replies")
    APPROVE = "approve", _("Deciding as second person")
    ROUTE = "route", _("Being given conversations")


class Right(TextChoices):
    """How far somebody's word on an answer reaches (KCS v6); see rules.py for whose it is."""

    CANDIDATE = "candidate", _("candidate")
    CONTRIBUTOR = "contributor", _("contributor")
    PUBLISHER = "publisher", _("publisher")


class KeyRight(TextChoices):
    """What a key for other programs may read."""

    NETWORKS = "networks", _("What networks allow")
    SPENDING = "spending", _("Costs")


class Form(TextChoices):
    """The form of address that a contact uses, as read from what they wrote."""

    SIE = "sie", _("Sie")
    DU = "du", _("du")
    UNKNOWN = "unknown", _("unknown")
