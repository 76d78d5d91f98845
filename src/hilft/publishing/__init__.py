"""Drafts, deliveries, placements and corrections: what leaves the house and where it stands."""
