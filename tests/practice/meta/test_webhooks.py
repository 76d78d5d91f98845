"""Webhooks: verified, signed over raw bytes, batched, repeated until taken, in Meta's shapes."""

import hashlib
import hmac
from pathlib import Path
from typing import Any

import pytest

from hilft.practice.meta import people
from tests.practice.conftest import until
from tests.practice.meta.conftest import APP, IG, KATJA, PAGE, YUSUF, Meta, Receiver, running


@pytest.fixture
def app(meta: Meta) -> Meta:
    return meta.using(people.app_token())


def subscription(receiver: Receiver, **changed: str) -> dict[str, str]:
    given = {"object": "page", "callback_url": receiver.url, "fields": "feed", "verify_token": receiver.token}
    return given | changed


def test_a_subscription_is_verified_first(app: Meta, receiver: Receiver) -> None:
    assert app.post(f"{APP}/subscriptions", **subscription(receiver, fields="feed,messages")) == {"success": True}
    listed = app.get(f"{APP}/subscriptions")["data"]
    assert [(s["object"], s["callback_url"], s["active"]) for s in listed] == [("page", receiver.url, True)]
    assert [f["name"] for f in listed[0]["fields"]] == ["feed", "messages"]
    app.delete(f"{APP}/subscriptions", object="page", fields="feed")
    assert [f["name"] for f in app.get(f"{APP}/subscriptions")["data"][0]["fields"]] == ["messages"]
    app.delete(f"{APP}/subscriptions", object="instagram")
    assert app.delete(f"{APP}/subscriptions", object="page") == {"success": True}
    assert app.get(f"{APP}/subscriptions")["data"] == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"verify_token": "wrong"}, 2200),
        ({"callback_url": "http://127.0.0.1:1/"}, 2200),
        ({"object": "group"}, 100),
        ({"fields": "feed,shoes"}, 100),
        ({"fields": ""}, 100),
        ({"callback_url": ""}, 100),
    ],
)
def test_subscriptions_that_are_refused(app: Meta, receiver: Receiver, changed: dict[str, str], code: int) -> None:
    assert app.refused("POST", f"{APP}/subscriptions", data=subscription(receiver, **changed)) == (code, None)
    assert app.get(f"{APP}/subscriptions")["data"] == []


def test_only_the_app_subscribes_and_only_the_page_installs(meta: Meta, receiver: Receiver) -> None:
    assert meta.refused("POST", f"{APP}/subscriptions", data=subscription(receiver)) == (15, None)
    assert meta.get(f"{PAGE}/subscribed_apps")["data"] == []
    assert meta.post(f"{PAGE}/subscribed_apps", subscribed_fields="feed") == {"success": True}
    assert meta.get(f"{PAGE}/subscribed_apps")["data"][0]["subscribed_fields"] == ["feed"]
    assert meta.refused("POST", f"{PAGE}/subscribed_apps", data={"subscribed_fields": "shoes"}) == (100, None)


def test_without_installation_or_field_nothing_comes(app: Meta, meta: Meta, receiver: Receiver) -> None:
    app.post(f"{APP}/subscriptions", **subscription(receiver, fields="feed,messages"))
    meta.says(KATJA, "vor der Installation", meta.page_post())
    meta.post(f"{PAGE}/subscribed_apps", subscribed_fields="feed,mention")
    meta.writes(KATJA, "nicht abonniert")
    meta.says(KATJA, "danach", meta.page_post())
    assert [update["message"] for update in receiver.wait(1)] == ["danach"]
    assert len(meta.practice("GET", "deliveries")) == 1


def test_the_signature_covers_the_raw_bytes_with_escaped_characters(meta: Meta, receiver: Receiver) -> None:
    meta.subscribe(receiver)
    meta.says(KATJA, "Äpfel/Öl 👩 <b>", meta.page_post())
    receiver.wait(1)
    hook = receiver.hooks[0]
    assert rb"\u00c4pfel\/\u00d6l \ud83d\udc69 <b>" in hook.body
    assert hook.body.isascii()
    secret = people.app_secret().encode()
    assert hook.headers["x-hub-signature-256"] == "sha256=" + hmac.new(secret, hook.body, hashlib.sha256).hexdigest()
    assert hook.headers["x-hub-signature"] == "sha1=" + hmac.new(secret, hook.body, hashlib.sha1).hexdigest()
    assert hook.headers["content-type"] == "application/json"
    assert hook.json["object"] == "page"
    assert receiver.updates()[0]["message"] == "Äpfel/Öl 👩 <b>"


def test_a_comments_life_on_facebook(meta: Meta, receiver: Receiver) -> None:
    post = meta.page_post()
    meta.subscribe(receiver)
    comment = meta.says(KATJA, "Frage", post)
    meta.practice("PATCH", f"comments/{comment}", text="Frage?")
    answer = meta.post(f"{comment}/comments", message="Antwort")["id"]
    meta.post(answer, message="Bessere Antwort")
    meta.post(comment, is_hidden="true")
    meta.practice("DELETE", f"comments/{comment}")
    updates = receiver.wait(6)
    assert [(u["verb"], u["comment_id"], u.get("message")) for u in updates] == [
        ("add", comment, "Frage"),
        ("edited", comment, "Frage?"),
        ("add", answer, "Antwort"),
        ("edited", answer, "Bessere Antwort"),
        ("hide", comment, "Frage?"),
        ("remove", comment, None),
    ]
    assert [u["parent_id"] for u in updates[1:3]] == [post, comment]
    first = updates[0]
    assert first["from"] == {"id": people.scoped_id(KATJA, "facebook"), "name": "Katja Brandt"}
    assert (first["item"], first["post_id"], first["post"]["id"]) == ("comment", post, post)
    assert isinstance(first["created_time"], int)
    assert updates[2]["from"]["id"] == PAGE
    entry = receiver.hooks[0].json["entry"][0]
    assert (entry["id"], entry["changes"][0]["field"]) == (PAGE, "feed")


def test_posts_and_mentions_on_facebook(meta: Meta, receiver: Receiver) -> None:
    meta.subscribe(receiver)
    visitor = meta.practice("POST", "posts", **{"as": KATJA}, text="Hallo Seite")["id"]
    own = meta.post(f"{PAGE}/feed", message="Neues")["id"]
    tagged = meta.practice("POST", "posts", **{"as": YUSUF}, text="Na, @NordNetz?", elsewhere=True)["id"]
    silent = meta.practice("POST", "posts", **{"as": YUSUF}, text="Wetter", elsewhere=True)["id"]
    comment = meta.says(KATJA, "Fragt doch @nordnetz", silent)
    updates = receiver.wait(4)
    assert [(u["item"], u["post_id"], u.get("comment_id")) for u in updates] == [
        ("post", visitor, None),
        ("status", own, None),
        ("post", tagged, None),
        ("comment", silent, comment),
    ]
    assert updates[2].keys() == {"post_id", "created_time", "item", "message", "verb"}
    assert meta.get(tagged, fields="from")["from"]["id"] == people.scoped_id(YUSUF, "facebook")
    fields = [change["field"] for hook in receiver.hooks for entry in hook.json["entry"] for change in entry["changes"]]
    assert fields == ["feed", "feed", "mention", "mention"]


def test_messages_echoes_edits_and_reads(meta: Meta, receiver: Receiver) -> None:
    meta.subscribe(receiver)
    mid = meta.writes(KATJA, "Hallo")
    katja = people.scoped_id(KATJA, "facebook")
    reply = meta.send({"id": katja}, "Moin").json()["message_id"]
    meta.practice("PATCH", f"messages/{mid}", text="Hallo!")
    meta.practice("POST", "read", **{"as": KATJA}, text="-")
    said, echo, edit, read = receiver.wait(4)
    assert (said["sender"]["id"], said["recipient"]["id"]) == (katja, PAGE)
    assert said["message"] == {"mid": mid, "text": "Hallo"}
    assert said["timestamp"] > 10**12
    assert (echo["sender"]["id"], echo["recipient"]["id"]) == (PAGE, katja)
    assert echo["message"] == {"mid": reply, "text": "Moin", "is_echo": True, "app_id": int(APP)}
    assert edit["message_edit"] == {"mid": mid, "text": "Hallo!", "num_edit": 1}
    assert read["read"] == {"watermark": echo["timestamp"]}


def test_instagram_comments_mentions_and_messages(meta: Meta, receiver: Receiver) -> None:
    picture = meta.picture()
    meta.subscribe(receiver)
    comment = meta.says(KATJA, "Schön", picture)
    answer = meta.post(f"{comment}/replies", message="Danke")["id"]
    theirs = meta.practice("POST", "posts", **{"as": YUSUF}, text="Da: @nordnetz", network="instagram")["id"]
    named = meta.says(KATJA, "@nordnetz seht mal", theirs)
    mid = meta.writes(KATJA, "Hallo", "instagram")
    katja = people.scoped_id(KATJA, "instagram")
    echo = meta.send({"id": katja}, "Moin").json()["message_id"]
    meta.practice("DELETE", f"messages/{mid}")
    updates = receiver.wait(7)
    media = {"id": picture, "media_product_type": "FEED"}
    assert updates[0] == {
        "from": {"id": katja, "username": KATJA},
        "media": media,
        "id": comment,
        "text": "Schön",
    }
    assert updates[1] == {
        "from": {"id": IG, "username": "nordnetz", "self_ig_scoped_id": IG},
        "media": media,
        "id": answer,
        "text": "Danke",
        "parent_id": comment,
    }
    assert updates[2:4] == [{"media_id": theirs}, {"media_id": theirs, "comment_id": named}]
    assert (updates[4]["sender"]["id"], updates[4]["recipient"]["id"]) == (katja, IG)
    assert updates[5]["message"] == {"mid": echo, "text": "Moin", "is_echo": True}
    assert updates[6]["message"] == {"mid": mid, "is_deleted": True}
    assert {hook.json["object"] for hook in receiver.hooks} == {"instagram"}


def test_a_live_comment_has_its_own_field(meta: Meta, receiver: Receiver) -> None:
    meta.subscribe(receiver)
    live = meta.practice("POST", "brand", network="instagram", text="Live", surface="LIVE")["id"]
    meta.says(KATJA, "Hallo", live)
    receiver.wait(1)
    assert receiver.hooks[0].json["entry"][0]["changes"][0]["field"] == "live_comments"


def test_what_happens_at_once_comes_in_one_batch(tmp_path: Path, receiver: Receiver) -> None:
    with running(tmp_path, "--wait", "2") as meta:
        meta.at(0)
        post = meta.page_post()
        meta.subscribe(receiver)
        for number in range(3):
            meta.says(KATJA, f"Frage {number}", post)
        meta.writes(KATJA, "Eins")
        meta.writes(YUSUF, "Zwei")
        receiver.wait(5)
    [hook] = receiver.hooks
    assert [len(entry.get("changes", [])) for entry in hook.json["entry"]] == [3, 0, 0]
    assert [len(entry.get("messaging", [])) for entry in hook.json["entry"]] == [0, 1, 1]


def test_a_delivery_is_repeated_until_it_is_taken(meta: Meta, receiver: Receiver) -> None:
    meta.subscribe(receiver)
    receiver.answers = [500, 302]
    meta.says(KATJA, "Frage", meta.page_post())
    receiver.wait(3)
    assert len({hook.body for hook in receiver.hooks}) == 1

    def delivered() -> list[Any]:
        return [d for d in meta.practice("GET", "deliveries") if d["status"] == "delivered"]

    assert [d["attempts"] for d in until(delivered, "the delivery")] == [3]


def test_a_delivery_is_dropped_in_the_end(meta: Meta, receiver: Receiver) -> None:
    meta.subscribe(receiver)
    receiver.answers = [500] * 4
    meta.says(KATJA, "Frage", meta.page_post())
    until(lambda: [d for d in meta.practice("GET", "deliveries") if d["status"] == "dropped"], "the last attempt")
    assert len(receiver.hooks) == 4


def test_the_dashboards_test_differs_from_the_real_thing(meta: Meta, receiver: Receiver) -> None:
    assert meta.http.post("/practice/webhooks/test", json={"object": "page", "field": "feed"}).status_code == 409
    meta.subscribe(receiver)
    meta.practice("POST", "webhooks/test", object="page", field="feed")
    meta.practice("POST", "webhooks/test", object="instagram", field="messages")
    until(lambda: len(receiver.hooks) == 2, "both test payloads")
    by_object = {hook.json["object"]: hook.json["entry"][0] for hook in receiver.hooks}
    assert (by_object["page"]["id"], by_object["page"]["changes"][0]["value"]["post_id"]) == ("0", "44444444_444444444")
    value = by_object["instagram"]["changes"][0]["value"]
    assert value["message"] == {"mid": "test_message_id", "text": "test_message"}
