"""Who works when, who is away, and what is stored about those who work here."""
