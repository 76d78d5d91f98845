"""A whole installation in a folder of its own: the real command, the real peers, and how to look into them."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import psutil
import psycopg

from hilft.cli.instance import OFFSETS, SOURCE
from hilft.practice.accounts import token_of

PATIENCE = 60.0
BRAND_MAIL = "kontakt@nordnetz.example"


def until[T](look: Callable[[], T], what: str, *, seconds: float = PATIENCE) -> T:
    """Looks again and again until there is something to see; the assertion names what was waited for."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, f"waited {seconds} s in vain for {what}"
        time.sleep(0.1)


@dataclass
class Installation:
    """A running installation with the example workspace, whose practice customers keep silent."""

    folder: Path
    port: int
    environment: dict[str, str]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def mastodon(self) -> str:
        return f"http://127.0.0.1:{self.port + OFFSETS['mastodon']}"

    @property
    def mailboxes(self) -> str:
        return f"http://127.0.0.1:{self.port + OFFSETS['practice-mail']}"

    @property
    def smtp(self) -> int:
        return self.port + OFFSETS["practice-smtp"]

    @property
    def database_url(self) -> str:
        password = (self.folder / "postgres.password").read_text().strip()
        return f"postgresql://hilft:{password}@127.0.0.1:{self.port + OFFSETS['postgres']}/hilft"

    @property
    def status(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "status.json").read_text())
        return found

    def link(self, role: str) -> str:
        """A sign-in link of somebody with this role."""
        return str(self.status["links"][role])

    def child(self, name: str) -> int:
        """The process id of one of the supervised processes, once it runs."""

        def pid() -> int | None:
            with contextlib.suppress(OSError, ValueError):
                for child in self.status["children"]:
                    if child["name"] == name and child["pid"] and psutil.pid_exists(child["pid"]):
                        return int(child["pid"])
            return None

        return until(pid, f"the process {name}") or 0

    def kill(self, name: str) -> None:
        """Ends a supervised process as if its power had failed."""
        os.kill(self.child(name), signal.SIGKILL)

    def query(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Asks the installation's database; waits while it is away."""

        def rows() -> list[list[tuple[Any, ...]]] | None:
            try:
                with psycopg.connect(self.database_url, connect_timeout=3, autocommit=True) as connection:
                    return [connection.execute(sql, parameters).fetchall()]  # type: ignore[arg-type]
            except psycopg.OperationalError:
                return None

        return (until(rows, "the database") or [[]])[0]

    def post(self, who: str, text: str, **fields: Any) -> dict[str, Any]:
        """A practice customer's post on the Mastodon peer."""
        answer = httpx2.post(
            f"{self.mastodon}/api/v1/statuses",
            json={"status": text, **fields},
            headers={"Authorization": f"Bearer {token_of(who)}"},
            trust_env=False,
        ).raise_for_status()
        status: dict[str, Any] = answer.json()
        return status

    def replies(self, status_id: str) -> list[dict[str, Any]]:
        """The brand's replies below a post, as the Mastodon peer tells them."""
        answer = httpx2.get(f"{self.mastodon}/api/v1/statuses/{status_id}/context", trust_env=False).raise_for_status()
        return [status for status in answer.json()["descendants"] if status["account"]["username"] == "nordnetz"]

    def mails(self, address: str) -> list[dict[str, Any]]:
        """What lies in a practice customer's mailbox."""
        answer = httpx2.get(f"{self.mailboxes}/box/{address}.json", trust_env=False)
        found: list[dict[str, Any]] = answer.json() if answer.status_code == 200 else []
        return found


def free_ports(count: int) -> int:
    """The first of several neighbouring free loopback ports, away from where outgoing connections take theirs."""
    for first in range(21000 + os.getpid() % 500 * 20, 32000, count):
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            for port in range(first, first + count):
                probe = stack.enter_context(socket.socket())
                probe.bind(("127.0.0.1", port))
            return first
    raise RuntimeError("no free ports")


def hilft(
    *arguments: str, environment: dict[str, str] | None = None, code: int = 0
) -> subprocess.CompletedProcess[str]:
    """Runs the command as a person would; asserts its exit code."""
    done = subprocess.run(
        [sys.executable, "-m", "hilft.cli", *arguments],
        env=clean(environment or {}),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == code, f"{arguments} → {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def clean(extra: dict[str, str]) -> dict[str, str]:
    """The environment without what the test run itself set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HILFT_", "PYTEST_", "DJANGO_"))}
    return kept | {"PYTHONPATH": str(SOURCE), "HILFT_PRACTICE_EVERY": "0"} | extra


def answers(address: str) -> bool:
    """Whether somebody answers there."""
    try:
        return httpx2.get(address, trust_env=False).status_code < 500
    except httpx2.TransportError:
        return False


@contextlib.contextmanager
def running(*arguments: str, environment: dict[str, str] | None = None) -> Iterator[Installation]:
    """Brings an installation up in an empty folder and down again."""
    folder = Path(tempfile.mkdtemp(prefix="hilft-installation-"))
    folder.chmod(0o755)
    environment = environment or {}
    installation = Installation(folder, free_ports(10), environment)
    try:
        hilft(
            "up",
            "--detach",
            "--port",
            str(installation.port),
            "--data",
            str(folder),
            *arguments,
            environment=environment,
        )
        until(lambda: answers(installation.mastodon) or "--empty" in arguments, "the practice network")
        yield installation
    finally:
        for log in sorted(folder.glob("log/*.log")):
            lines = [line for line in log.read_text(errors="replace").splitlines() if " INFO " not in line][-15:]
            if lines:
                sys.stdout.write(f"--- {log.name}\n" + "\n".join(lines) + "\n")
        hilft("down", "--data", str(folder), environment=environment)
        shutil.rmtree(folder, ignore_errors=True)
