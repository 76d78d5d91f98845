"""What editors should look at next, each row with its evidence and one action."""
