"""The example workspace: a fictional telecom to try everything with, deletable with one click."""
