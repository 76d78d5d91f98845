"""What is promised, how a department is reached, and where a hand-over and its mails stand."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class What(TextChoices):
    """Which reply a promise is about."""

    FIRST = "first", _("first reply")
    NEXT = "next", _("every further reply")


class Outcome(TextChoices):
    """How a clock ended: by a reply, or because nobody waits any more."""

    REPLIED = "replied", _("replied")
    CLOSED = "closed", _("closed without a reply")


class Reach(TextChoices):
    """How a department is reached."""

    INSIDE = "inside", _("inside hilft")
    MAIL = "mail", _("by mail")
    WEBHOOK = "webhook", _("by their own system (webhook)")


class HandOverState(TextChoices):
    """Where a hand-over stands."""

    OPEN = "open", _("handed over")
    ACKNOWLEDGED = "acknowledged", _("taken on")
    ANSWERED = "answered", _("answered")
    CLOSED = "closed", _("closed")


class DispatchKind(TextChoices):
    """Why something is sent to a department."""

    ASK = "ask", _("request")
    REMIND = "remind", _("reminder")


class DispatchState(TextChoices):
    """Where something on its way to a department stands."""

    QUEUED = "queued", _("on its way")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("could not be sent")


class ReactionKind(TextChoices):
    """What came back from a department's side; only people answer."""

    ANSWER = "answer", _("answer")
    AUTOMATIC = "automatic", _("automatic reply")
    UNDELIVERED = "undelivered", _("could not be delivered")
    ACKNOWLEDGED = "acknowledged", _("taken on")
