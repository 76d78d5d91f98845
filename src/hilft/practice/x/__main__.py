"""Start the practice X: `python -m hilft.practice.x --port N --state DIR`."""

import argparse
from pathlib import Path

from hilft.practice.accounts import BRAND, x_user_id
from hilft.practice.serving import serve
from hilft.practice.x import rules
from hilft.practice.x.app import application
from hilft.practice.x.world import Options, World


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
    serve(application(world), options.port, {"id": x_user_id(BRAND)})


if __name__ == "__main__":
    main()
