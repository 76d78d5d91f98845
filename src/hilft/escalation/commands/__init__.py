"""The only writers of clocks, promises, departments and hand-overs."""
