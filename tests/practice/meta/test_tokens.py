"""Tokens end, are withdrawn, lack permissions, and may need the proof of the app's secret."""

import pytest

from hilft.practice.meta import people
from tests.practice.meta.conftest import APP, IG, KATJA, PAGE, Meta


def test_a_token_goes_into_the_parameter_or_the_header(meta: Meta) -> None:
    bearer = {"Authorization": f"Bearer {meta.token}"}
    assert meta.http.get("/v26.0/me", headers=bearer).json() == {"name": "NordNetz", "id": PAGE}
    assert meta.get("me") == {"name": "NordNetz", "id": PAGE}


def test_without_a_token_or_with_a_wrong_one_nothing_is_answered(meta: Meta) -> None:
    nobody = meta.http.get("/v26.0/me")
    assert (nobody.status_code, nobody.json()["error"]["code"]) == (400, 104)
    wrong = meta.using("EAAwrong").call("GET", "me")
    assert wrong.json()["error"]["code"] == 190
    assert wrong.headers["www-authenticate"].startswith('OAuth "Facebook Platform" "invalid_token"')


def test_a_token_ends_at_its_second(meta: Meta) -> None:
    meta.at(0)
    short = meta.using(meta.practice("POST", "tokens", expires_in=60)["access_token"])
    meta.at(59)
    assert short.get("me")["id"] == PAGE
    meta.at(60)
    assert short.refused("GET", "me") == (190, 463)


@pytest.mark.parametrize("subcode", [458, 460])
def test_a_withdrawn_token_says_why(meta: Meta, subcode: int) -> None:
    token = meta.practice("POST", "tokens")["access_token"]
    meta.practice("PUT", "revocations", token=token, subcode=subcode)
    assert meta.using(token).refused("GET", "me") == (190, subcode)
    meta.practice("PUT", "revocations", token=token, subcode=0)
    assert meta.using(token).get("me")["id"] == PAGE


def test_debug_token_tells_health_scopes_and_end(meta: Meta) -> None:
    app = meta.using(people.app_token())
    meta.at(0)
    issued = meta.practice("POST", "tokens", scopes=["pages_messaging"], expires_in=60)
    debug = app.get("debug_token", input_token=issued["access_token"])["data"]
    assert (debug["type"], debug["is_valid"], debug["scopes"]) == ("PAGE", True, ["pages_messaging"])
    assert (debug["app_id"], debug["profile_id"], debug["expires_at"]) == (APP, PAGE, issued["expires_at"])
    meta.at(60)
    debug = app.get("debug_token", input_token=issued["access_token"])["data"]
    assert (debug["is_valid"], debug["error"]["code"], debug["error"]["subcode"]) == (False, 190, 463)
    assert app.get("debug_token", input_token=meta.token)["data"]["expires_at"] == 0
    assert meta.get("debug_token", input_token=meta.token)["data"]["is_valid"] is True
    assert app.get("debug_token", input_token="nonsense")["data"]["is_valid"] is False
    assert meta.refused("GET", "debug_token", params={"input_token": issued["access_token"]}) == (100, None)
    assert app.refused("GET", "debug_token") == (100, None)


def test_the_proof_of_the_secret(meta: Meta) -> None:
    proof = people.secret_proof(meta.token)
    assert meta.get("me", appsecret_proof=proof)["id"] == PAGE
    assert meta.refused("GET", "me", params={"appsecret_proof": "0" * 64}) == (100, None)
    meta.practice("PUT", "settings", require_proof=True)
    assert meta.refused("GET", "me") == (100, None)
    assert meta.get("me", appsecret_proof=proof)["id"] == PAGE


def test_names_of_people_need_a_permission(meta: Meta) -> None:
    comment = meta.says(KATJA, "Wer bin ich?", meta.page_post())
    assert meta.get(comment, fields="from")["from"]["name"] == "Katja Brandt"
    assert "from" not in meta.weaker("pages_read_user_content").get(comment, fields="from")


@pytest.mark.parametrize(
    ("scope", "method", "path", "code"),
    [
        ("pages_read_engagement", "GET", f"{PAGE}/feed", 10),
        ("instagram_basic", "GET", f"{IG}/media", 10),
        ("pages_messaging", "GET", f"{PAGE}/conversations", 10),
        ("pages_manage_posts", "POST", f"{PAGE}/feed", 200),
        ("pages_messaging", "POST", f"{PAGE}/messages", 230),
        ("instagram_manage_comments", "POST", f"{IG}/mentions", 200),
        ("pages_manage_metadata", "POST", f"{PAGE}/subscribed_apps", 200),
    ],
)
def test_each_call_needs_its_permission(meta: Meta, scope: str, method: str, path: str, code: int) -> None:
    assert meta.weaker(scope).refused(method, path) == (code, None)


def test_comments_need_theirs(meta: Meta) -> None:
    comment = meta.says(KATJA, "Hallo", meta.page_post())
    weak = meta.weaker("pages_manage_engagement")
    assert weak.refused("POST", f"{comment}/comments", data={"message": "a"}) == (200, None)
    assert weak.refused("POST", comment, data={"is_hidden": "true"}) == (200, None)
    assert weak.refused("DELETE", comment) == (200, None)
    on_picture = meta.says(KATJA, "Hallo", meta.picture())
    assert meta.weaker("instagram_manage_comments").refused("GET", on_picture) == (10, None)


def test_instagram_messages_need_their_own(meta: Meta) -> None:
    meta.writes(KATJA, "Hallo", "instagram")
    weak = meta.weaker("instagram_manage_messages")
    recipient = {"id": people.scoped_id(KATJA, "instagram")}
    assert weak.send(recipient).json()["error"]["code"] == 230
    assert weak.refused("GET", f"{PAGE}/conversations", params={"platform": "instagram"}) == (10, None)


def test_an_app_token_does_not_write(meta: Meta) -> None:
    app = meta.using(people.app_token())
    assert app.refused("POST", f"{PAGE}/feed", data={"message": "a"}) == (190, None)


def test_a_blocked_brand_cannot_write(meta: Meta) -> None:
    meta.practice("PUT", "settings", blocked=True)
    assert meta.refused("POST", f"{PAGE}/feed", data={"message": "a"}) == (368, None)
    assert meta.get("me")["id"] == PAGE
