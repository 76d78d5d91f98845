"""Instagram: comments on our media, mentions and private messages, over the Graph API."""
