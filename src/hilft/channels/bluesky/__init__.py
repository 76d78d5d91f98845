"""Bluesky: mentions, replies and quotes in, replies out, through the account's own server."""
