"""Serves the practice network of Meta on loopback: `python -m hilft.practice.meta --port N --state DIR`."""

import argparse
import json
import sys
from pathlib import Path
from socket import socket

import uvicorn

from hilft.practice.accounts import BRAND, names
from hilft.practice.meta import people
from hilft.practice.meta.app import build
from hilft.practice.meta.rules import rules


class _Announced(uvicorn.Server):
    """A server that says in one line of JSON when and where it is ready."""

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            url = f"http://127.0.0.1:{self.config.port}"
            ready = {
                "ready": True,
                "url": url,
                "graph": f"{url}/{rules().versions.newest}",
                "brand": BRAND,
                "accounts": len(names()) + 1,
                "app_id": people.APP_ID,
                "page_id": people.PAGE_ID,
                "instagram_id": people.INSTAGRAM_ID,
            }
            sys.stdout.write(json.dumps(ready) + "\n")
            sys.stdout.flush()


def pauses(value: str) -> tuple[float, ...]:
    """Seconds between attempts, as `0,1,4`."""
    return tuple(float(part) for part in value.split(",") if part)


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m hilft.practice.meta", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state", type=Path, required=True, help="folder that keeps the posts")
    webhooks = rules().webhooks
    parser.add_argument(
        "--retries",
        type=pauses,
        default=webhooks.retries,
        metavar="0,1,4",
        help="seconds between attempts to deliver a webhook",
    )
    parser.add_argument(
        "--wait", type=float, default=webhooks.wait, help="seconds for which updates are gathered into one delivery"
    )
    options = parser.parse_args(arguments)
    settings = uvicorn.Config(
        build(options.state, retries=options.retries, wait=options.wait),
        host="127.0.0.1",
        port=options.port,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    _Announced(settings).run()


if __name__ == "__main__":
    main()
