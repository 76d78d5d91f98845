"""News of people for the packages above them."""

from django.dispatch import Signal

left = Signal()
"""Sent inside the transaction after which somebody no longer works on answers, with `user` and `by`."""

away = Signal()
"""Sent inside the transaction in which somebody becomes absent, with `user` and `by`."""

changed = Signal()
"""Sent inside the transaction in which a member of staff was changed: their roles, or that they may sign in."""
