"""A pytest plugin: the tests have a database before Django's settings are read."""

import atexit
import os
import tempfile

os.environ.setdefault("HILFT_DEBUG", "1")  # static files by their plain names: nothing is collected for unit tests
os.environ.setdefault("HILFT_STATIC", tempfile.mkdtemp(prefix="hilft-static-"))

if not os.environ.get("HILFT_DATABASE_URL"):
    from hilft.cli.testing import database

    _server = database()
    os.environ["HILFT_DATABASE_URL"] = _server.__enter__()
    atexit.register(_server.__exit__, None, None, None)
