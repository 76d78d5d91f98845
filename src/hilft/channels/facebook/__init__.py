"""Facebook: comments, visitor posts and mentions of a page, and Messenger, over the Graph API."""
