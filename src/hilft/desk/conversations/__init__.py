"""The desk itself: views, list, thread, composer and context."""
