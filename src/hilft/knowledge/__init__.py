"""Hosted questions, their wordings, and answers with immutable versions."""
