"""E-mail: a mailbox or a receiver in, SMTP out."""
