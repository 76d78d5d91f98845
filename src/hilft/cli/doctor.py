"""`./hilft doctor`: what up and test need, and what is missing."""

import os
import shutil
import sys
from pathlib import Path

from rich.console import Console

from hilft.cli.instance import Instance, Trouble
from hilft.cli.postgres import DatabaseTrouble, embedded

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def browser() -> str | None:
    """A Chromium on this machine."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def dovecot() -> str | None:
    """Dovecot's program, which may lie outside an ordinary user's PATH."""
    return shutil.which("dovecot") or next(
        (p for p in ("/usr/sbin/dovecot", "/opt/homebrew/sbin/dovecot") if Path(p).exists()), None
    )


def examine(instance: Instance) -> bool:
    """Prints a line for each thing; True when nothing that `up` needs is missing."""
    out = Console(highlight=False)
    fine = True

    def line(name: str, trouble: str | None, *, needed: bool = True) -> None:
        nonlocal fine
        fine = fine and (trouble is None or not needed)
        mark = "[green]ok[/]" if trouble is None else "[red]no[/]" if needed else "[yellow]--[/]"
        out.print(f"{mark}  {name}" + (f": {trouble}" if trouble else ""), soft_wrap=True)

    line(f"Python {sys.version.split()[0]}", None)
    line("data folder " + str(instance.folder), _trouble(instance.claim))
    status = instance.read_status()
    if status is None:
        line(
            f"ports from {instance.port}",
            _trouble(lambda: instance.check_ports(["web", "live", "postgres", "receiver"])),
        )
    line("database", _database(instance) if not os.environ.get("HILFT_DATABASE_URL") else None)
    line(
        "Chromium for tests",
        None if browser() else "`./hilft test` installs it as root on Debian; elsewhere install Chromium",
        needed=False,
    )
    line(
        "Dovecot for tests",
        None if dovecot() else "`./hilft test` installs it as root on Debian; elsewhere install Dovecot",
        needed=False,
    )
    return fine


def _trouble(action: object) -> str | None:
    try:
        if callable(action):
            action()
    except Trouble as error:
        return str(error)
    return None


def _database(instance: Instance) -> str | None:
    try:
        embedded(instance.folder, port=instance.port_of("postgres")).prepare()
    except (DatabaseTrouble, OSError) as error:
        return str(error)
    return None
