"""The brand's account on a running practice X, as the contract suite asks for it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx2

from hilft.channels.contract import Channel, Config, Event, Ref
from hilft.channels.ledger import packaged
from hilft.channels.x.adapter import Adapter
from hilft.practice.accounts import x_keys
from tests.peers.process import free_port
from tests.peers.proxy import lossy_proxy
from tests.practice.x.conftest import BRAND, X

KEYS = x_keys()._asdict()
ONE = {
    name: KEYS[name]
    for name in ("consumer_key", "consumer_secret", "access_token", "access_token_secret", "client_secret")
}
TWO = {
    name: KEYS[name] for name in ("client_id", "client_secret", "refresh_token", "consumer_key", "consumer_secret")
} | {"user_token": KEYS["user_token"]}
PEOPLE = {"lena": "olena_k", "katja": "katja_brandt", "mehmet": "mehmet_aydin"}


def config(base_url: str, *, secrets: dict[str, str] | None = None, **settings: Any) -> Config:
    """The brand's account; settings whose names begin with `fact_` change the ledger (`__` is a dot)."""
    changed = {name[5:].replace("__", "."): settings.pop(name) for name in list(settings) if name.startswith("fact_")}
    return Config(
        account="8",
        handle="@nordnetz",
        settings={"base_url": base_url, "timeout_seconds": 5, "user_id": BRAND, "poll_seconds": 0.3} | settings,
        secrets=ONE if secrets is None else secrets,
        facts=packaged("x") | changed,
    )


class XWorld:
    """The brand on the practice network, and the people who write to it."""

    def __init__(self, x: X) -> None:
        self.x = x
        self._made: list[Adapter] = []
        self.brand = self.made()
        self.start = self.brand.poll("")[1]

    @property
    def adapter(self) -> Channel:
        return self.brand

    def made(self, base_url: str = "", *, secrets: dict[str, str] | None = None, **settings: Any) -> Adapter:
        adapter = Adapter(config(base_url or self.x.url, secrets=secrets, **settings))
        self._made.append(adapter)
        return adapter

    def close(self) -> None:
        for adapter in self._made:
            adapter.close()

    def twin(self) -> Channel:
        return self.made()

    def ask(self, text: str, who: str = "lena") -> None:
        self.x.says(PEOPLE[who], f"@nordnetz {text}")

    def standing(self, ref: Ref) -> str | None:
        found = [post for post in self._posts() if post["id"] == ref.id and not post["deleted"]]
        return str(found[0]["plain"]) if found else None

    def ours(self, text: str) -> int:
        posts = [post for post in self._posts() if post["author_id"] == BRAND and not post["deleted"]]
        return sum(text in post["plain"] for post in posts)

    @contextlib.contextmanager
    def losing(self) -> Iterator[Channel]:
        with lossy_proxy(urlsplit(self.x.url).port or 0, after=b"POST /2/tweets") as proxy:
            proxy.losing.set()
            yield self.made(proxy.url)

    def unreachable(self) -> Channel:
        return self.made(f"http://127.0.0.1:{free_port()}")

    def revoked(self) -> Channel:
        self.x.faults(token_revoked={})
        return self.made()

    def withdraw(self, ref: Ref) -> None:
        self.x.practice("DELETE", f"posts/{ref.id}", {"as": self._author(ref)})

    def rewrite(self, ref: Ref, text: str) -> None:
        self.x.practice("PATCH", f"posts/{ref.id}", {"as": self._author(ref), "text": f"@nordnetz {text}"})

    def elsewhere(self, text: str, question: Event) -> None:
        self.x.says("nordnetz", text, reply_to=question.ref.id)

    def write_privately(self, text: str, who: str = "katja") -> None:
        self.x.practice("POST", "dms", {"as": PEOPLE[who], "text": text})

    def bill(self) -> dict[str, Any]:
        found: dict[str, Any] = self.x.practice("GET", "bill")
        return found

    def _posts(self) -> list[dict[str, Any]]:
        try:
            found: list[dict[str, Any]] = self.x.practice("GET", "posts")["posts"]
        except httpx2.HTTPError as error:
            raise AssertionError(str(error)) from error
        return found

    def _author(self, ref: Ref) -> str:
        return str(next(post["username"] for post in self._posts() if ref.id in post["edit_history_tweet_ids"]))
