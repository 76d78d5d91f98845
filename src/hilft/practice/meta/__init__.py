"""A strict practice network that speaks Meta's Graph API for one Facebook page and one Instagram account."""
