"""X: mentions, replies and direct messages, over its paid API v2."""
