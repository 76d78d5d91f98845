"""The one place that asks what time it is."""

from django.utils.timezone import now

__all__ = ["now"]
