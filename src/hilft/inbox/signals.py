"""News from the inbox for the packages above it, sent inside the transaction that made them."""

from django.dispatch import Signal

message_received = Signal()
"""A customer wrote, edited or deleted: `conversation` and `message`."""

waiting_changed = Signal()
"""Somebody may wait now, or no longer, or with another priority: `conversation`, to be read anew."""

arriving = Signal()
"""A post or mail before it becomes a message: `account` and `read`; whoever answers True has taken it in its stead."""

business_hours = Signal()
"""When is it business time? Whoever answers a schedule for the kind of channel `kind` decides for rules about it."""

joined = Signal()
"""Conversation `source` is about to be worked on as a part of `target`; a receiver may refuse."""
messages_moved = Signal()
"""These `messages` (their keys) went from conversation `source` to `target`; a receiver may refuse."""
