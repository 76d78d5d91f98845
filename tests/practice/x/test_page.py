"""A person sees the practice X, writes there as a customer, and switches faults."""

import httpx2
import pytest

from hilft.practice.faults import NAMES
from tests.practice.x.conftest import X


def send(x: X, **form: str) -> httpx2.Response:
    return httpx2.post(f"{x.url}/schreiben", data=form, trust_env=False)


def shown(x: X) -> str:
    answer = httpx2.get(x.url, trust_env=False)
    assert answer.status_code == 200
    return answer.text


def test_threads_with_replies_edits_and_messages(x: X) -> None:
    post = x.says("katja_brandt", "@nordnetz Was heißt <b>fett</b>?")
    x.reply(post, "Das ist Auszeichnung.")
    x.practice("PATCH", f"posts/{post['id']}", {"as": "katja_brandt", "text": "@nordnetz Was heißt <i>schräg</i>?"})
    x.practice("POST", "dms", {"as": "yusuf_d", "text": "Nur <unter> uns"})
    page = shown(x)
    assert "Was heißt &lt;i&gt;schräg&lt;/i&gt;?" in page
    assert "Was heißt &lt;b&gt;fett&lt;/b&gt;?" in page
    assert "<summary>bearbeitet</summary>" in page
    assert "<p>Das ist Auszeichnung.</p>" in page
    assert 'class="post brand"' in page
    assert "Nur &lt;unter&gt; uns" in page
    assert "US-Dollar" in page


def test_the_page_keeps_to_itself(x: X) -> None:
    answer = httpx2.get(x.url, trust_env=False)
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert "<script" not in answer.text
    assert " style=" not in answer.text
    assert httpx2.get(f"{x.url}/?live=1", trust_env=False).headers["refresh"] == "10"
    assert httpx2.get(f"{x.url}/practice.css", trust_env=False).headers["content-type"] == "text/css; charset=utf-8"


def test_a_person_posts_answers_quotes_edits_and_deletes(x: X) -> None:
    assert send(x, do="post", **{"as": "lotte_vom_deich"}, text="@nordnetz Moin").headers["location"] == "/"
    post = x.practice("GET", "posts?as=lotte_vom_deich")["posts"][-1]["id"]
    send(x, do="reply", **{"as": "yusuf_d"}, text="Selber Moin", post=post)
    send(x, do="quote", **{"as": "yusuf_d"}, text="Guckt mal", post=post)
    send(x, do="edit", **{"as": "lotte_vom_deich"}, text="@nordnetz Moin moin", post=post)
    posts = {found["plain"]: found for found in x.practice("GET", "posts")["posts"]}
    kinds = [posts[text]["referenced_tweets"][0]["type"] for text in ("Selber Moin", "Guckt mal")]
    assert kinds == ["replied_to", "quoted"]
    edited = posts["@nordnetz Moin moin"]
    assert edited["versions"] == ["@nordnetz Moin", "@nordnetz Moin moin"]
    send(x, do="delete", **{"as": "lotte_vom_deich"}, post=edited["id"])
    assert x.practice("GET", "posts?as=lotte_vom_deich")["posts"][-1]["deleted"] is True
    assert "<p>Gelöscht.</p>" in shown(x)


def test_a_person_sends_a_message_and_switches_a_fault(x: X) -> None:
    send(x, do="dm", **{"as": "finn_al"}, text="Vertraulich")
    assert x.practice("GET", "dms")["dms"][-1]["text"] == "Vertraulich"
    page = shown(x)
    assert [name for name in NAMES if f"<b>{name}</b>" not in page] == []
    send(x, do="fault", name="server_error")
    assert list(x.practice("GET", "faults")) == ["server_error"]
    send(x, do="fault", name="server_error")
    assert x.practice("GET", "faults") == {}


@pytest.mark.parametrize(
    "form",
    [
        {"do": "post", "as": "niemand", "text": "Hallo"},
        {"do": "post", "as": "finn_al", "text": " "},
        {"do": "post", "as": "finn_al", "text": "x" * 281},
        {"do": "reply", "as": "finn_al", "text": "Hallo", "post": "17"},
        {"do": "delete", "as": "finn_al", "post": "17"},
        {"do": "dance", "as": "finn_al"},
        {"do": "fault", "name": "earthquake"},
        {},
    ],
)
def test_what_the_forms_refuse(x: X, form: dict[str, str]) -> None:
    assert send(x, **form).status_code == 422


def test_forms_of_other_sites_are_refused(x: X) -> None:
    form = {"do": "post", "as": "finn_al", "text": "Hallo"}
    answer = httpx2.post(f"{x.url}/schreiben", data=form, headers={"Sec-Fetch-Site": "cross-site"}, trust_env=False)
    assert answer.status_code == 403
