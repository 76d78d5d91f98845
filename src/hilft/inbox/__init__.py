"""Events become messages in conversations; matches say which question a message asks."""
