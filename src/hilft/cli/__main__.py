"""Entry of `python -m hilft.cli`."""

from hilft.cli.main import app

app()
