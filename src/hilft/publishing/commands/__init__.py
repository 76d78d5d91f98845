"""The only writers of drafts, deliveries, placements and corrections."""
