"""Staff, teams and roles; contacts and their handles."""
