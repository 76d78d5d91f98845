"""Corrections of published replies when an answer changed."""
