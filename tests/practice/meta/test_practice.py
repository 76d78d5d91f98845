"""The practice's own API refuses nonsense, and a restart keeps what was written."""

from pathlib import Path

import pytest

from hilft.practice.meta import people
from tests.practice.meta.conftest import KATJA, PAGE, YUSUF, Meta, Receiver, running


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "comments", {"as": "niemand", "text": "a", "on": "POST"}, 404),
        ("POST", "comments", {"as": KATJA, "text": " ", "on": "POST"}, 400),
        ("POST", "comments", {"as": KATJA, "text": "a", "on": "123"}, 404),
        ("POST", "comments", {"as": KATJA, "text": "a", "on": "POST", "network": "instagram"}, 404),
        ("POST", "comments", {"as": KATJA, "text": "a", "on": "POST", "mood": "good"}, 400),
        ("POST", "messages", {"as": KATJA, "text": "a", "network": "icq"}, 400),
        ("PATCH", "comments/123", {"text": "a"}, 404),
        ("PATCH", "messages/123", {"text": "a"}, 404),
        ("PATCH", "media/123", {}, 404),
        ("DELETE", "posts/123", {}, 404),
        ("POST", "read", {"as": KATJA, "text": "-"}, 404),
        ("POST", "tokens", {"scopes": ["everything"]}, 400),
        ("PUT", "revocations", {"token": "EAA"}, 404),
        ("PUT", "usage", {"type": "pages", "percent": 101}, 400),
        ("PUT", "faults", {"earthquake": {}}, 400),
    ],
)
def test_what_is_refused(meta: Meta, method: str, path: str, body: dict[str, object], status: int) -> None:
    body = {key: meta.page_post() if value == "POST" else value for key, value in body.items()}
    answer = meta.http.request(method, f"/practice/{path}", json=body)
    assert answer.status_code == status
    assert answer.json()["error"]


def test_messages_change_where_the_network_allows_it(meta: Meta) -> None:
    on_facebook, on_instagram = meta.writes(KATJA, "a"), meta.writes(KATJA, "a", "instagram")
    assert meta.http.delete(f"/practice/messages/{on_facebook}").status_code == 409
    assert meta.http.patch(f"/practice/messages/{on_instagram}", json={"text": "b"}).status_code == 409


def test_threads_show_everything(meta: Meta) -> None:
    comment = meta.says(KATJA, "Frage", meta.page_post())
    meta.send({"comment_id": comment}, "Antwort")
    found = meta.practice("GET", "threads")
    shown = next(thread for thread in found["threads"] if thread["id"] == meta.page_post())["comments"][0]
    assert (shown["author"], shown["text"], shown["hidden"]) == (KATJA, "Frage", False)
    assert shown["answered_at"] is not None
    assert [(c["network"], c["with"], len(c["messages"])) for c in found["conversations"]] == [("facebook", KATJA, 1)]


def test_a_restart_keeps_posts_tokens_subscriptions_and_the_clock(tmp_path: Path, receiver: Receiver) -> None:
    with running(tmp_path) as meta:
        meta.subscribe(receiver)
        token = meta.practice("POST", "tokens", expires_in=3600)["access_token"]
        comment = meta.says(YUSUF, "Bleibt", meta.page_post())
        mid = meta.writes(KATJA, "Bleibt auch")
        receiver.wait(2)
        meta.practice("PUT", "clock", seconds=1800)
    with running(tmp_path) as meta:
        assert meta.get(comment, fields="message")["message"] == "Bleibt"
        assert meta.get(mid, fields="message")["message"] == "Bleibt auch"
        assert meta.using(token).get("me")["id"] == PAGE
        assert meta.practice("GET", "clock")["seconds"] == 1800
        meta.says(YUSUF, "Und weiter", meta.page_post())
        assert receiver.wait(3)[2]["message"] == "Und weiter"
        meta.practice("PUT", "clock", seconds=3600)
        assert meta.using(token).refused("GET", "me") == (190, 463)


def test_a_delivery_that_was_under_way_is_finished_after_a_restart(tmp_path: Path, receiver: Receiver) -> None:
    receiver.answers = []
    with running(tmp_path) as meta:
        meta.subscribe(receiver)
        receiver.answers = [500] * 2
        meta.says(YUSUF, "Unterwegs", meta.page_post())
        receiver.wait(2)
    with running(tmp_path):
        receiver.wait(3)
    assert {update["message"] for update in receiver.updates()} == {"Unterwegs"}


def test_scoped_ids_are_the_same_on_every_start() -> None:
    assert people.scoped_id(KATJA, "facebook") == "7434561716997859"
    assert people.handle_of("7434561716997859", "facebook") == KATJA
    assert people.handle_of("7434561716997859", "instagram") is None
