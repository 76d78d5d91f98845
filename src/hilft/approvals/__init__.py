"""Four eyes on any subject: a second person's decision, bound to the exact text."""
