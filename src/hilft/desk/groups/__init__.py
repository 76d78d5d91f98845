"""New questions that keep coming, and making a hosted one of them."""
