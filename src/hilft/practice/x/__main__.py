"""Start the practice X: `python -m hilft.practice.x --port N --state DIR`."""

import argparse
import json
import sys
from pathlib import Path
from socket import socket

import uvicorn

from hilft.practice.accounts import BRAND, names, x_user_id
from hilft.practice.x import rules
from hilft.practice.x.app import application
from hilft.practice.x.world import Options, World


class _Announced(uvicorn.Server):
    """A server that says in one line of JSON when and where it is ready."""

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            url = f"http://127.0.0.1:{self.config.port}"
            ready = {"ready": True, "url": url, "brand": BRAND, "id": x_user_id(BRAND), "accounts": len(names()) + 1}
            sys.stdout.write(json.dumps(ready) + "\n")
            sys.stdout.flush()


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and serve until SIGTERM or SIGINT."""
    known = rules.read()
    parser = argparse.ArgumentParser(prog="python -m hilft.practice.x", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state", type=Path, required=True, help="folder that keeps everything")
    parser.add_argument(
        "--heartbeat",
        type=float,
        metavar="SECONDS",
        default=float(known.number("stream", "heartbeat_seconds")),
        help="between two blank lines of a stream",
    )
    parser.add_argument(
        "--recheck",
        type=float,
        metavar="SECONDS",
        default=float(known.number("webhook", "recheck_seconds")),
        help="between two checks of the webhooks",
    )
    parser.add_argument(
        "--clock-offset", type=float, metavar="SECONDS", default=0.0, help="added to this machine's time"
    )
    parser.add_argument(
        "--enterprise",
        action="store_true",
        help="the brand has Enterprise access: it may reply to everybody and backfill",
    )
    options = parser.parse_args(arguments)
    world = World(
        Options(options.state, options.heartbeat, options.recheck, options.clock_offset, not options.enterprise)
    )
    settings = uvicorn.Config(
        application(world),
        host="127.0.0.1",
        port=options.port,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    _Announced(settings).run()


if __name__ == "__main__":
    main()
