"""A person sees page and account, writes as a customer, and switches faults, without a script."""

import httpx2
import pytest

from tests.practice.meta.conftest import KATJA, YUSUF, Meta

FORM = "/wand/schreiben"


def read(meta: Meta, path: str) -> str:
    answer = meta.http.get(path)
    assert answer.status_code == 200
    return answer.text


def write(meta: Meta, **fields: str) -> str:
    """Send a form as KATJA; returns where the page leads to."""
    answer = meta.http.post(FORM, data={"as": KATJA, **fields})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_a_person_comments_edits_and_deletes(meta: Meta) -> None:
    post = meta.page_post()
    thread = write(meta, act="comment", on=post, text="Moin\nWas heißt <b>?")
    page = read(meta, thread)
    assert "<p>Moin</p><p>Was heißt &lt;b&gt;?</p>" in page
    assert "<b>?" not in page
    comment = thread.rpartition("/")[2]
    assert write(meta, act="change", on=comment, text="Was heißt das?") == thread
    assert "bearbeitet" in read(meta, thread)
    assert meta.get(comment, fields="message")["message"] == "Was heißt das?"
    assert write(meta, act="delete", on=comment) == "/"
    assert meta.http.get(thread).status_code == 404


def test_the_brands_answers_edits_and_hidden_comments_show(meta: Meta) -> None:
    comment = meta.says(KATJA, "Frage", meta.page_post())
    answer = meta.post(f"{comment}/comments", message="Antwrt")["id"]
    meta.post(answer, message="Antwort")
    meta.send({"comment_id": comment}, "Nur unter uns")
    meta.post(comment, is_hidden="true")
    page = read(meta, "/")
    for shown in ('class="post brand"', "Antwort", "Antwrt", "bearbeitet", "verborgen", "privat beantwortet"):
        assert shown in page
    assert "Nur unter uns" not in page
    assert "Nur unter uns" in read(meta, "/wand/nachrichten")


def test_a_person_posts_mentions_and_writes_privately(meta: Meta) -> None:
    assert "Hallo Seite" in read(meta, write(meta, act="post", network="facebook", text="Hallo Seite"))
    assert "Hallo Seite" in read(meta, "/")
    write(meta, act="mention", network="facebook", text="Na @nordnetz")
    write(meta, act="mention", network="instagram", text="Bild @nordnetz")
    assert "Bild @nordnetz" in read(meta, "/wand/instagram")
    assert write(meta, act="message", network="instagram", text="Psst") == "/wand/nachrichten"
    assert "Psst" in read(meta, "/wand/nachrichten")


@pytest.mark.parametrize(
    ("fields", "headers", "status"),
    [
        ({"as": "niemand", "act": "post", "text": "a"}, {}, 422),
        ({"as": KATJA, "act": "post", "text": " "}, {}, 422),
        ({"as": KATJA, "act": "comment", "on": "1", "text": "a"}, {}, 422),
        ({"as": YUSUF, "act": "change", "on": "COMMENT", "text": "a"}, {}, 422),
        ({"as": YUSUF, "act": "delete", "on": "COMMENT"}, {}, 422),
        ({"as": KATJA, "act": "post", "text": "a"}, {"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
def test_what_the_forms_refuse(meta: Meta, fields: dict[str, str], headers: dict[str, str], status: int) -> None:
    comment = meta.says(KATJA, "Bleibt", meta.page_post())
    given = {key: comment if value == "COMMENT" else value for key, value in fields.items()}
    assert meta.http.post(FORM, data=given, headers=headers).status_code == status
    assert meta.get(comment, fields="message")["message"] == "Bleibt"


def test_faults_are_switched_by_hand(meta: Meta) -> None:
    switch = "/wand/stoerungen"
    assert "Zugriff entzogen" in read(meta, switch)
    on = meta.http.post(switch, data={"name": "token_revoked", "switch": "an"})
    assert on.headers["location"] == switch
    assert meta.refused("GET", "me") == (190, 460)
    meta.http.post(switch, data={"name": "token_revoked", "switch": "aus"})
    assert meta.call("GET", "me").status_code == 200
    assert meta.http.post(switch, data={"name": "earthquake", "switch": "an"}).status_code == 422


@pytest.mark.parametrize("path", ["/", "/wand/instagram", "/wand/nachrichten", "/wand/stoerungen", "/wand/faden/1"])
def test_the_pages_keep_to_themselves(meta: Meta, path: str) -> None:
    answer: httpx2.Response = meta.http.get(path)
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert "<script" not in answer.text
    assert " style=" not in answer.text
    assert meta.http.get("/practice.css").headers["content-type"] == "text/css; charset=utf-8"
