"""Mastodon practice network: a Mastodon server on loopback with the brand's and the practice customers' accounts."""

import argparse
import json
import sys
from pathlib import Path
from socket import socket

import uvicorn
from mastodon_mock.app import create_app
from mastodon_mock.config import DatabaseConfig, MastodonMockConfig, SeedAccount, SeedConfig, SeedFollow

from hilft.practice import fidelity
from hilft.practice.accounts import BRAND, brand_token, names, token_of, tokens
from hilft.practice.network_page import NetworkPage

__all__ = ["BRAND", "brand_token", "names", "token_of", "tokens"]


def configuration(port: int, state: Path) -> MastodonMockConfig:
    """The server's settings: an SQLite file in the state folder, so that posts outlive a restart."""
    handles = list(names())
    accounts = [
        SeedAccount(
            username=BRAND,
            display_name="NordNetz hilft",
            note="Das Service-Team von NordNetz. Wir antworten öffentlich, Mo–So 7–22 Uhr. (Übungsnetz)",
            access_token=brand_token(),
        )
    ]
    accounts += [
        SeedAccount(username=handle, display_name=name, access_token=token_of(handle))
        for handle, name in names().items()
    ]
    return MastodonMockConfig(
        domain=f"127.0.0.1:{port}",
        url_scheme="http",
        title="Übungsnetz",
        description="Ein Mastodon-Server nur für diesen Rechner. Alle Konten sind erfunden.",
        database=DatabaseConfig(path=str(state / "mastodon.sqlite3")),
        # As in the field: a brand follows some of its customers (their edits reach its stream), but not all.
        seed=SeedConfig(
            accounts=accounts, follows=[SeedFollow(follower=BRAND, following=handle) for handle in handles[::2]]
        ),
    )


class _Announced(uvicorn.Server):
    """A server that says in one line of JSON when and where it is ready."""

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            port = self.config.port
            ready = {"ready": True, "url": f"http://127.0.0.1:{port}", "brand": BRAND, "accounts": len(names()) + 1}
            sys.stdout.write(json.dumps(ready) + "\n")
            sys.stdout.flush()


def serve(port: int, state: Path) -> None:
    """Serve the network until SIGTERM or SIGINT."""
    state.mkdir(parents=True, exist_ok=True)
    config = configuration(port, state)
    fidelity.apply(config.domain)
    app = NetworkPage(create_app(config), brand=BRAND, tokens=tokens(), names=names())
    settings = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_level="warning", server_header=False, timeout_graceful_shutdown=2
    )
    _Announced(settings).run()


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m hilft.practice.mastodon", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state", type=Path, required=True, help="folder that keeps the posts")
    options = parser.parse_args(arguments)
    serve(options.port, options.state)


if __name__ == "__main__":
    main()
