"""News of people for the packages above them."""

from django.dispatch import Signal

left = Signal()
"""Sent inside the transaction after which somebody no longer works on answers, with `user` and `by`."""
