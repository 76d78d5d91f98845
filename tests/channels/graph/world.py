"""The brand on the practice network of Meta, as the contract suite asks for it, whichever the network."""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from hilft.channels.contract import Answer, Call, Channel, Config, Event, Outgoing, Ref
from hilft.channels.graph.adapter import GraphAdapter
from hilft.channels.ledger import packaged
from hilft.practice.meta import people
from tests.channels.world import events, eventually
from tests.peers.process import free_port
from tests.peers.proxy import lossy_proxy
from tests.practice.meta.conftest import Hook, Meta, Receiver

LENA = "olena_k"
"""The practice customer whose handle and name hold "lena", which the suite looks for."""

KATJA = "katja_brandt"


class GraphWorld(ABC):
    """One account of the brand; a subclass says which."""

    adapter_class: type[GraphAdapter]
    post: str
    """The brand's post or picture that people comment on."""

    def __init__(self, meta: Meta) -> None:
        self.meta = meta
        self._made: list[GraphAdapter] = []
        self.graph = self.made()
        self.post = self.first_post()
        self.start = self.graph.poll("")[1]

    @abstractmethod
    def first_post(self) -> str:
        """What there is to comment on."""

    @abstractmethod
    def elsewhere(self, text: str, question: Event) -> None:
        """A colleague answers with another tool."""

    @property
    def kind(self) -> str:
        return self.adapter_class.kind

    @property
    def adapter(self) -> Channel:
        return self.graph

    def config(self, base_url: str = "", token: str = "", **settings: Any) -> Config:
        values = {
            "base_url": base_url or str(self.meta.http.base_url),
            "page_id": people.PAGE_ID,
            "instagram_id": people.INSTAGRAM_ID,
            "app_id": people.APP_ID,
            "timeout_seconds": 5,
            "poll_seconds": 0.2,
        }
        secrets = {
            "page_token": token or self.meta.token,
            "app_secret": people.app_secret(),
            "verify_token": people.VERIFY_TOKEN,
        }
        facts = packaged(self.kind)
        return Config(account="9", handle="@nordnetz", settings=values | settings, secrets=secrets, facts=facts)

    def made(self, base_url: str = "", token: str = "", **settings: Any) -> Any:
        adapter = self.adapter_class(self.config(base_url, token, **settings))
        self._made.append(adapter)
        return adapter

    def close(self) -> None:
        for adapter in self._made:
            adapter.close()

    def twin(self) -> Channel:
        made: Channel = self.made()
        return made

    def ask(self, text: str, who: str = "lena") -> None:
        self.meta.says({"lena": LENA}.get(who, who), text, self.post)

    def things(self) -> list[dict[str, Any]]:
        """Everything that stands on the network in public."""
        threads = self.meta.practice("GET", "threads")["threads"]
        return [thing for thread in threads for thing in (thread, *thread["comments"])]

    def letters(self, who: str = LENA) -> list[dict[str, Any]]:
        """The private messages with somebody on this network, oldest first."""
        found = self.meta.practice("GET", "threads")["conversations"]
        return [
            letter for one in found if (one["network"], one["with"]) == (self.kind, who) for letter in one["messages"]
        ]

    def standing(self, ref: Ref) -> str | None:
        return next((thing["text"] for thing in self.things() if thing["id"] == ref.id), None)

    def ours(self, text: str) -> int:
        own = [thing for thing in self.things() if thing["author"] == "nordnetz"]
        return sum(text in thing["text"] for thing in own)

    @contextlib.contextmanager
    def losing(self) -> Iterator[Channel]:
        port = urlsplit(str(self.meta.http.base_url)).port or 0
        with lossy_proxy(port, after=b"POST /v26.0/") as proxy:
            proxy.losing.set()
            yield self.made(proxy.url)

    def unreachable(self) -> Channel:
        made: Channel = self.made(f"http://127.0.0.1:{free_port()}")
        return made

    def revoked(self) -> Channel:
        token = self.meta.practice("POST", "tokens")["access_token"]
        adapter: Channel = self.made(token=token)
        assert adapter.check().ok
        self.meta.practice("PUT", "revocations", token=token)
        return adapter

    def withdraw(self, ref: Ref) -> None:
        self.meta.practice("DELETE", f"comments/{ref.id}")

    def rewrite(self, ref: Ref, text: str) -> None:
        self.meta.practice("PATCH", f"comments/{ref.id}", text=text)

    def hear(self, text: str) -> Event:
        """The polled event whose text contains `text`."""

        def look() -> Event | None:
            raws, _ = self.graph.poll(self.start)
            return next((event for _, event in events(self.adapter, raws) if text in event.text), None)

        return eventually(look)

    def window(self) -> None:
        """Stops the network's clock, so that `Meta.at` counts seconds from now."""
        self.meta.at(0)


def call(hook: Hook) -> Call:
    """A delivery as hilft's web server hands it over."""
    return Call(method="POST", headers=hook.headers, body=hook.body)


def delivered(receiver: Receiver, adapter: GraphAdapter, count: int = 1) -> Answer:
    """The first deliveries that hold `count` updates, taken in by an adapter as one answer."""
    receiver.wait(count)
    raws = [raw for hook in receiver.hooks for raw in adapter.hook(call(hook)).raws]
    return Answer(raws=raws)


def question(query: str) -> Call:
    """A GET that asks our address to prove itself."""
    return Call(method="GET", query=dict(parse_qsl(query)))


def private(event: Event, text: str, **more: Any) -> Outgoing:
    """A private answer to a question."""
    values: dict[str, Any] = {"idempotency": "k", "text": text, "to": event.author, "public": False}
    return Outgoing(**(values | {"parent": event.ref, "root": event.root} | more))
