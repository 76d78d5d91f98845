"""Streams of the practice X: rules, one connection, heartbeats, gaps and backfill."""

from pathlib import Path

import pytest

from tests.practice.conftest import until
from tests.practice.x.conftest import BRAND, X, events, network, streaming

FILTERED, ACTIVITY = "/2/tweets/search/stream", "/2/activity/stream"


@pytest.fixture
def rule(x: X) -> str:
    """The only rule: posts with the word Glasfaser."""
    existing = x.app("GET", f"{FILTERED}/rules").json().get("data", [])
    if existing:
        x.app("POST", f"{FILTERED}/rules", {"delete": {"ids": [rule["id"] for rule in existing]}})
    answer = x.app("POST", f"{FILTERED}/rules", {"add": [{"value": "glasfaser", "tag": "produkt"}]})
    assert answer.status_code == 201
    number: str = answer.json()["data"][0]["id"]
    return number


def test_matching_posts_and_edits_come_with_their_rules(x: X, rule: str) -> None:
    with streaming(x, f"{FILTERED}?tweet.fields=author_id&expansions=author_id") as lines:
        x.says("katja_brandt", "Ohne Treffer")
        post = x.says("katja_brandt", "Wann kommt Glasfaser?")
        x.practice("PATCH", f"posts/{post['id']}", {"as": "katja_brandt", "text": "Wann kommt Glasfaser endlich?"})
        found = until(lambda: events(lines) if len(events(lines)) == 2 else [], "both versions")
        assert found[0]["data"] == {
            "id": post["id"],
            "text": "Wann kommt Glasfaser?",
            "edit_history_tweet_ids": [post["id"]],
            "author_id": post["author_id"],
        }
        assert found[0]["matching_rules"] == [{"id": rule, "tag": "produkt"}]
        assert found[0]["includes"]["users"][0]["username"] == "katja_brandt"
        assert found[1]["data"]["edit_history_tweet_ids"][0] == post["id"]


def test_a_second_connection_is_one_too_many(x: X, rule: str) -> None:
    with streaming(x, FILTERED):
        answer = x.app("GET", FILTERED)
        assert (answer.status_code, answer.json()) == (
            429,
            {
                "title": "ConnectionException",
                "detail": "This stream is currently at the maximum allowed connection limit.",
                "connection_issue": "TooManyConnections",
                "type": "https://api.x.com/2/problems/streaming-connection",
                "status": 429,
            },
        )
        assert answer.headers["x-rate-limit-limit"] == "50"
    with streaming(x, FILTERED) as lines:
        assert rule
        until(lambda: lines, "the freed place")


def test_blank_lines_show_that_a_stream_lives(x: X) -> None:
    with streaming(x, ACTIVITY) as lines:
        until(lambda: lines.count("") >= 3, "heartbeats")
        assert events(lines) == []


def test_a_stream_without_rules_is_refused(x: X, rule: str) -> None:
    x.app("POST", f"{FILTERED}/rules", {"delete": {"ids": [rule]}})
    answer = x.app("GET", FILTERED)
    assert (answer.status_code, answer.json()["connection_issue"]) == (409, "RuleConfigurationIssue")


def test_a_gap_loses_what_happens_meanwhile(x: X, rule: str) -> None:
    with streaming(x, FILTERED) as lines:
        x.faults(stream_gap={})
        lost = x.says("katja_brandt", "Glasfaser verloren")
        x.faults()
        kept = x.says("katja_brandt", "Glasfaser gefunden")
        until(lambda: events(lines), "the post after the gap")
        assert [event["data"]["id"] for event in events(lines)] == [kept["id"]]
    missed = x.app("GET", "/2/tweets/search/recent", query="glasfaser", since_id=int(lost["id"]) - 1).json()["data"]
    assert [post["id"] for post in missed] == [kept["id"], lost["id"]]


def test_rules_are_checked_counted_and_removed(x: X, rule: str) -> None:
    path = f"{FILTERED}/rules"
    wanted = [{"value": "glasfaser"}, {"value": "colour:blue"}, {"value": "(kabel OR dsl) -from:nordnetz"}]
    body = x.app("POST", path, {"add": wanted}).json()
    assert body["meta"]["summary"] == {"created": 1, "not_created": 2, "valid": 1, "invalid": 2}
    assert [error["title"] for error in body["errors"]] == ["DuplicateRule", "UnprocessableEntity"]
    assert body["errors"][0]["id"] == rule
    made = body["data"][0]["id"]
    assert x.app("POST", f"{path}?dry_run=true", {"add": [{"value": "probe"}]}).status_code == 201
    listed = x.app("GET", path).json()
    assert [found["id"] for found in listed["data"]] == [rule, made]
    gone = x.app("POST", path, {"delete": {"ids": [made, "17"]}}).json()
    assert gone["meta"]["summary"] == {"deleted": 1, "not_deleted": 1}
    assert x.app("POST", path, {}).status_code == 400
    assert x.app("POST", path, {"add": ["glasfaser"]}).status_code == 400
    many = [{"value": f"wort{number}"} for number in range(1000)]
    answer = x.app("POST", path, {"add": many})
    assert (answer.status_code, answer.json()["title"]) == (422, "RulesCapExceeded")


def test_backfill_is_for_enterprise_only(x: X, rule: str, tmp_path: Path) -> None:
    assert x.app("GET", FILTERED, backfill_minutes=2).status_code == 403
    assert x.app("GET", FILTERED, backfill_minutes=6).status_code == 400
    assert x.app("GET", FILTERED, backfill=1).status_code == 400
    assert rule
    with network(tmp_path, "--enterprise", "--heartbeat", "0.3") as other:
        other.app("POST", f"{FILTERED}/rules", {"add": [{"value": "glasfaser"}]})
        post = other.says("katja_brandt", "Glasfaser vorhin")
        with streaming(other, f"{FILTERED}?backfill_minutes=2") as lines:
            until(lambda: events(lines), "the backfill")
            assert [event["data"]["id"] for event in events(lines)] == [post["id"]]


def test_activity_without_a_webhook_goes_to_the_stream(x: X) -> None:
    body = {"event_type": "post.mention.create", "filter": {"user_id": BRAND}, "tag": "m"}
    made = x.user("POST", "/2/activity/subscriptions", body).json()["data"]["subscription"]["subscription_id"]
    with streaming(x, ACTIVITY) as lines, streaming(x, ACTIVITY) as second:
        assert x.app("GET", ACTIVITY).status_code == 429
        post = x.says("katja_brandt", "@nordnetz Hallo")
        until(lambda: events(lines) and events(second), "the event on both")
        assert events(lines) == events(second)
        assert events(lines)[0]["data"]["event_uuid"] == post["id"]
    x.app("DELETE", f"/2/activity/subscriptions/{made}")
