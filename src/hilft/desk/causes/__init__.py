"""Causes outside service: whose matter they are, how far they are, and telling those who asked."""
