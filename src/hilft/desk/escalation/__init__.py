"""Deadlines, hand-overs, and the settings behind them."""
