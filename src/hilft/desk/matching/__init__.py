"""Screen: how good the matching is."""
