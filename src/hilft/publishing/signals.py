"""News from publishing for the packages above it, sent inside the transaction that made them."""

from django.dispatch import Signal

delivered = Signal()
"""A delivery took effect at the network: `delivery`."""
