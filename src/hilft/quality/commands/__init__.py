"""Commands: the only writers of reviews, plans, scorecards, disputes and coaching."""
