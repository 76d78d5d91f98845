"""Screens: what each network allows, and the facts behind it."""
