"""A person sees the practice network as threads, with edits, and can post there."""

import httpx2
import pytest

from hilft.practice.mastodon import brand_token, token_of
from tests.practice.conftest import Api


@pytest.fixture
def thread(network: str) -> dict[str, str]:
    katja, brand = Api(network, token_of("katja_brandt")), Api(network, brand_token())
    question = katja.post("@nordnetz Was heißt <orange>?")
    answer = brand.post("@katja_brandt Geduld.", in_reply_to_id=question["id"])
    brand.edit(answer["id"], "@katja_brandt Noch mehr Geduld.")
    brand.post("@katja_brandt Nur unter uns", in_reply_to_id=question["id"], visibility="direct")
    return {"question": question["url"], "answer": answer["url"]}


def read(url: str, **headers: str) -> httpx2.Response:
    return httpx2.get(url, headers=headers, trust_env=False)


def test_the_timeline_shows_brand_replies_and_edits(network: str, thread: dict[str, str]) -> None:
    page = read(network)
    assert page.status_code == 200
    assert "&lt;orange&gt;" in page.text
    assert 'class="post brand"' in page.text
    assert "bearbeitet" in page.text
    assert "Geduld." in page.text


def test_a_posts_address_leads_to_its_thread_without_private_posts(thread: dict[str, str]) -> None:
    page = read(thread["answer"])
    assert 'class="post brand focus"' in page.text
    assert "&lt;orange&gt;" in page.text
    assert "Nur unter uns" not in page.text


def test_the_page_keeps_to_itself(network: str) -> None:
    page = read(network)
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert "<script" not in page.text
    assert " style=" not in page.text
    assert read(f"{network}/practice.css").headers["content-type"] == "text/css; charset=utf-8"


def test_the_page_speaks_english_to_those_who_prefer_it(network: str) -> None:
    assert "Practice network" in read(network, **{"Accept-Language": "en-GB,en;q=0.9,de;q=0.5"}).text
    assert "Übungsnetz" in read(network, **{"Accept-Language": "de-DE,de;q=0.9,en;q=0.5"}).text


def test_a_person_posts_as_a_customer_and_answers(network: str) -> None:
    form = {"as": "lotte_vom_deich", "text": "@nordnetz Moin aus dem Formular"}
    posted = httpx2.post(f"{network}/posten", data=form, trust_env=False)
    assert posted.status_code == 303
    location = posted.headers["location"]
    assert location.startswith("/@lotte_vom_deich/")
    form |= {"text": "@nordnetz Nachtrag", "reply_to": location.rpartition("/")[2]}
    answer = httpx2.post(f"{network}/posten", data=form, trust_env=False, follow_redirects=True)
    assert "Moin aus dem Formular" in answer.text
    assert "Nachtrag" in answer.text


def test_a_person_changes_and_deletes_a_customers_post(network: str) -> None:
    yusuf = Api(network, token_of("yusuf_d"))
    posted = yusuf.post("@nordnetz Rechnng falsch")
    assert "@nordnetz Rechnng falsch</textarea>" in read(posted["url"]).text
    form = {"as": "yusuf_d", "change": posted["id"], "text": "@nordnetz Rechnung falsch"}
    httpx2.post(f"{network}/posten", data=form, trust_env=False)
    assert yusuf.get(f"/api/v1/statuses/{posted['id']}")["edited_at"] is not None
    somebody = httpx2.post(f"{network}/posten", data=form | {"as": "finn_al", "delete": "1"}, trust_env=False)
    assert somebody.status_code == 422
    gone = httpx2.post(f"{network}/posten", data=form | {"delete": "1"}, trust_env=False)
    assert gone.headers["location"] == "/"
    assert read(posted["url"]).status_code == 404


@pytest.mark.parametrize(
    ("form", "headers", "status"),
    [
        ({"as": "lotte_vom_deich", "text": " "}, {}, 422),
        ({"as": "niemand", "text": "Hallo"}, {}, 422),
        ({"as": "lotte_vom_deich", "text": "x" * 501}, {}, 422),
        ({"as": "lotte_vom_deich", "text": "Hallo"}, {"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
def test_what_the_form_refuses(network: str, form: dict[str, str], headers: dict[str, str], status: int) -> None:
    assert httpx2.post(f"{network}/posten", data=form, headers=headers, trust_env=False).status_code == status


def test_unknown_addresses_are_not_found(network: str) -> None:
    assert read(f"{network}/@niemand").status_code == 404
    assert read(f"{network}/@katja_brandt/1").status_code == 404
    assert read(f"{network}/@katja_brandt").status_code == 200
