"""Causes outside service: why a question is asked at all, whose matter that is, and how far it is."""
