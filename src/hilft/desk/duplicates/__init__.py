"""Linking a conversation to the hosted question that answers it."""
