"""The brand's account on a real Matrix server, as the contract suite asks for it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

from hilft.channels.contract import Channel, Config, Event, Ref
from hilft.channels.ledger import packaged
from hilft.channels.matrix import messages
from hilft.channels.matrix.adapter import Adapter
from tests.peers.matrix import Matrix
from tests.peers.process import free_port
from tests.peers.proxy import lossy_proxy


class MatrixWorld:
    """The brand's account in a room that is open to all."""

    def __init__(self, server: Matrix) -> None:
        self.server = server
        self._made: list[Adapter] = []
        self._adapter = self.made()
        self.room = server.room("lena", "hilft", "mehmet", "tom", preset="public_chat")
        self.start = self._adapter.poll("")[1]

    @property
    def adapter(self) -> Channel:
        return self._adapter

    def made(self, base_url: str = "", token: str = "", **settings: Any) -> Adapter:
        adapter = Adapter(
            Config(
                account="7",
                handle="@hilft:localhost",
                settings={"base_url": base_url or self.server.base_url, "timeout_seconds": 10} | settings,
                secrets={"access_token": token or self.server.token},
                facts=packaged("matrix"),
            )
        )
        self._made.append(adapter)
        return adapter

    def close(self) -> None:
        for adapter in self._made:
            adapter.close()
        self.server.call("hilft", "POST", f"/v3/rooms/{quote(self.room)}/leave", {})

    def twin(self) -> Channel:
        return self.made()

    def ask(self, text: str, who: str = "lena") -> None:
        self.server.address(who, self.room, text)

    def standing(self, ref: Ref) -> str | None:
        event = self.server.event("tom", *messages.placed(ref.id))
        if not event["content"]:
            return None
        edit = event["unsigned"].get("m.relations", {}).get("m.replace")
        return str(edit["content"]["m.new_content"]["body"] if edit else event["content"]["body"])

    def ours(self, text: str) -> int:
        page = self.server.call("tom", "GET", f"/v3/rooms/{quote(self.room)}/messages", dir="b", limit=100)
        return sum(
            event["sender"] == "@hilft:localhost" and text in event["content"].get("body", "")
            for event in page["chunk"]
        )

    @contextlib.contextmanager
    def losing(self) -> Iterator[Channel]:
        with lossy_proxy(urlsplit(self.server.base_url).port or 0, after=b"/send/m.room.message/") as proxy:
            proxy.losing.set()
            yield self.made(proxy.url)

    def unreachable(self) -> Channel:
        return self.made(f"http://127.0.0.1:{free_port()}")

    def revoked(self) -> Channel:
        token = self.server.login("hilft")
        adapter = self.made(token=token)
        assert adapter.check().ok
        self.server.revoke(token)
        return self.made(token=token)

    def withdraw(self, ref: Ref) -> None:
        self.server.redact("lena", *messages.placed(ref.id))

    def rewrite(self, ref: Ref, text: str) -> None:
        self.server.rewrite("lena", *messages.placed(ref.id), text)

    def elsewhere(self, text: str, question: Event) -> None:
        room, identity = messages.placed(question.ref.id)
        self.server.say("hilft", room, text, **{"m.relates_to": {"m.in_reply_to": {"event_id": identity}}})
