"""States of answers by confidence, audience and governance (KCS v6), and where wordings come from."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Confidence(TextChoices):
    """How far an answer can be relied on."""

    DRAFT = "draft", _("work in progress")
    UNCHECKED = "unchecked", _("not validated")
    CHECKED = "checked", _("validated")
    ARCHIVED = "archived", _("archived")


class Audience(TextChoices):
    """Who may read an answer."""

    INTERNAL = "internal", _("internal")
    PUBLIC = "public", _("public")


class Governance(TextChoices):
    """How many people a change of an answer takes."""

    FREE = "free", _("by right")
    TWO = "two", _("two people always")


class Release(TextChoices):
    """By whose word a version holds: nobody's yet, its author's within the house, or that of those who may publish."""

    NONE = "", _("not published")
    INSIDE = "inside", _("for the team, until somebody else uses it")
    ALONE = "alone", _("published by its author")
    CHECKED = "checked", _("published by a second person")
    REUSED = "reused", _("published by being used by a second person")


class Ground(TextChoices):
    """On what ground somebody said that a version holds."""

    REUSE = "reuse", _("used it in a reply")
    SECOND = "second", _("looked at it as second person")
    DUE = "due", _("looked at it when it was due")


class CauseState(TextChoices):
    """How far a cause outside service is."""

    OPEN = "open", _("open")
    WORKED_ON = "worked_on", _("being worked on")
    CLOSED = "closed", _("closed")


class Origin(TextChoices):
    """Where a wording comes from."""

    EDITOR = "editor", _("editorial")
    CUSTOMER = "customer", _("customer")
    IMPORT = "import", _("import")


class MoveKind(TextChoices):
    """Why things went from one question to another."""

    MERGE = "merge", _("merged")
    SPLIT = "split", _("split")


class FindingKind(TextChoices):
    """How two hosted questions get in each other's way."""

    TWO = "two", _("asked in the same words")
    CONTRADICTION = "contradiction", _("answered differently")


class Likeness(TextChoices):
    """A match's confidence, as a word."""

    SURE = "sure", _("very likely")
    LIKELY = "likely", _("likely")
    POSSIBLE = "possible", _("possible")
    NONE = "none", _("nothing fits")


class AskingEnd(TextChoices):
    """How somebody who began to ask went on."""

    NOTHING = "", _("left")
    SOLVED = "solved", _("said that an answer solved it")
    ASKED = "asked", _("asked")
