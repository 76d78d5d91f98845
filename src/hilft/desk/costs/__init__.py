"""Screen: what networks charged."""
