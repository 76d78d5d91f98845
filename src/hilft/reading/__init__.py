"""What a text says about itself: language, form of address, personal data, meaning. Pure functions."""
