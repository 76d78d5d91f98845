"""Handiwork on conversations: tags, follow-ups, sorting out, mentions, many at once, merging, rules."""
