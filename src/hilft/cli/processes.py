"""The processes of an installation and of the practice beside it: their ports, commands and order."""

import os

from hilft.cli.instance import Instance, manage, python
from hilft.cli.supervisor import Child, Supervisor
from hilft.example.content import QUESTIONS

MOST_WORKERS = 8
"""Processes that make pages, where nobody says otherwise: two for each core, up to these. Each has two threads: more
of them wait for one another at each of a page's queries (p95 of a conversation 162 ms instead of 299)."""

CONNECTIONS = 800
"""Open connections that such a process accepts: a browser keeps some while nobody clicks, and 1024 files are usual."""

OWN_PORTS = ["web", "live", "postgres", "receiver", "hooks"]
PRACTICE_PORTS = ["mastodon", "practice-smtp", "practice-mail", "x", "meta", "crm"]
FIRST, LATER = ("mastodon", "mail"), ("x", "meta", "crm", "customers")
"""Practice peers that start with hilft, and those that wait for the pages, because people wait for these."""


def start_own(instance: Instance, supervisor: Supervisor, environment: dict[str, str]) -> None:
    """Starts what hilft itself consists of, beside its database."""
    granian = ["-m", "granian", "--host", "127.0.0.1", "--no-ws", "--log-level", "warning"]
    web = [
        "--interface",
        "wsgi",
        "--workers",
        os.environ.get("HILFT_WEB_WORKERS") or str(min(MOST_WORKERS, 2 * (os.cpu_count() or 1))),
        "--blocking-threads",
        "2",
        "--backpressure",
        str(CONNECTIONS),
        "hilft.config.wsgi:application",
    ]
    live = ["--interface", "asgi", "--workers", "1", "hilft.config.live:application"]
    hooks = ["--interface", "asgi", "--workers", "1", "hilft.config.hooks:application"]
    for name, command in (
        ("web", python(*granian, "--port", str(instance.port), *web)),
        ("live", python(*granian, "--port", str(instance.port_of("live")), *live)),
        ("hooks", python(*granian, "--port", str(instance.port_of("hooks")), *hooks)),
        ("worker", manage("work")),
        ("matcher", manage("work", "--queue=matching", "--concurrency=2")),
        ("listener", manage("listen")),
    ):
        pool = {"HILFT_POOL": "1"} if name in {"web", "hooks", "worker", "matcher"} else {}
        supervisor.start(Child(name, command, environment | pool))


def start_practice(
    instance: Instance, supervisor: Supervisor, environment: dict[str, str], names: tuple[str, ...]
) -> None:
    """Starts practice peers by name; customers who are to be silent are not started."""
    every = os.environ.get("HILFT_PRACTICE_EVERY", "20")
    peers = {
        **{name: [f"--port={instance.port_of(name)}"] for name in ("mastodon", "x", "meta", "crm")},
        "mail": [
            f"--smtp-port={instance.port_of('practice-smtp')}",
            f"--web-port={instance.port_of('practice-mail')}",
            f"--deliver-to=127.0.0.1:{instance.port_of('receiver')}",
        ],
        "customers": [
            *(f"--{name}={instance.address_of(name)}" for name in ("mastodon", "x", "meta")),
            f"--smtp=127.0.0.1:{instance.port_of('practice-smtp')}",
            f"--questions={QUESTIONS}",
            f"--every={every}",
        ],
    }
    for name in names:
        if name == "customers" and every == "0":
            continue
        state = instance.folder / "practice" / name
        state.mkdir(parents=True, exist_ok=True)
        command = python("-m", f"hilft.practice.{name}", *peers[name], f"--state={state}")
        supervisor.start(Child(f"practice-{name}", command, environment))
