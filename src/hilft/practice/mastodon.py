"""Mastodon practice network: a Mastodon server on loopback with the brand's and the practice customers' accounts."""

import argparse
from pathlib import Path

from mastodon_mock.app import create_app
from mastodon_mock.config import DatabaseConfig, MastodonMockConfig, SeedAccount, SeedConfig, SeedFollow

from hilft.practice import fidelity
from hilft.practice.accounts import BRAND, brand_token, names, token_of, tokens
from hilft.practice.network_page import NetworkPage
from hilft.practice.serving import serve

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


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m hilft.practice.mastodon", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state", type=Path, required=True, help="folder that keeps the posts")
    options = parser.parse_args(arguments)
    options.state.mkdir(parents=True, exist_ok=True)
    config = configuration(options.port, options.state)
    fidelity.apply(config.domain)
    serve(NetworkPage(create_app(config), brand=BRAND, tokens=tokens(), names=names()), options.port)


if __name__ == "__main__":
    main()
