"""Asking a question as a guest, and the thread it becomes."""
