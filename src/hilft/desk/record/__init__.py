"""The record of who did what: searched, given out, and how its chain is."""
