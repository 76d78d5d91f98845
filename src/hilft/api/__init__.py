"""Reading for other programs: what networks allow, and what was spent, as JSON with a key."""
