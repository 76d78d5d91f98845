"""What Facebook and Instagram share: Meta's Graph API, its webhooks, its limits and private messages."""
