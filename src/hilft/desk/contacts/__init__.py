"""Contacts: who somebody is on all channels, and what is kept in mind about them."""
