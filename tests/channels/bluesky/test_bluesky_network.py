"""The Bluesky adapter against a whole local network; the lane `peers`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx2
import pytest

from hilft.channels.bluesky.adapter import Adapter
from hilft.channels.contract import Channel, Config, Event, Ref, Refused
from hilft.channels.ledger import packaged
from tests.channels.contract_suite import ContractSuite, PublicReplies
from tests.channels.live_suite import LiveTests
from tests.channels.world import eventually, polled, reply, words
from tests.peers.bluesky import Bluesky, running_bluesky
from tests.peers.process import free_port
from tests.peers.proxy import lossy_proxy

pytestmark = pytest.mark.peers


@pytest.fixture(scope="session")
def bluesky() -> Iterator[Bluesky]:
    with running_bluesky() as network:
        yield network


class BlueskyWorld:
    """The brand's account on the local network."""

    def __init__(self, network: Bluesky) -> None:
        self.network = network
        self._made: list[Adapter] = []
        self._adapter = self.made()
        self.start = self._adapter.poll("")[1]

    @property
    def adapter(self) -> Channel:
        return self._adapter

    def made(self, service: str = "", password: str = "", who: str = "hilft") -> Adapter:
        settings = {
            "service": service or self.network.service,
            "handle": f"{who}.test",
            "poll_seconds": 0.3,
            "timeout_seconds": 10,
        }
        secrets, facts = {"app_password": password or self.network.password}, packaged("bluesky")
        adapter = Adapter(Config(account="5", handle=f"@{who}.test", settings=settings, secrets=secrets, facts=facts))
        self._made.append(adapter)
        return adapter

    def close(self) -> None:
        for adapter in self._made:
            adapter.close()

    def twin(self) -> Channel:
        return self.made()

    def ask(self, text: str, who: str = "lena") -> None:
        self.network.post(who, text, mention="hilft")

    def standing(self, ref: Ref) -> str | None:
        repo, collection, key = ref.id.removeprefix("at://").split("/")
        try:
            record = self.network.call("tom", "com.atproto.repo.getRecord", repo=repo, collection=collection, rkey=key)
        except httpx2.HTTPStatusError as error:
            if error.response.json()["error"] != "RecordNotFound":
                raise
            return None
        return str(record["value"]["text"])

    def ours(self, text: str) -> int:
        did = self.network.did("hilft")
        params = {"repo": did, "collection": "app.bsky.feed.post", "limit": 100}
        records = self.network.call("tom", "com.atproto.repo.listRecords", **params)["records"]
        return sum(text in record["value"]["text"] for record in records)

    @contextlib.contextmanager
    def losing(self) -> Iterator[Channel]:
        with lossy_proxy(urlsplit(self.network.service).port or 0, after=b"com.atproto.repo.putRecord") as proxy:
            proxy.losing.set()
            yield self.made(proxy.url)

    def unreachable(self) -> Channel:
        return self.made(f"http://127.0.0.1:{free_port()}")

    def revoked(self) -> Channel:
        name = words("desk").replace(" ", "")
        password = self.network.app_password("hilft", name)
        assert self.made(password=password).check().ok
        self.network.revoke("hilft", name)
        return self.made(password=password)

    def withdraw(self, ref: Ref) -> None:
        self.network.remove("lena", ref.id)

    def rewrite(self, ref: Ref, text: str) -> None:
        key = ref.id.rpartition("/")[2]
        record = {"$type": "app.bsky.feed.post", "text": text, "createdAt": "2026-11-22T08:00:00.000Z"}
        body = {"repo": self.network.did("lena"), "collection": "app.bsky.feed.post", "rkey": key, "record": record}
        self.network.call("lena", "com.atproto.repo.putRecord", body)

    def elsewhere(self, text: str, question: Event) -> None:
        here = {"uri": question.ref.id, "cid": question.ref.version}
        self.network.post("hilft", text, reply={"root": here, "parent": here})


@pytest.fixture
def world(bluesky: Bluesky) -> Iterator[BlueskyWorld]:
    with contextlib.closing(BlueskyWorld(bluesky)) as world:
        yield world


class TestContract(ContractSuite, PublicReplies, LiveTests):
    """Bluesky keeps what a channel without edits and private messages can keep."""


def test_a_reply_deep_in_a_thread_names_its_root(world: BlueskyWorld) -> None:
    text = words("Anfang")
    world.ask(text)
    _, first = polled(world, text)
    sent = world.adapter.publish(reply(first, words("Mitte")))
    root, parent = {"uri": first.ref.id, "cid": first.ref.version}, {"uri": sent.ref.id, "cid": sent.ref.version}
    text = words("Ende")
    world.network.post("lena", text, reply={"root": root, "parent": parent})
    _, last = polled(world, text)
    assert last.thread == first.ref.id
    answer = world.adapter.publish(reply(last, words("Schluss")))
    posts = eventually(lambda: world.network.call("tom", "app.bsky.feed.getPosts", uris=[answer.ref.id])["posts"])
    assert posts[0]["record"]["reply"]["root"] == root
    assert posts[0]["record"]["reply"]["parent"]["uri"] == last.ref.id


def test_a_post_closed_to_replies_is_refused(world: BlueskyWorld) -> None:
    text = words("Nur zum Lesen")
    post = world.network.post("lena", text, mention="hilft")
    record = {
        "$type": "app.bsky.feed.threadgate",
        "post": post["uri"],
        "allow": [],
        "createdAt": "2026-11-22T08:00:00.000Z",
    }
    key = post["uri"].rpartition("/")[2]
    body = {"repo": world.network.did("lena"), "collection": "app.bsky.feed.threadgate", "rkey": key, "record": record}
    world.network.call("lena", "com.atproto.repo.createRecord", body)
    _, question = polled(world, text)

    def refused() -> bool:
        try:
            sent = world.adapter.publish(reply(question, words("Doch?")))
        except Refused:
            return True
        world.adapter.delete(sent.ref)
        return False

    assert eventually(refused)
