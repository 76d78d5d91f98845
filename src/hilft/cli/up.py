"""`./hilft up`: from an empty folder to a running desk, and back down."""

import contextlib
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import psutil
from rich.console import Console

from hilft.cli.build import build
from hilft.cli.instance import SOURCE, Instance, Trouble, manage, python
from hilft.cli.postgres import DatabaseTrouble, embedded
from hilft.cli.processes import FIRST, LATER, OWN_PORTS, PRACTICE_PORTS, start_own, start_practice
from hilft.cli.supervisor import Child, Supervisor, end_leftovers, same_process

console = Console(stderr=True, highlight=False)
READY_SECONDS = 60
PRACTICE_PAGES = {
    "mastodon": "Mastodon",
    "x": "X",
    "meta": "Facebook and Instagram",
    "practice-mail": "customers' mailboxes",
    "crm": "the customer system",
}


@dataclass
class Wish:
    """What the person asked for on the command line."""

    empty: bool
    quiet: bool = False


def up(instance: Instance, wish: Wish) -> None:
    """Runs the installation in the foreground until Ctrl-C, SIGTERM or `down`."""
    instance.claim()
    _not_twice(instance)
    external = os.environ.get("HILFT_DATABASE_URL", "")
    ports = [name for name in OWN_PORTS if name != "postgres" or not external]
    instance.check_ports(ports + ([] if wish.empty else PRACTICE_PORTS))
    supervisor = Supervisor(instance.status_file, instance.logs, {"port": instance.port, "ready": False})
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: supervisor.stop.set())
    try:
        _bring_up(instance, wish, supervisor, external)
        supervisor.watch(until=lambda: _without_practice(instance, supervisor))
    finally:
        if supervisor.children:
            console.print("Ending everything that was started …")
        supervisor.end()


def _bring_up(instance: Instance, wish: Wish, supervisor: Supervisor, external: str) -> None:
    began = time.monotonic()
    url = external or _database(instance, supervisor)
    step("Static files and languages")
    static = build(instance.folder)
    environment = instance.environment(url, example=not wish.empty) | {"HILFT_STATIC": str(static)}
    stamp, stamp_file = _migrations(url), instance.folder / "prepared"
    known = stamp_file.exists() and stamp_file.read_text() == stamp
    if not known:
        step("Database tables, and the example workspace" if not wish.empty else "Database tables")
        facts = _prepare(instance, environment, wish)
        stamp_file.write_text(stamp)
        if facts.get("example"):
            start_practice(instance, supervisor, environment, FIRST)
        start_own(instance, supervisor, environment)
    else:
        start_own(instance, supervisor, environment)
        facts = _prepare(instance, environment, wish)
        if facts.get("example"):
            start_practice(instance, supervisor, environment, FIRST)
    step("Waiting for the pages")
    _wait(supervisor, f"{instance.address}/healthz")
    _wait(supervisor, f"{instance.address_of('live')}/healthz")
    if facts.get("example"):
        start_practice(instance, supervisor, environment, LATER)
    supervisor.facts["ready"] = True
    supervisor.facts["links"] = facts.get("links", {})
    supervisor.facts["setup"] = facts.get("setup", "")
    supervisor.facts["example"] = facts.get("example", False)
    supervisor.write_status()
    if not wish.quiet:
        tell(instance, supervisor.facts, seconds=time.monotonic() - began)


def _database(instance: Instance, supervisor: Supervisor) -> str:
    first = not (instance.folder / "postgres").exists()
    step("Setting up the embedded PostgreSQL" if first else "Starting PostgreSQL")
    server = embedded(instance.folder, port=instance.port_of("postgres"))
    try:
        server.prepare()
        child = supervisor.start(
            Child(
                "postgres",
                server.command(),
                {},
                server.privileges() or {"env": dict(os.environ)},
                stop_signal=signal.SIGINT,
            )
        )
        server.wait(child.process)
    except DatabaseTrouble as error:
        raise Trouble(str(error)) from error
    return server.url


def _prepare(instance: Instance, environment: dict[str, str], wish: Wish) -> dict[str, object]:
    """Migrates and seeds in a process of its own; what it refuses is said in its own words."""
    peers = (
        *(f"--{name}={instance.address_of(name)}" for name in ("mastodon", "x", "meta", "hooks", "crm")),
        f"--smtp-port={instance.port_of('practice-smtp')}",
        f"--receiver-port={instance.port_of('receiver')}",
    )
    done = subprocess.run(
        manage("prepare", *peers, *(["--empty"] if wish.empty else [])),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 2:
        raise Trouble(done.stderr.strip().splitlines()[-1])
    if done.returncode:
        raise Trouble(f"Preparing the database failed: {done.stderr.strip()[-1500:]}")
    facts: dict[str, object] = json.loads(done.stdout.strip().splitlines()[-1])
    return facts


def _without_practice(instance: Instance, supervisor: Supervisor) -> bool:
    """Ends the practice peers once the example workspace was deleted."""
    if (instance.folder / "example-deleted").exists():
        supervisor.drop("practice-")
    return False


def _wait(supervisor: Supervisor, url: str) -> None:
    deadline = time.monotonic() + READY_SECONDS

    def ready() -> bool:
        if time.monotonic() > deadline:
            raise Trouble(f"{url} did not answer within {READY_SECONDS} s; see the files in {supervisor.logs}.")
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310  our own address
            return bool(answer.status == 200)
        return False

    supervisor.watch(until=ready)


def _not_twice(instance: Instance) -> None:
    status = instance.read_status()
    if status is None:
        return
    if same_process(status.get("pid"), status.get("started")):
        raise Trouble(
            f"hilft is running already with this data folder: open {instance.address}, or end it with `./hilft down`."
        )
    if end_leftovers(status):
        step("Ending what an earlier run left behind")


def _migrations(url: str) -> str:
    """Changes with the code's migrations and with the database they were applied to."""
    names = sorted(str(p.relative_to(SOURCE)) for p in SOURCE.glob("hilft/*/migrations/0*.py"))
    versions = sorted(p.name for p in Path(psutil.__file__).parents[1].glob("*.dist-info"))
    return hashlib.sha256("\n".join([url, *names, *versions]).encode()).hexdigest()


def step(text: str) -> None:
    """Says what happens now."""
    console.print(f"[dim]·[/] {text} …")


def tell(instance: Instance, facts: dict[str, object], *, seconds: float) -> None:
    """The last lines: where the desk is, and how to get in."""
    out = Console(highlight=False, soft_wrap=True)
    out.print(f"\n[bold]hilft is running[/] after {seconds:.1f} s:  {instance.address}")
    if setup := facts.get("setup"):
        out.print(f"\nCreate the first operator with this one-time link:\n  {setup}")
    links = facts.get("links")
    if isinstance(links, dict) and links:
        out.print("\nThe example workspace is open to you in every role (links work on this machine only, for a day):")
        for role, link in links.items():
            out.print(f"  {role:<9} {link}")
        out.print(
            "\nThe practice networks as a person sees them, to write there as a customer, and what the company knows:"
        )
        for name, label in PRACTICE_PAGES.items():
            out.print(f"  {label:<22} {instance.address_of(name)}/")
    out.print("\nEnd it with Ctrl-C or `./hilft down`; `./hilft status` shows its processes.")
    sys.stdout.flush()


def detach(instance: Instance, arguments: list[str]) -> None:
    """Starts the same in the background and returns when it is ready."""
    instance.claim()
    _not_twice(instance)
    log = instance.logs / "supervisor.log"
    with log.open("wb") as sink:
        process = subprocess.Popen(
            python("-m", "hilft.cli", "up", *arguments),
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    began = time.monotonic()
    while True:
        status = instance.read_status()
        if status and status.get("ready") and status.get("pid") == process.pid:
            tell(instance, status, seconds=time.monotonic() - began)
            return
        if process.poll() is not None:
            last = [line for line in log.read_text().splitlines() if line.strip()]
            raise Trouble(last[-1] if last else "hilft ended at once and said nothing.")
        time.sleep(0.1)


def down(instance: Instance) -> bool:
    """Ends what `up` started with this data folder, and nothing else; False when nothing ran."""
    status = instance.read_status()
    if status is None:
        return False
    process = same_process(status.get("pid"), status.get("started"))
    if process is None:
        ended = end_leftovers(status)
        instance.status_file.unlink(missing_ok=True)
        return ended > 0
    process.terminate()
    try:
        process.wait(90)
    except psutil.TimeoutExpired as error:
        raise Trouble("The supervisor does not end; see its log in the data folder.") from error
    return True
