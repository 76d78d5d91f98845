"""Real servers to test against, each started on loopback and stopped by its own process id."""
