"""What hosted answers prevent among people who were about to ask."""
