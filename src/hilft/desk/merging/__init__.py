"""Making one question of two, or two of one."""
