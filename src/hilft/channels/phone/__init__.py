"""Questions asked on the telephone, taken down by whoever answered the call."""
