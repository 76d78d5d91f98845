"""Serves the practice network of Meta on loopback: `python -m hilft.practice.meta --port N --state DIR`."""

import argparse
from pathlib import Path

from hilft.practice.meta import people
from hilft.practice.meta.app import build
from hilft.practice.meta.rules import rules
from hilft.practice.serving import address_of, serve


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
    about = {
        "graph": f"{address_of(options.port)}/{rules().versions.newest}",
        "app_id": people.APP_ID,
        "page_id": people.PAGE_ID,
        "instagram_id": people.INSTAGRAM_ID,
    }
    serve(build(options.state, retries=options.retries, wait=options.wait), options.port, about)


if __name__ == "__main__":
    main()
