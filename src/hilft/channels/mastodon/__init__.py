"""Mastodon: mentions in, replies out, over its client API."""
