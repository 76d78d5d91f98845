"""Faults that happen to requests on the practice X, and the page of JSON that switches them."""

import time

import httpx2
import pytest

from hilft.practice.faults import Faults
from hilft.practice.x.clock import Clock
from hilft.practice.x.problems import XDialect
from tests.practice.conftest import until
from tests.practice.x.conftest import BRAND, X


def test_faults_are_set_listed_and_cleared(x: X) -> None:
    x.practice("PUT", "faults", {"latency": {"amount": 0.1}, "server_error": {"times": 2, "only": "POST"}})
    assert x.practice("GET", "faults") == {
        "latency": {"share": 1.0, "amount": 0.1, "times": None, "only": ""},
        "server_error": {"share": 1.0, "amount": 0.0, "times": 2, "only": "POST"},
    }
    assert list(x.practice("DELETE", "faults?name=latency")) == ["server_error"]
    assert x.practice("DELETE", "faults") == {}


@pytest.mark.parametrize(
    "wanted",
    [
        {"nonsense": {}},
        {"latency": {"share": 2}},
        {"latency": {"times": 0}},
        {"latency": {"only": "("}},
        {"latency": 3},
        [],
    ],
)
def test_wrong_faults_change_nothing(x: X, wanted: object) -> None:
    x.faults(latency={"amount": 0.01})
    assert x.call("PUT", "/practice/faults", json=wanted).status_code == 400
    assert list(x.practice("GET", "faults")) == ["latency"]


def test_latency_delays_the_api_but_not_the_practice(x: X) -> None:
    x.faults(latency={"amount": 0.5})
    begun = time.monotonic()
    x.practice("GET", "bill")
    assert time.monotonic() - begun < 0.4
    assert x.user("GET", "/2/users/me").status_code == 200
    assert time.monotonic() - begun >= 0.5


def test_limits_come_with_headers_or_without(x: X) -> None:
    x.faults(rate_limit={"times": 1})
    answer = x.user("GET", "/2/users/me")
    assert (answer.status_code, answer.json()["title"]) == (429, "Too Many Requests")
    assert answer.headers["x-rate-limit-remaining"] == "0"
    assert int(answer.headers["x-rate-limit-reset"]) > time.time()
    assert x.user("GET", "/2/users/me").status_code == 200
    x.faults(rate_limit_bare={})
    bare = x.user("GET", "/2/users/me")
    assert bare.status_code == 429
    assert not [name for name in bare.headers if name.startswith("x-")]


def test_a_limit_ends_by_the_network_s_own_clock(x: X) -> None:
    x.clock(3600)
    x.faults(rate_limit={"times": 1})
    answer = x.user("GET", "/2/users/me")
    assert 3600 < int(answer.headers["x-rate-limit-reset"]) - time.time() <= 3661


def test_errors_hit_only_what_they_are_meant_for(x: X) -> None:
    x.faults(server_error={"only": "^GET /2/users/[0-9]+/mentions"})
    assert x.user("GET", f"/2/users/{BRAND}/mentions").status_code == 503
    assert x.user("GET", "/2/users/me").status_code == 200
    x.faults(token_revoked={})
    answer = x.user("GET", "/2/users/me")
    assert (answer.status_code, answer.json()["title"]) == (401, "Unauthorized")


def test_a_lost_answer_leaves_the_post_behind(x: X) -> None:
    post = x.says("katja_brandt", "@nordnetz Kommt das an?")
    x.faults(timeout_after={"amount": 0.3, "only": "^POST /2/tweets$"})
    begun = time.monotonic()
    with pytest.raises(httpx2.RemoteProtocolError):
        x.reply(post, "Vielleicht.")
    assert time.monotonic() - begun >= 0.3
    x.faults()
    mine = x.user("GET", f"/2/users/{BRAND}/tweets", since_id=post["id"]).json()["data"]
    assert [found["text"] for found in mine] == ["@katja_brandt Vielleicht."]


def test_what_came_in_is_carried_out_even_when_nobody_waits_any_more(x: X) -> None:
    post = x.says("katja_brandt", "@nordnetz Kommt das noch an?")
    x.faults(latency={"amount": 0.6, "only": "^POST /2/tweets$"})
    signed = x.signer.header("POST", f"{x.url}/2/tweets")
    body = {"text": "Später.", "reply": {"in_reply_to_tweet_id": post["id"]}}
    with pytest.raises(httpx2.ReadTimeout):
        httpx2.post(f"{x.url}/2/tweets", json=body, headers={"Authorization": signed}, timeout=0.2, trust_env=False)
    x.faults()

    def ours() -> list[str]:
        found = x.user("GET", f"/2/users/{BRAND}/tweets", since_id=post["id"]).json()
        return [one["text"] for one in found.get("data", [])]

    assert until(ours, "the late post") == ["@katja_brandt Später."]


def test_a_share_strikes_now_and_then() -> None:
    faults = Faults(XDialect(Clock()))
    faults.set("server_error", share=0.5)
    struck = sum(faults.hit("server_error", "GET /2/users/me") is not None for _ in range(400))
    assert 120 < struck < 280
    faults.set("server_error", share=0.0)
    assert faults.hit("server_error", "GET /2/users/me") is None
    faults.set("latency", amount=2, times=2, only="POST")
    hits = [faults.hit("latency", what) for what in ("GET /", "POST /", "POST /", "POST /")]
    assert [hit.amount if hit else None for hit in hits] == [None, 2, 2, None]
    assert "latency" not in faults.active
    with pytest.raises(ValueError, match="unknown fault"):
        faults.set("earthquake")
