"""A whole installation for a measurement: in a temporary folder, on free ports, with silent practice customers."""

import itertools
import os
import random
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from hilft.cli.instance import OFFSETS, SOURCE, Instance, Trouble, python
from hilft.cli.postgres import embedded

SETTLING = 300
FIRST, LAST = 20000, 32000
"""Where free ports are looked for: below the ports that outgoing connections take."""


class Scene:
    """A running installation and how to look into it."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance

    @property
    def mastodon(self) -> str:
        return f"http://127.0.0.1:{self.instance.port_of('mastodon')}"

    @property
    def hooks(self) -> int:
        return self.instance.port_of("hooks")

    def manage(self, *arguments: str) -> None:
        """Runs a management command on the installation."""
        _hilft("manage", *arguments, HILFT_DATA_FOLDER=str(self.instance.folder))

    def link(self, role: str) -> str:
        """A sign-in link of somebody with this role."""
        status = self.instance.read_status() or {}
        links = status.get("links")
        return str(links[role]) if isinstance(links, dict) else ""

    def settle(self) -> None:
        """Waits for what a first start leaves to its workers (reading every wording), which is not to be measured."""
        due = "status IN ('todo', 'doing') AND (scheduled_at IS NULL OR scheduled_at <= now())"
        deadline = time.monotonic() + SETTLING
        while self.query(f"SELECT 1 FROM procrastinate_jobs WHERE {due} LIMIT 1"):  # noqa: S608  our own words
            if time.monotonic() > deadline:
                raise Trouble(f"The installation's workers were not done within {SETTLING} s; see its logs.")
            time.sleep(0.5)

    def query(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Asks the installation's database."""
        url = embedded(self.instance.folder, port=self.instance.port_of("postgres")).url
        with psycopg.connect(url, autocommit=True) as connection:
            return connection.execute(sql, parameters).fetchall()


@contextmanager
def running() -> Iterator[Scene]:
    """Brings an installation with the example workspace up through the real command, and down again."""
    folder = Path(tempfile.mkdtemp(prefix="hilft-bench-"))
    folder.chmod(0o755)
    scene = Scene(Instance(folder, free_ports(len(OFFSETS))))
    try:
        _hilft("up", "--detach", "--port", str(scene.instance.port), "--data", str(folder))
        yield scene
    finally:
        _hilft("down", "--data", str(folder))
        shutil.rmtree(folder, ignore_errors=True)


def _hilft(*arguments: str, **more: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HILFT_", "DJANGO_"))}
    environment = kept | {"PYTHONPATH": str(SOURCE), "HILFT_PRACTICE_EVERY": "0"} | more
    done = subprocess.run(
        python("-m", "hilft.cli", *arguments), env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Trouble(f"`hilft {arguments[0]}` failed: {done.stderr.strip()[-800:]}")


def free_ports(count: int) -> int:
    """The first of so many neighbouring ports that nobody uses."""
    begin = random.randrange(FIRST, LAST - count)  # noqa: S311  two that look at the same time look elsewhere
    for first in itertools.chain(range(begin, LAST - count), range(FIRST, begin)):
        with suppress(OSError), ExitStack() as stack:
            for port in range(first, first + count):
                stack.enter_context(socket.socket()).bind(("127.0.0.1", port))
            return first
    raise Trouble(f"There are no {count} neighbouring free ports between {FIRST} and {LAST}.")
