"""One installation on this machine: its data folder, its ports, and the environment of its processes."""

import contextlib
import errno
import json
import os
import secrets
import shutil
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
DEFAULT_PORT = 8300
NEEDED_BYTES = 400 * 1024 * 1024

OFFSETS = {
    name: place
    for place, name in enumerate(
        (
            "web",
            "live",
            "postgres",
            "mastodon",
            "practice-smtp",
            "practice-mail",
            "receiver",
            "hooks",
            "x",
            "meta",
            "crm",
        )
    )
}
"""Every port of an installation, relative to its first."""


class Trouble(Exception):
    """Something stands in the way; the text is one sentence that says what and what to do. Exit code 2."""


def default_folder() -> Path:
    """Where data lives: a place that the unprivileged database user reaches, or the user's own state folder."""
    if os.geteuid() == 0:
        return Path("/var/lib/hilft")
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "hilft"


@dataclass(frozen=True)
class Instance:
    """An installation by its data folder and first port."""

    folder: Path
    port: int

    @property
    def logs(self) -> Path:
        return self.folder / "log"

    @property
    def status_file(self) -> Path:
        return self.folder / "status.json"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def port_of(self, name: str) -> int:
        return self.port + OFFSETS[name]

    def address_of(self, name: str) -> str:
        return f"http://127.0.0.1:{self.port_of(name)}"

    def environment(self, database_url: str, *, example: bool) -> dict[str, str]:
        """What every process of this installation gets."""
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "hilft.config.settings",
            "PYTHONPATH": str(SOURCE),
            "PYTHONUNBUFFERED": "1",
            "HILFT_DATABASE_URL": database_url,
            "HILFT_SECRET_FILE": str(self.folder / "secret.key"),
            "HILFT_DATA": str(self.folder),
            "HILFT_PORT": str(self.port),
            "HILFT_LIVE_URL": os.environ.get("HILFT_LIVE_URL", f"http://127.0.0.1:{self.port_of('live')}"),
            "HILFT_PUBLIC_URL": os.environ.get("HILFT_PUBLIC_URL", self.address),
            "HILFT_EXAMPLE": "1" if example else "",
            "OMP_NUM_THREADS": "1",
        }

    def claim(self) -> None:
        """Makes the data folder usable, or says in one sentence why it is not."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o755)
            self.logs.mkdir(exist_ok=True)
            probe = self.folder / ".probe"
            probe.write_bytes(b"x" * 4096)
            probe.unlink()
            self._secret()
        except OSError as error:
            raise Trouble(self._folder_trouble(error)) from error
        free = shutil.disk_usage(self.folder).free
        if free < NEEDED_BYTES and not (self.folder / "postgres").exists():
            raise Trouble(
                f"The disk of {self.folder} has {free // 1024**2} MB left; hilft needs {NEEDED_BYTES // 1024**2}: "
                "free some space or choose another folder with --data."
            )

    def _folder_trouble(self, error: OSError) -> str:
        if error.errno == errno.ENOSPC:
            return f"The disk of {self.folder} is full: free some space or choose another folder with --data."
        why = f"The data folder {self.folder} cannot be used ({error.strerror})"
        return f"{why}: mend its rights or choose another with --data."

    def _secret(self) -> None:
        file = self.folder / "secret.key"
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(48))
        elif not file.read_text().strip():
            raise Trouble(f"{file} is empty: restore it, since credentials are encrypted with it.")

    def check_ports(self, names: list[str]) -> None:
        """Refuses when a port is taken."""
        for name in names:
            port = self.port_of(name)
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError as error:
                    raise Trouble(
                        f"Port {port} ({name}) is used by another program: end that, or choose others with --port."
                    ) from error

    def read_status(self) -> dict[str, object] | None:
        """What the supervisor wrote last; None when there is nothing to read."""
        with contextlib.suppress(OSError, ValueError):
            found: dict[str, object] = json.loads(self.status_file.read_text())
            return found
        return None


def python(*arguments: str) -> list[str]:
    """A command line of this very interpreter."""
    return [sys.executable, *arguments]


def manage(*arguments: str) -> list[str]:
    """A Django management command."""
    return python("-m", "django", *arguments)
