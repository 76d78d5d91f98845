"""Taking down what a caller asks, with hosted answers beside it while they talk."""
