"""How a practice network is served: on loopback, saying in one line of JSON when and where it is ready."""

import json
import sys
from collections.abc import Callable
from socket import socket
from typing import Any

import uvicorn

from hilft.practice.accounts import BRAND, names


def address_of(port: int) -> str:
    """Where a network on this port is found."""
    return f"http://127.0.0.1:{port}"


def serve(app: Callable[..., Any], port: int, about: dict[str, str] | None = None) -> None:
    """Serves until SIGTERM or SIGINT; `about` is what else the line says of the network."""
    settings = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_level="warning", server_header=False, timeout_graceful_shutdown=2
    )
    known = {"ready": True, "url": address_of(port), "brand": BRAND, "accounts": len(names()) + 1}
    _Announced(settings, json.dumps(known | (about or {}))).run()


class _Announced(uvicorn.Server):
    """A server that says a line once it has started."""

    def __init__(self, settings: uvicorn.Config, line: str) -> None:
        super().__init__(settings)
        self._line = line

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            sys.stdout.write(f"{self._line}\n")
            sys.stdout.flush()
