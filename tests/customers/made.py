"""The practice customer system as hilft is set up for it, as an operator would."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from hilft.customers.commands import save_system
from hilft.customers.models import System
from hilft.example.customers import FIELDS, SETUP
from hilft.practice.accounts import CRM_KEY
from hilft.practice.crm import server
from tests import factories


@contextmanager
def running() -> Iterator[str]:
    """A practice customer system on some port: its address."""
    web = server(0)
    thread = Thread(target=web.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{web.server_address[1]}"
    finally:
        web.shutdown()
        web.server_close()
        thread.join()


def system(address: str, **changed: Any) -> System:
    """Set up by an operator; `changed` says what is other than usual."""
    values: dict[str, Any] = {**SETUP, "base_url": address, "fields": FIELDS, "secret": f"Bearer {CRM_KEY}"}
    return save_system(by=factories.staff("operator"), **values | changed)
