"""Macros: what somebody does again and again in a conversation, as one named thing."""
