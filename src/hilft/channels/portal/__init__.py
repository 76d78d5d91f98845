"""The company's own community as a channel like any other."""
