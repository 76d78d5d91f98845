"""Commands: the only writers of training."""
