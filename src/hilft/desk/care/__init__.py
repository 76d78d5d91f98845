"""Who looks after an answer, by when, and how many people a change takes."""
