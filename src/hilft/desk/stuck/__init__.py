"""Deliveries that only a person can bring to an end."""
