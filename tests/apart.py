"""A database that several processes see, for tests in which one of them is killed: nothing in it is rolled back."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg


@contextmanager
def database_apart() -> Iterator[dict[str, str]]:
    """The environment of processes that work on a migrated database of their own."""
    server, _slash, _name = os.environ["HILFT_DATABASE_URL"].rpartition("/")
    name = f"apart_{os.getpid()}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {os.environ.get('HILFT_TEMPLATE') or 'template1'}")
        try:
            environment = os.environ | {
                "HILFT_DATABASE_URL": f"{server}/{name}",
                "DJANGO_SETTINGS_MODULE": "hilft.config.settings",
                "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            }
            subprocess.run([sys.executable, "-m", "django", "migrate", "-v", "0"], env=environment, check=True)
            yield environment
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def run_apart(environment: dict[str, str], script: str, *arguments: object) -> str:
    """What a process with this script printed."""
    command = [sys.executable, "-c", f"import django; django.setup()\n{script}", *map(str, arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
