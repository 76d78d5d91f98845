"""Accounts, staff and health."""
