"""News from the inbox for the packages above it, sent inside the transaction that made them."""

from django.dispatch import Signal

message_received = Signal()
"""A customer wrote, edited or deleted: `conversation` and `message`."""
