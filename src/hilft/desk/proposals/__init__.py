"""Offered texts: made from the desk without leaving the conversation, decided on by somebody else."""
