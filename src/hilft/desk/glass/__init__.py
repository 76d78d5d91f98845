"""Texts that left without a second person, and their review."""
