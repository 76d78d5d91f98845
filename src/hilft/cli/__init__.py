"""The hilft command: sets up, starts, watches, tests and measures."""
