"""Rate limits with their headers, daily limits, and what the calls would have cost."""

import time
from collections.abc import Iterator

import pytest

from tests.practice.x.conftest import BRAND, KATJA, X, network


@pytest.fixture
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[X]:
    """A network on which nothing has been counted yet."""
    with network(tmp_path_factory.mktemp("fresh")) as x:
        yield x


def test_a_window_ends_and_begins_anew(fresh: X) -> None:
    seen = [fresh.user("GET", "/2/dm_events") for _ in range(16)]
    assert [answer.status_code for answer in seen] == [200] * 15 + [429]
    assert [answer.headers["x-rate-limit-remaining"] for answer in seen[:2]] == ["14", "13"]
    last = seen[-1]
    assert last.json() == {
        "title": "Too Many Requests",
        "detail": "Too Many Requests",
        "type": "about:blank",
        "status": 429,
    }
    assert (last.headers["x-rate-limit-limit"], last.headers["x-rate-limit-remaining"]) == ("15", "0")
    reset = int(last.headers["x-rate-limit-reset"])
    assert 0 < reset - time.time() <= 900
    assert "retry-after" not in last.headers
    fresh.clock(901)
    assert fresh.user("GET", "/2/dm_events").headers["x-rate-limit-remaining"] == "14"


def test_direct_messages_have_a_daily_limit(fresh: X) -> None:
    path = f"/2/dm_conversations/with/{KATJA}/messages"
    first = fresh.user("POST", path, {"text": "Nummer 0"})
    assert first.headers["x-rate-limit-limit"] == "15"
    assert first.headers["x-user-limit-24hour-limit"] == "1440"
    assert first.headers["x-app-limit-24hour-remaining"] == "1439"
    for number in range(1, 16):
        fresh.clock(901 * number)
        answer = fresh.user("POST", path, {"text": f"Nummer {number}"})
    assert answer.headers["x-rate-limit-remaining"] == "14"
    assert answer.headers["x-user-limit-24hour-remaining"] == "1424"


def test_the_app_and_its_user_are_counted_apart(fresh: X) -> None:
    assert fresh.app("GET", f"/2/users/{BRAND}/mentions").headers["x-rate-limit-limit"] == "450"
    assert fresh.user("GET", f"/2/users/{BRAND}/mentions").headers["x-rate-limit-limit"] == "300"
    assert fresh.app("GET", f"/2/users/{BRAND}/mentions").headers["x-rate-limit-remaining"] == "448"


def test_the_bill_counts_resources_once_a_day_and_requests_each_time(fresh: X) -> None:
    assert fresh.practice("GET", "bill") == {"calls": {}, "usd": 0.0}
    post = fresh.says("katja_brandt", "@nordnetz Was kostet das?")
    for _ in range(2):
        fresh.user("GET", f"/2/users/{BRAND}/mentions")
    assert fresh.practice("GET", "bill") == {"calls": {"own_read": 1}, "usd": 0.001}
    fresh.app("GET", f"/2/tweets/{post['id']}")
    fresh.reply(post, "Nichts.")
    fresh.reply(post, "Mehr unter https://nordnetz.example/preise")
    fresh.user("GET", "/2/users/me")
    fresh.user("POST", f"/2/dm_conversations/with/{KATJA}/messages", {"text": "Psst"})
    fresh.user("GET", "/2/dm_events")
    assert fresh.practice("GET", "bill") == {
        "calls": {
            "dm_create": 1,
            "dm_read": 1,
            "own_read": 1,
            "post_create": 1,
            "post_create_with_url": 1,
            "post_read": 1,
            "user_read": 1,
        },
        "usd": 0.256,
    }
    fresh.clock(86400)
    fresh.user("GET", f"/2/users/{BRAND}/mentions")
    assert fresh.practice("GET", "bill")["calls"]["own_read"] == 2


def test_what_is_refused_costs_nothing(fresh: X) -> None:
    assert fresh.user("POST", "/2/tweets", {"text": "x" * 281}).status_code == 400
    assert fresh.user("GET", f"/2/users/{BRAND}/mentions", max_results=1).status_code == 400
    assert fresh.practice("GET", "bill") == {"calls": {}, "usd": 0.0}
