"""RSS and Atom feeds: listening only."""
