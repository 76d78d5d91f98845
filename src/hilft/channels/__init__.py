"""The contract with the networks, accounts with their credentials, and raw events."""
