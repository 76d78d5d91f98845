"""The practice network behaves like a Mastodon server where the desk depends on it."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx2
import pytest

from hilft.practice.mastodon import BRAND, brand_token, token_of, tokens
from tests.practice.conftest import Api, free_port, peer, until

FOLLOWED, STRANGER = "katja_brandt", "yusuf_d"


@pytest.fixture
def brand(network: str) -> Api:
    return Api(network, brand_token())


@pytest.fixture
def katja(network: str) -> Api:
    return Api(network, token_of(FOLLOWED))


@pytest.fixture
def yusuf(network: str) -> Api:
    return Api(network, token_of(STRANGER))


@contextmanager
def stream(api: Api) -> Iterator[list[tuple[str, str]]]:
    """The events on somebody's user stream while the block runs."""
    events: list[tuple[str, str]] = []
    connected = threading.Event()
    with closing(httpx2.Client(base_url=api.url, headers=api.headers, trust_env=False)) as http:

        def listen() -> None:
            try:
                with http.stream("GET", "/api/v1/streaming/user", timeout=None) as response:
                    name = ""
                    for line in response.iter_lines():
                        connected.set()
                        if line.startswith("event: "):
                            name = line.removeprefix("event: ")
                        elif line.startswith("data: "):
                            events.append((name, line.removeprefix("data: ")))
                            if name == "update" and "enough for now" in line:
                                return
            except httpx2.HTTPError:
                return

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        assert connected.wait(10)
        yield events
        api.post("enough for now")
        thread.join(10)


def test_everybody_has_an_account_and_a_token(network: str) -> None:
    assert len(tokens()) == 47
    for handle in (BRAND, FOLLOWED, STRANGER):
        account = Api(network, tokens()[handle]).get("/api/v1/accounts/verify_credentials")
        assert account["acct"] == handle


def test_a_mention_notifies_the_brand_whatever_its_case(brand: Api, katja: Api) -> None:
    posted = katja.post("@NordNetz Router blinkt orange & <b>nichts</b> geht")
    newest = brand.get("/api/v1/notifications", **{"types[]": "mention"})[0]
    assert newest["status"]["id"] == posted["id"]
    assert newest["account"]["acct"] == FOLLOWED
    assert 'class="u-url mention">@<span>NordNetz</span></a>' in posted["content"]
    assert "&lt;b&gt;" in posted["content"]


def test_a_handle_with_this_servers_name_is_the_same_account(brand: Api, yusuf: Api) -> None:
    host = brand.url.removeprefix("http://")
    posted = yusuf.post(f"@nordnetz@{host} noch da?")
    assert [mention["acct"] for mention in posted["mentions"]] == [BRAND]


def test_reply_context_edit_and_history(brand: Api, katja: Api) -> None:
    question = katja.post("@nordnetz Wie lange noch?")
    answer = brand.post(f"@{FOLLOWED} Bis zu 24 Stunden.", in_reply_to_id=question["id"])
    assert brand.edit(answer["id"], f"@{FOLLOWED} Bis zu 48 Stunden.")["edited_at"] is not None
    context = katja.get(f"/api/v1/statuses/{question['id']}/context")
    assert [post["id"] for post in context["descendants"]] == [answer["id"]]
    history = katja.get(f"/api/v1/statuses/{answer['id']}/history")
    assert ["24" in version["content"] for version in history] == [True, False]


def test_the_same_idempotency_key_posts_once(brand: Api) -> None:
    first, second = (brand.post("Genau einmal", key="once-only") for _ in range(2))
    assert first["id"] == second["id"]


def test_a_reply_to_a_deleted_post_is_refused(brand: Api, yusuf: Api) -> None:
    gone = yusuf.post("@nordnetz gleich weg")
    yusuf.delete(gone["id"])
    answer = brand.call("POST", "/api/v1/statuses", data={"status": "Hallo?", "in_reply_to_id": gone["id"]})
    assert answer.status_code == 404
    shown = brand.get("/api/v1/notifications", **{"types[]": "mention"})
    assert gone["id"] not in [notification["status"]["id"] for notification in shown]


def test_the_brands_stream(brand: Api, katja: Api, yusuf: Api) -> None:
    """Mentions and deletions arrive from everybody, edits only from people the brand follows."""
    with stream(brand) as events:
        for api in (katja, yusuf):
            posted = api.post("@nordnetz eins")
            api.edit(posted["id"], "@nordnetz zwei")
            api.delete(posted["id"])
    names = [name for name, _ in events]
    assert names.count("notification") == 2
    assert names.count("delete") == 2
    assert names.count("status.update") == 1


def test_posts_outlive_a_restart(tmp_path: Path) -> None:
    arguments = ("--port", str(free_port()), "--state", str(tmp_path))
    with peer("mastodon", *arguments) as ready:
        first = Api(ready["url"], brand_token()).post("Bleibt")
    with peer("mastodon", *arguments) as ready:
        api = Api(ready["url"], brand_token())
        assert api.get(f"/api/v1/statuses/{first['id']}")["content"] == "<p>Bleibt</p>"
        assert int(api.post("Danach")["id"]) > int(first["id"])


def test_an_event_arrives_on_an_open_stream_within_a_second(brand: Api, yusuf: Api) -> None:
    with stream(brand) as events:
        yusuf.post("@nordnetz schnell")
        until(lambda: [name for name, _ in events if name == "notification"], "the notification", 1)
