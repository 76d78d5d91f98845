"""The public portal: questions, search and the ask form; no models, no rules."""
