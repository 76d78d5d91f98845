"""Matrix: rooms and direct messages in, replies out, over the client-server API."""
