"""The company's customer system at the desk: set up, tried, and looked into beside a conversation."""
