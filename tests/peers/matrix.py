"""A Matrix server (Synapse on SQLite): the brand, some customers, and what they do there.

`python -m tests.peers.matrix` installs it into `.peers/matrix` (about 230 MB, once), as its first use does.
A response to `/sync` is not kept for repetitions: the tests look from the same cursor again and again.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import hmac
import subprocess
import sys
import tempfile
import uuid
import venv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2

from tests.peers.process import free_port, running

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / ".peers" / "matrix"
LOCK = ROOT / "requirements" / "synapse.lock"

BRAND = "hilft"
CUSTOMERS = ("lena", "mehmet", "tom")
SECRET = "a shared secret"
PASSWORD = "a long password"

CONFIG = """
server_name: localhost
pid_file: {state}/homeserver.pid
listeners:
  - {{bind_addresses: ["127.0.0.1"], port: {port}, type: http, resources: [{{names: [client], compress: false}}]}}
database: {{name: sqlite3, args: {{database: {state}/homeserver.db}}}}
log_config: {state}/log.yaml
media_store_path: {state}/media
signing_key_path: {state}/signing.key
report_stats: false
macaroon_secret_key: macaroon
form_secret: form
registration_shared_secret: {secret}
trusted_key_servers: []
federation_domain_whitelist: []
presence: {{enabled: false}}
caches: {{sync_response_cache_duration: 0s}}
rc_message: {fast}
rc_registration: {fast}
rc_login: {{address: {fast}, account: {fast}, failed_attempts: {fast}}}
rc_joins: {{local: {fast}, remote: {fast}}}
rc_invites: {{per_room: {fast}, per_user: {fast}, per_issuer: {fast}}}
rc_room_creation: {fast}
"""
FAST = "{per_second: 1000, burst_count: 1000}"
LOG = """
version: 1
handlers: {console: {class: logging.StreamHandler}}
root: {level: WARNING, handlers: [console]}
"""


@dataclass
class Matrix:
    """A running server; `tokens` by name, the brand's as `hilft`."""

    base_url: str
    brand: str = BRAND
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def token(self) -> str:
        """The brand's access token."""
        return self.tokens[self.brand]

    def user(self, who: str) -> str:
        return f"@{who}:localhost"

    def call(self, who: str, method: str, path: str, body: Any = None, **params: Any) -> Any:
        """A request as one of the accounts; raises for every error."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}"} if who else {}
        url = f"{self.base_url}/_matrix/client{path}"
        response = httpx2.request(method, url, json=body, params=params, headers=headers, timeout=20, trust_env=False)
        response.raise_for_status()
        return response.json()

    def join_server(self, name: str, *, admin: bool = False) -> None:
        """Makes an account, by Synapse's shared secret."""
        url = f"{self.base_url}/_synapse/admin/v1/register"
        nonce = httpx2.get(url, trust_env=False, timeout=20).json()["nonce"]
        signed = "\0".join([nonce, name, PASSWORD, "admin" if admin else "notadmin"])
        mac = hmac.new(SECRET.encode(), signed.encode(), hashlib.sha1).hexdigest()
        body = {"nonce": nonce, "username": name, "password": PASSWORD, "admin": admin, "mac": mac}
        body["displayname"] = f"{name.title()} Muster"
        response = httpx2.post(url, json=body, trust_env=False, timeout=20)
        response.raise_for_status()
        self.tokens[name] = str(response.json()["access_token"])

    def login(self, who: str) -> str:
        """A second session of an account, to be revoked or to act as another client."""
        body = {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": who},
            "password": PASSWORD,
        }
        return str(self.call("", "POST", "/v3/login", body)["access_token"])

    def revoke(self, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{self.base_url}/_matrix/client/v3/logout"
        httpx2.post(url, json={}, headers=headers, trust_env=False).raise_for_status()

    def room(self, who: str, *guests: str, **fields: Any) -> str:
        """A room made by one account, whose guests have joined."""
        body = {"preset": "private_chat", "invite": [self.user(guest) for guest in guests]} | fields
        room = str(self.call(who, "POST", "/v3/createRoom", body)["room_id"])
        for guest in guests:
            self.enter(guest, room)
        return room

    def enter(self, who: str, room: str) -> None:
        self.call(who, "POST", f"/v3/join/{quote(room)}", {})

    def say(self, who: str, room: str, text: str, **content: Any) -> str:
        """A message; `content` adds or replaces its fields. Gives the event's id."""
        body = {"msgtype": "m.text", "body": text} | content
        path = f"/v3/rooms/{quote(room)}/send/m.room.message/{uuid.uuid4().hex}"
        return str(self.call(who, "PUT", path, body)["event_id"])

    def address(self, who: str, room: str, text: str, **content: Any) -> str:
        """A message that mentions the brand, as Element writes it."""
        named = {"m.mentions": {"user_ids": [self.user(self.brand)]}}
        return self.say(who, room, f"{self.brand.title()} Muster: {text}", **(named | content))

    def rewrite(self, who: str, room: str, event: str, text: str) -> str:
        """An edit of a message."""
        new = {"msgtype": "m.text", "body": text}
        relates = {"rel_type": "m.replace", "event_id": event}
        return self.say(who, room, f"* {text}", **{"m.new_content": new, "m.relates_to": relates})

    def redact(self, who: str, room: str, event: str) -> None:
        path = f"/v3/rooms/{quote(room)}/redact/{quote(event, safe='')}/{uuid.uuid4().hex}"
        self.call(who, "PUT", path, {})

    def event(self, who: str, room: str, event: str) -> Any:
        return self.call(who, "GET", f"/v3/rooms/{quote(room)}/event/{quote(event, safe='')}")

    def set_state(self, who: str, room: str, kind: str, content: Any) -> None:
        self.call(who, "PUT", f"/v3/rooms/{quote(room)}/state/{kind}", content)

    def slow_down(self, who: str, *, per_second: int, burst: int) -> None:
        """Limits how fast an account may send; zero of both takes the limit away."""
        url = f"{self.base_url}/_synapse/admin/v1/users/{self.user(who)}/override_ratelimit"
        headers = {"Authorization": f"Bearer {self.tokens['warden']}"}
        body = {"messages_per_second": per_second, "burst_count": burst}
        if burst:
            httpx2.post(url, json=body, headers=headers, trust_env=False, timeout=20).raise_for_status()
        else:
            httpx2.delete(url, headers=headers, trust_env=False, timeout=20).raise_for_status()


def install() -> Path:
    """Installs Synapse from its lock where it is missing; gives its Python."""
    python = PLACE / "bin" / "python"
    stamp, want = PLACE / "installed", hashlib.sha256(LOCK.read_bytes()).hexdigest()
    PLACE.parent.mkdir(exist_ok=True)
    with (PLACE.parent / "matrix.busy").open("w") as busy:
        fcntl.flock(busy, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_text() == want:
            return python
        venv.create(PLACE, with_pip=True, clear=True)
        command = [
            str(python),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--quiet",
            "--disable-pip-version-check",
            "--no-input",
        ]
        command += ["--only-binary=:all:", "--require-hashes", "-r", str(LOCK)]
        subprocess.run(command, check=True)
        stamp.write_text(want)
    return python


@contextlib.contextmanager
def running_matrix(customers: tuple[str, ...] = CUSTOMERS) -> Iterator[Matrix]:
    """Starts a server on a free port with an account for the brand, each customer, and a warden."""
    python = install()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        state, port = Path(folder), free_port()
        config = state / "homeserver.yaml"
        config.write_text(CONFIG.format(state=state, port=port, secret=SECRET, fast=FAST))
        (state / "log.yaml").write_text(LOG)
        start = [str(python), "-m", "synapse.app.homeserver", "--config-path", str(config)]
        subprocess.run([*start, "--generate-keys"], check=True, capture_output=True, cwd=state)
        with running(start, port=port, log=state / "out.log", cwd=state):
            matrix = Matrix(base_url=f"http://127.0.0.1:{port}")
            for name in (BRAND, *customers):
                matrix.join_server(name)
            matrix.join_server("warden", admin=True)
            yield matrix


if __name__ == "__main__":
    sys.stdout.write(f"{install()}\n")
