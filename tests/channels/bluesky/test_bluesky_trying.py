"""The live test on Bluesky against a repository that keeps its records in memory, with the answers a server gives."""

import contextlib
import json
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import translation

from hilft.channels.bluesky.adapter import Adapter
from hilft.channels.contract import Config
from hilft.channels.ledger import packaged
from hilft.channels.trying import carry_out
from tests.peers.bluesky.recording import serving

DID = "did:plc:hilft"
SESSION = {"accessJwt": "a", "refreshJwt": "r", "did": DID, "handle": "hilft.test"}
type Answer = tuple[int, dict[str, str], bytes]


class Repository:
    """The records of one account, and every text that ever stood there."""

    def __init__(self) -> None:
        self.records: dict[str, dict[str, object]] = {}
        self.written: list[str] = []
        self.deletes = True

    def answer(self, _verb: str, path: str, body: bytes, _headers: dict[str, str]) -> Answer:
        method, given = urlsplit(path).path.rpartition("/")[2], json.loads(body) if body else {}
        query = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        key = str(given.get("rkey") or query.get("rkey", ""))
        kept = {"uri": f"at://{DID}/app.bsky.feed.post/{key}", "cid": "c"}
        if method.endswith((".createSession", ".getSession")):
            return _json(200, SESSION)
        if method.endswith(".putRecord"):
            self.records[key] = given["record"]
            self.written.append(given["record"]["text"])
            return _json(200, kept)
        if method.endswith(".getRecord") and key in self.records:
            return _json(200, kept | {"value": self.records[key]})
        if method.endswith(".deleteRecord") and self.deletes:
            self.records.pop(key, None)
            return _json(200, {})
        return _json(400, {"error": "RecordNotFound" if method.endswith(".getRecord") else "InvalidRequest"})


def _json(status: int, value: object) -> Answer:
    return status, {"content-type": "application/json"}, json.dumps(value).encode()


@pytest.fixture
def repository() -> Repository:
    return Repository()


@pytest.fixture
def adapter(repository: Repository) -> Iterator[Adapter]:
    with serving(repository.answer) as url:
        settings = {"service": url, "handle": "hilft.test", "timeout_seconds": 5}
        made = Adapter(
            Config(
                account="1",
                handle="hilft.test",
                settings=settings,
                secrets={"app_password": "p"},
                facts=packaged("bluesky"),
            )
        )
        with contextlib.closing(made), translation.override("en"):
            yield made


def test_a_post_is_announced_made_found_and_deleted(adapter: Adapter, repository: Repository) -> None:
    tasks = adapter.trial("", lambda _ref: False)
    assert "Followers may see it until it is deleted" in tasks[1].what
    assert repository.written == []
    steps = carry_out(tasks)
    assert [step.outcome for step in steps] == ["done"] * 4
    assert [text.startswith("This is a test of hilft and needs no answer.") for text in repository.written] == [True]
    assert repository.records == {}


def test_a_post_that_stays_is_said(adapter: Adapter, repository: Repository) -> None:
    repository.deletes = False
    steps = carry_out(adapter.trial("", lambda _ref: False))
    assert [step.outcome for step in steps] == ["done", "done", "done", "failed"]
    assert steps[-1].remedy == "Delete the test on the network by hand."
