"""Pages around the questions: the law's pages, the feed, the site map."""
