"""A Mastodon server: the brand, some customers, and what they do there."""

from __future__ import annotations

import contextlib
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from tests.peers.process import free_port, running

BRAND = "hilft"
CUSTOMERS = ("lena", "mehmet", "olga", "tom")

CONFIG = """
media_storage_path = "{media}"
[database]
path = ":memory:"
[ratelimit]
enabled = false
[streaming]
heartbeat_seconds = 1.0
"""
SEED = """
[[seed.accounts]]
username = "{name}"
display_name = "{title}"
access_token = "{token}"
"""


@dataclass(frozen=True)
class Mastodon:
    """A running server; `tokens` by account name."""

    base_url: str
    tokens: dict[str, str] = field(default_factory=dict)
    brand: str = BRAND

    @property
    def token(self) -> str:
        """The brand's access token."""
        return self.tokens[self.brand]

    def call(self, who: str, method: str, path: str, **options: Any) -> Any:
        """A request as one of the accounts; raises for every error."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}"}
        response = httpx2.request(method, self.base_url + path, headers=headers, trust_env=False, **options)
        response.raise_for_status()
        return response.json()

    def ask(self, who: str, text: str, **fields: Any) -> dict[str, Any]:
        """A post of a customer; add `visibility` or `in_reply_to_id`."""
        status: dict[str, Any] = self.call(who, "POST", "/api/v1/statuses", json={"status": text, **fields})
        return status

    def fault(self, **effect: Any) -> None:
        """Makes the next matching request fail; see the server's fault rules."""
        httpx2.post(f"{self.base_url}/api/v1/_mock/faults", json=effect, trust_env=False).raise_for_status()

    def heal(self) -> None:
        """Removes all faults."""
        httpx2.delete(f"{self.base_url}/api/v1/_mock/faults", trust_env=False).raise_for_status()

    def new_token(self, who: str) -> str:
        """A second token of an account, to be revoked."""
        page = httpx2.post(f"{self.base_url}/oauth/authorize", data={"username": who}, trust_env=False).text
        code = page.split("Authorization code: ")[1].split("<")[0]
        form = {"grant_type": "authorization_code", "code": code}
        response = httpx2.post(f"{self.base_url}/oauth/token", data=form, trust_env=False)
        return str(response.json()["access_token"])

    def revoke(self, token: str) -> None:
        httpx2.post(f"{self.base_url}/oauth/revoke", data={"token": token}, trust_env=False).raise_for_status()


@contextlib.contextmanager
def running_mastodon(brand: str = BRAND, customers: tuple[str, ...] = CUSTOMERS) -> Iterator[Mastodon]:
    """Starts a server on a free port with a token for the brand and for each customer."""
    tokens = {name: f"token-of-{name}" for name in (brand, *customers)}
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "mastodon.toml")
        seeds = (SEED.format(name=name, title=name.title(), token=token) for name, token in tokens.items())
        config.write_text(CONFIG.format(media=Path(folder, "media")) + "".join(seeds))
        command = [sys.executable, "-m", "mastodon_mock", "serve", "--in-memory", "--config", str(config)]
        command += ["--host", "127.0.0.1", "--port", str(port), "--domain", f"127.0.0.1:{port}"]
        with running(command, port=port, log=Path(folder, "log")):
            yield Mastodon(base_url=f"http://127.0.0.1:{port}", tokens=tokens, brand=brand)
