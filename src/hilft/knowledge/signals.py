"""News from the knowledge base for the packages above it."""

from django.dispatch import Signal

version_published = Signal()
"""Sent inside the publishing transaction with `version` and `by`."""
