"""The second pair of eyes: what waits for a decision."""
