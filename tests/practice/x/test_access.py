"""Who may call the practice X: strict signatures, tokens that end, and the right kind for each endpoint."""

import time

import pytest

from tests.practice.x.conftest import BRAND, KEYS, X
from tests.practice.x.signing import Signer

UNAUTHORIZED = {"title": "Unauthorized", "detail": "Unauthorized", "type": "about:blank", "status": 401}


def test_the_signer_of_these_tests_agrees_with_xs_documented_example() -> None:
    """docs.x.com/fundamentals/authentication/oauth-1-0a/creating-a-signature."""
    signer = Signer(
        "xvz1evFS4wEEPTGEFPHBog",
        "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
        "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
        "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
    )
    oauth = {
        "oauth_consumer_key": signer.consumer_key,
        "oauth_nonce": "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg",
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": "1318622958",
        "oauth_token": signer.token,
        "oauth_version": "1.0",
    }
    url = "https://api.twitter.com/1.1/statuses/update.json?include_entities=true"
    form = {"status": "Hello Ladies + Gentlemen, a signed OAuth request!"}
    assert signer.signature("POST", url, form, oauth) == "hCtSmYh+iHYCEqBWrE7C7hYmtUk="


def test_a_signature_covers_the_query(x: X) -> None:
    path = "/2/users/me?user.fields=created_at%2Cverified"
    header = x.signer.header("GET", f"{x.url}{path}")
    assert x.call("GET", path, header).json()["data"]["username"] == "nordnetz"
    other = x.signer.header("GET", f"{x.url}{path}")
    assert x.call("GET", "/2/users/me?user.fields=created_at", other).status_code == 401


@pytest.mark.parametrize(
    "changed",
    [
        {"oauth_timestamp": str(int(time.time()) - 3600)},
        {"oauth_timestamp": str(int(time.time()) + 3600)},
        {"oauth_signature_method": "PLAINTEXT"},
        {"oauth_version": "2.0"},
        {"oauth_consumer_key": "another-app"},
        {"oauth_token": "another-user"},
        {"oauth_nonce": ""},
        {"oauth_callback": "surprise"},
    ],
)
def test_what_a_signature_must_not_contain(x: X, changed: dict[str, str]) -> None:
    answer = x.call("GET", "/2/users/me", x.signer.header("GET", f"{x.url}/2/users/me", **changed))
    assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)


def test_a_nonce_works_once(x: X) -> None:
    header = x.signer.header("GET", f"{x.url}/2/users/me")
    assert x.call("GET", "/2/users/me", header).status_code == 200
    assert x.call("GET", "/2/users/me", header).status_code == 401


def test_a_wrong_secret_or_method_signs_nothing(x: X) -> None:
    forged = Signer(KEYS.consumer_key, KEYS.consumer_secret, KEYS.access_token, "guessed")
    assert x.call("GET", "/2/users/me", forged.header("GET", f"{x.url}/2/users/me")).status_code == 401
    assert x.call("GET", "/2/users/me", x.signer.header("POST", f"{x.url}/2/users/me")).status_code == 401


@pytest.mark.parametrize("authorization", ["", "Bearer nobody", "Basic bm9ib2R5Og==", "OAuth nonsense", "Bearer x y"])
def test_other_credentials_are_refused(x: X, authorization: str) -> None:
    answer = x.call("GET", "/2/users/me", authorization)
    assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)


def test_an_app_is_not_a_user_and_a_user_not_the_app(x: X) -> None:
    answer = x.app("GET", "/2/users/me")
    assert answer.status_code == 403
    assert answer.json()["title"] == "Unsupported Authentication"
    assert "[OAuth 1.0a User Context, OAuth 2.0 User Context]" in answer.json()["detail"]
    assert x.user("GET", "/2/webhooks").status_code == 403


def test_the_app_gets_its_bearer_for_its_keys(x: X) -> None:
    form = {"grant_type": "client_credentials"}
    answer = x.call("POST", "/oauth2/token", data=form, auth=(KEYS.consumer_key, KEYS.consumer_secret))
    assert answer.json() == {"token_type": "bearer", "access_token": KEYS.bearer}
    refused = x.call("POST", "/oauth2/token", data=form, auth=(KEYS.consumer_key, "guessed"))
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (403, 99)


def test_a_user_token_ends_after_two_hours_and_is_refreshed_once(x: X) -> None:
    x.practice("POST", "tokens")
    bearer = f"Bearer {KEYS.user_token}"
    assert x.call("GET", "/2/users/me", bearer).json()["data"]["id"] == BRAND
    x.clock(7199)
    assert x.call("GET", "/2/users/me", bearer).status_code == 200
    x.clock(7201)
    assert x.call("GET", "/2/users/me", bearer).status_code == 401
    form = {"grant_type": "refresh_token", "refresh_token": KEYS.refresh_token}
    client = (KEYS.client_id, KEYS.client_secret)
    issued = x.call("POST", "/2/oauth2/token", data=form, auth=client).json()
    assert (issued["token_type"], issued["expires_in"]) == ("bearer", 7200)
    assert "offline.access" in issued["scope"]
    assert x.call("GET", "/2/users/me", f"Bearer {issued['access_token']}").status_code == 200
    again = x.call("POST", "/2/oauth2/token", data=form, auth=client)
    assert again.status_code == 400
    assert again.json() == {
        "error": "invalid_request",
        "error_description": "Value passed for the token was invalid.",
    }
    x.practice("POST", "tokens")
    assert x.call("GET", "/2/users/me", f"Bearer {issued['access_token']}").status_code == 401
    assert x.call("GET", "/2/users/me", bearer).status_code == 200


def test_a_refresh_needs_the_client(x: X) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": KEYS.refresh_token}
    answer = x.call("POST", "/2/oauth2/token", data=form)
    assert (answer.status_code, answer.json()["error"]) == (401, "unauthorized_client")
