"""For other programs: reading what networks allow and what was spent with a key, and answering a hand-over, signed."""
