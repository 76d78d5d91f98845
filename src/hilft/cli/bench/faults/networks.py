"""The practice networks as a run of faults needs them: customers ask, faults are switched, replies are counted."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, Final, NamedTuple

import httpx2

from hilft.cli.bench.scene import free_ports
from hilft.cli.instance import SOURCE, Trouble, python
from hilft.practice.accounts import BRAND, names, x_keys, x_user_id
from hilft.practice.meta import people

SETTINGS: Mapping[str, object] = {"poll_seconds": 0.5, "timeout_seconds": 1.0}
"""How the account is set up: looks often, and does not wait long for an answer."""


TOKENS: Final = ("client_id", "client_secret", "user_token", "refresh_token", "consumer_key", "consumer_secret")


class Reply(NamedTuple):
    """A reply of the brand as it stands on the network, and the question below which it stands."""

    id: str
    question: str


class Network:
    """A practice network of its own, seen from behind; a subclass knows the network's words."""

    kind: ClassVar[str]
    module: ClassVar[str]

    def __init__(self, url: str) -> None:
        self.http = httpx2.Client(base_url=url, trust_env=False, timeout=30)
        self.url = url
        self.customers = sorted(names())

    def settings(self) -> dict[str, object]:
        """What the account's operator enters."""
        raise NotImplementedError

    def secrets(self) -> dict[str, str]:
        """The account's credentials."""
        raise NotImplementedError

    def ask(self, number: int, text: str) -> str:
        """A customer asks; the id of the question."""
        raise NotImplementedError

    def rewrite(self, number: int, question: str, text: str) -> None:
        """The customer of a question changes it."""
        raise NotImplementedError

    def replies(self) -> list[Reply]:
        """Everything that the brand has written below questions."""
        raise NotImplementedError

    def call_back(self, hooks: str) -> None:
        """Has the network tell of everything by webhook."""
        raise NotImplementedError

    def practice(self, method: str, path: str, body: object = None) -> Any:
        """Calls the practice's own interface; a refusal is trouble."""
        answer = self.http.request(method, f"/practice/{path}", json=body)
        if not answer.is_success:
            raise Trouble(f"The practice network {self.kind} refuses {method} {path}: {answer.text}")
        return answer.json() if answer.content else None

    def faults(self, wanted: Mapping[str, Mapping[str, object]]) -> None:
        """Switches exactly these faults on."""
        self.practice("PUT", "faults", wanted)

    def clock(self, seconds: float) -> None:
        """Moves the network's time by so much from the real one."""
        self.practice("PUT", "clock", {"seconds": seconds})

    def customer(self, number: int) -> str:
        """Who asks the question with this number."""
        return self.customers[number % len(self.customers)]


class X(Network):
    """Mentions on X, and replies to them."""

    kind, module = "x", "x"

    def settings(self) -> dict[str, object]:
        return {**SETTINGS, "base_url": self.url, "user_id": x_user_id(BRAND), "messages": False}

    def secrets(self) -> dict[str, str]:
        """Tokens of OAuth 2.0, which end every two hours and are renewed while replies leave."""
        keys = x_keys()._asdict()
        return {name: keys[name] for name in TOKENS}

    def ask(self, number: int, text: str) -> str:
        post = {"as": self.customer(number), "text": f"@{BRAND} {text}"}
        return str(self.practice("POST", "posts", post)["id"])

    def rewrite(self, number: int, question: str, text: str) -> None:
        post = {"as": self.customer(number), "text": f"@{BRAND} {text}"}
        self.practice("PATCH", f"posts/{question}", post)

    def replies(self) -> list[Reply]:
        found = []
        for post in self.practice("GET", f"posts?as={BRAND}")["posts"]:
            above = [one["id"] for one in post.get("referenced_tweets", ()) if one["type"] == "replied_to"]
            found += [Reply(post["id"], above[0])] if above and not post["deleted"] else []
        return found

    def call_back(self, hooks: str) -> None:
        from hilft.channels.contract import Config
        from hilft.channels.ledger import packaged
        from hilft.channels.x.connecting import connect

        config = Config(
            account="", handle=BRAND, settings=self.settings(), secrets=self.secrets(), facts=packaged(self.kind)
        )
        connect(config, f"{hooks}/hooks/x/")


class Facebook(Network):
    """Comments on the page's post, and replies to them."""

    kind, module = "facebook", "meta"

    def __init__(self, url: str) -> None:
        super().__init__(url)
        threads = self.practice("GET", "threads")["threads"]
        self.post = next(thread["id"] for thread in threads if thread["kind"] == "post")

    def settings(self) -> dict[str, object]:
        return {**SETTINGS, "base_url": self.url, "page_id": people.PAGE_ID, "app_id": people.APP_ID}

    def secrets(self) -> dict[str, str]:
        return {
            "page_token": people.page_token(),
            "app_secret": people.app_secret(),
            "verify_token": people.VERIFY_TOKEN,
        }

    def ask(self, number: int, text: str) -> str:
        comment = {"as": self.customer(number), "text": text, "on": self.post}
        return str(self.practice("POST", "comments", comment)["id"])

    def rewrite(self, number: int, question: str, text: str) -> None:
        self.practice("PATCH", f"comments/{question}", {"text": text})

    def replies(self) -> list[Reply]:
        things = [thing for thread in self.practice("GET", "threads")["threads"] for thing in thread["comments"]]
        return [Reply(thing["id"], thing["parent"]) for thing in things if thing["author"] == BRAND]

    def call_back(self, hooks: str) -> None:
        subscription = {
            "object": "page",
            "callback_url": f"{hooks}/hooks/facebook/",
            "fields": "feed",
            "verify_token": people.VERIFY_TOKEN,
        }
        as_app, as_page = {"access_token": people.app_token()}, {"access_token": people.page_token()}
        answers = (
            self.http.post(f"/v26.0/{people.APP_ID}/subscriptions", params=as_app, data=subscription),
            self.http.post(
                f"/v26.0/{people.PAGE_ID}/subscribed_apps", params=as_page, data={"subscribed_fields": "feed"}
            ),
        )
        if not all(answer.is_success for answer in answers):
            raise Trouble(f"The practice network does not take the webhook: {[answer.text for answer in answers]}")


NETWORKS: Mapping[str, type[Network]] = {network.kind: network for network in (X, Facebook)}


@contextmanager
def practice_network(kind: str) -> Iterator[Network]:
    """A fresh network as a process of its own, ended afterwards."""
    chosen = NETWORKS[kind]
    folder = Path(tempfile.mkdtemp(prefix="hilft-faults-"))
    try:
        arguments = (f"--port={free_ports(1)}", f"--state={folder}")
        with child(python("-m", f"hilft.practice.{chosen.module}", *arguments), {}) as process:
            ready = json.loads((process.stdout.readline() if process.stdout else b"") or b"{}")
            if not ready.get("ready"):
                raise Trouble(f"The practice network {kind} did not start.")
            network = chosen(ready["url"])
            try:
                yield network
            finally:
                network.http.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def child(command: list[str], more: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process of ours, ended with the block."""
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), **more}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)
        if process.stdout:
            process.stdout.close()
