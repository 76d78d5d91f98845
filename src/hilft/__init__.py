"""hilft: answer once, in public, correct everywhere."""

__version__ = "0.1.0"
