"""Edits on the practice X: a new id each, half an hour, five times, never a reply to somebody else."""

import httpx2
import pytest

from tests.practice.x.conftest import BRAND, X

FIELDS = {"tweet.fields": "edit_controls,created_at"}


def edit(x: X, post: str, text: str) -> httpx2.Response:
    return x.user("POST", "/2/tweets", {"text": text, "edit_options": {"previous_post_id": post}})


def test_an_edit_is_a_new_post_in_a_chain(x: X) -> None:
    first = x.user("POST", "/2/tweets", {"text": "Wartung um zwei"}).json()["data"]["id"]
    answer = edit(x, first, "Wartung um drei")
    assert answer.status_code == 201
    second = answer.json()["data"]
    assert second == {"id": second["id"], "text": "Wartung um drei", "edit_history_tweet_ids": [first, second["id"]]}
    old = x.user("GET", f"/2/tweets/{first}", **FIELDS, expansions="edit_history_tweet_ids").json()
    assert old["data"]["text"] == "Wartung um zwei"
    assert old["data"]["edit_history_tweet_ids"] == [first, second["id"]]
    assert [tweet["text"] for tweet in old["includes"]["tweets"]] == ["Wartung um zwei", "Wartung um drei"]
    assert old["data"]["edit_controls"]["edits_remaining"] == 4
    mine = x.user("GET", f"/2/users/{BRAND}/tweets", since_id=int(first) - 1).json()["data"]
    assert [post["id"] for post in mine] == [second["id"]]


def test_the_window_is_half_an_hour_from_the_first_version(x: X) -> None:
    first = x.user("POST", "/2/tweets", {"text": "Störung in Kiel"}).json()["data"]["id"]
    controls = x.user("GET", f"/2/tweets/{first}", **FIELDS).json()["data"]
    minutes = (int(controls["edit_controls"]["editable_until"][14:16]) - int(controls["created_at"][14:16])) % 60
    assert minutes == 30
    x.clock(29 * 60)
    second = edit(x, first, "Störung in Kiel und Plön").json()["data"]["id"]
    x.clock(31 * 60)
    late = edit(x, second, "Störung behoben")
    assert (late.status_code, late.json()["title"]) == (403, "Forbidden")
    assert late.json()["detail"].endswith("The edit window has closed.")


def test_there_are_five_edits(x: X) -> None:
    post = x.user("POST", "/2/tweets", {"text": "Fassung 0"}).json()["data"]["id"]
    for number in range(1, 6):
        post = edit(x, post, f"Fassung {number}").json()["data"]["id"]
    controls = x.user("GET", f"/2/tweets/{post}", **FIELDS).json()["data"]["edit_controls"]
    assert controls["edits_remaining"] == 0
    answer = edit(x, post, "Fassung 6")
    assert (answer.status_code, answer.json()["detail"].endswith("No edits remain.")) == (403, True)


def test_replies_to_others_cannot_be_edited_but_own_threads_can(x: X) -> None:
    question = x.says("katja_brandt", "@nordnetz Wie lange noch?")
    reply = x.reply(question, "Eine Stunde").json()["data"]["id"]
    controls = x.user("GET", f"/2/tweets/{reply}", **FIELDS).json()["data"]["edit_controls"]
    assert controls["is_edit_eligible"] is False
    answer = edit(x, reply, "Zwei Stunden")
    assert (answer.status_code, answer.json()["detail"].endswith("Replies to others cannot be edited.")) == (403, True)
    root = x.user("POST", "/2/tweets", {"text": "Teil eins"}).json()["data"]
    follow = x.reply(root, "Teil zwoi").json()["data"]
    assert follow["text"] == "Teil zwoi"
    assert edit(x, follow["id"], "Teil zwei").status_code == 201


def test_only_the_latest_version_of_an_own_post_is_edited(x: X) -> None:
    first = x.user("POST", "/2/tweets", {"text": "Alt"}).json()["data"]["id"]
    edit(x, first, "Neu")
    assert edit(x, first, "Noch neuer").status_code == 403
    theirs = x.says("katja_brandt", "Meins")["id"]
    assert edit(x, theirs, "Deins").status_code == 403
    both = {"text": "a", "edit_options": {"previous_post_id": first}, "quote_tweet_id": theirs}
    assert x.user("POST", "/2/tweets", both).status_code == 400


def test_deleting_any_version_deletes_the_chain(x: X) -> None:
    first = x.user("POST", "/2/tweets", {"text": "Falsch"}).json()["data"]["id"]
    second = edit(x, first, "Auch falsch").json()["data"]["id"]
    assert x.user("DELETE", f"/2/tweets/{first}").status_code == 200
    assert [error["resource_id"] for error in x.app("GET", "/2/tweets", ids=f"{first},{second}").json()["errors"]] == [
        first,
        second,
    ]


def test_a_customer_edits_and_deletes_by_the_same_rules(x: X) -> None:
    post = x.says("katja_brandt", "@nordnetz Rechnng falsch")
    fixed = x.practice("PATCH", f"posts/{post['id']}", {"as": "katja_brandt", "text": "@nordnetz Rechnung falsch"})
    assert fixed["versions"] == ["@nordnetz Rechnng falsch", "@nordnetz Rechnung falsch"]
    mentions = x.user("GET", f"/2/users/{BRAND}/mentions", since_id=int(post["id"]) - 1).json()["data"]
    assert [(found["id"], found["text"]) for found in mentions] == [(fixed["id"], "@nordnetz Rechnung falsch")]
    ours = x.reply(fixed, "Wir sehen nach").json()["data"]["id"]
    answer = x.says("katja_brandt", "Danke", reply_to=ours)
    refused = x.call("PATCH", f"/practice/posts/{answer['id']}", json={"as": "katja_brandt", "text": "Nein danke"})
    assert refused.status_code == 403
    x.clock(31 * 60)
    late = x.call("PATCH", f"/practice/posts/{fixed['id']}", json={"as": "katja_brandt", "text": "zu spät"})
    assert late.status_code == 403


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_nobody_changes_somebody_elses_post(x: X, method: str) -> None:
    post = x.says("katja_brandt", "@nordnetz Hände weg")
    body = {"as": "yusuf_d", "text": "Haha"}
    assert x.call(method, f"/practice/posts/{post['id']}", json=body).status_code == 403
