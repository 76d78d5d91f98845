"""Practice peers: the networks' servers and their customers, each a process of its own."""
