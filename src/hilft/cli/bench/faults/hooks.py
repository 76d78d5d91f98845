"""The process for webhooks beside a run, on the same database."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import quote

import httpx2
from django.conf import settings
from django.db import connection

from hilft.cli.bench.faults.networks import child
from hilft.cli.bench.scene import free_ports
from hilft.cli.instance import Trouble, python

PATIENCE: Final = 600.0
"""Seconds after which a run that does not get on is given up."""


@contextmanager
def hooks_process() -> Iterator[str]:
    """The process for webhooks on this database; its address once it is ready."""
    port = free_ports(1)
    known = connection.settings_dict
    login = f"{quote(str(known['USER']))}:{quote(str(known['PASSWORD']))}"
    more = {
        "HILFT_DATABASE_URL": f"postgresql://{login}@{known['HOST']}:{known['PORT']}/{known['NAME']}",
        "HILFT_SECRET_KEY": settings.SECRET_KEY,
        "HILFT_POOL": "1",
    }
    command = python("-m", "uvicorn", "--port", str(port), "--log-level", "warning", "hilft.config.hooks:application")
    with child(command, more):
        address = f"http://127.0.0.1:{port}"
        until(lambda: _ready(address), "the process for webhooks")
        yield address


def _ready(address: str) -> bool:
    try:
        return httpx2.get(f"{address}/healthz", trust_env=False).status_code == 200
    except httpx2.TransportError:
        return False


def until(look: Callable[[], object], what: str) -> None:
    """Looks again and again until there is something to see; raises Trouble."""
    deadline = time.monotonic() + PATIENCE
    while not look():
        if time.monotonic() > deadline:
            raise Trouble(f"Waited {PATIENCE:.0f} s in vain for {what}.")
        time.sleep(0.1)
