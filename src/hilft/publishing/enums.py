"""States of drafts, deliveries, placements and corrections."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DraftState(TextChoices):
    """Where a reply being written stands."""

    EDITING = "editing", _("being written")
    WAITING = "waiting", _("waiting for approval")
    RELEASED = "released", _("released")
    SENT = "sent", _("sent")
    DISCARDED = "discarded", _("discarded")


class GroupState(TextChoices):
    """Where a reply to many conversations stands."""

    WAITING = "waiting", _("waiting for approval")
    RELEASED = "released", _("released")
    BACK = "back", _("sent back")


class Action(TextChoices):
    """What a delivery does at the network."""

    PUBLISH = "publish", _("publish")
    EDIT = "edit", _("edit")


class DeliveryState(TextChoices):
    """Where the attempt to publish stands."""

    QUEUED = "queued", _("queued")
    SENDING = "sending", _("being sent")
    DELIVERED = "delivered", _("delivered")
    PERSON = "person", _("needs a person")
    CANCELLED = "cancelled", _("taken back")


class PlacementState(TextChoices):
    """Whether a reply out there still says what holds."""

    CURRENT = "current", _("up to date")
    OUTDATED = "outdated", _("outdated")
    CORRECTED = "corrected", _("corrected")
    PERSON = "person", _("needs a person")
    KEPT = "kept", _("left as it is")


class How(TextChoices):
    """What a correction does to one placement."""

    EDIT = "edit", _("edit the post")
    VISIBLE_REPLY = "visible_reply", _("visible correction reply")
    FOLLOW_UP = "follow_up", _("follow-up message")
    PERSON = "person", _("hand to a person")
    SAME = "same", _("text is the same: nothing to do")


class CorrectionState(TextChoices):
    """Where a batch of corrections stands."""

    PLANNED = "planned", _("planned")
    WAITING = "waiting", _("waiting for approval")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    DROPPED = "dropped", _("nothing to correct")


class ItemState(TextChoices):
    """Where the correction of one placement stands."""

    PLANNED = "planned", _("planned")
    SENDING = "sending", _("on its way")
    DONE = "done", _("corrected")
    PERSON = "person", _("needs a person")
    LEFT_OUT = "left_out", _("left out")
