"""News from the knowledge base for the packages above it."""

from django.dispatch import Signal

version_published = Signal()
"""Sent inside the publishing transaction with `version` and `by`."""

question_moved = Signal()
"""Sent inside the transaction that merges or splits, with `move` and `choice` (None: everything goes)."""

move_undone = Signal()
"""Sent inside the transaction that takes a merge back, with `move`."""
