"""Signing: against X's own published example, and against a signer written independently."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hilft.channels.contract import AuthLost, RetryLater
from hilft.channels.x.oauth import App, Signature, User, user_of
from tests.channels.x.world import KEYS, ONE, TWO, XWorld, config
from tests.practice.x.signing import Signer

EXAMPLE = {
    "consumer_key": "xvz1evFS4wEEPTGEFPHBog",
    "consumer_secret": "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
    "access_token": "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
    "access_token_secret": "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
}
"""X's guide "Creating a signature" (docs.x.com, OAuth 1.0a), whose form field counts like one of the query."""


def test_the_published_example_is_signed_as_published() -> None:
    url = (
        "https://api.twitter.com/1.1/statuses/update.json?include_entities=true"
        "&status=Hello%20Ladies%20%2b%20Gentlemen%2c%20a%20signed%20OAuth%20request%21"
    )
    header = Signature(EXAMPLE).header(
        "POST", url, nonce="kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg", timestamp="1318622958"
    )
    assert 'oauth_signature="hCtSmYh%2BiHYCEqBWrE7C7hYmtUk%3D"' in header


@given(st.dictionaries(st.text(min_size=1, max_size=8), st.text(max_size=12), max_size=4))
def test_two_signers_agree_on_every_query(query: dict[str, str]) -> None:
    url = "http://127.0.0.1:8080/2/tweets" + (f"?{urlencode(query)}" if query else "")
    names = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
    theirs = Signer(*(KEYS[name] for name in names)).header("GET", url, oauth_nonce="n", oauth_timestamp="1")
    assert Signature(KEYS).header("GET", url, nonce="n", timestamp="1") == theirs


def test_a_nonce_is_never_used_twice() -> None:
    headers = {Signature(EXAMPLE).header("GET", "https://api.x.com/2/users/me") for _ in range(50)}
    assert len({re.search(r'oauth_nonce="(\w+)"', header).group(1) for header in headers}) == 50  # type: ignore[union-attr]


@pytest.mark.parametrize(("secrets", "kind"), [(ONE, Signature), (TWO, User), (ONE | TWO, Signature), ({}, Signature)])
def test_keys_that_never_expire_come_first(secrets: dict[str, str], kind: type) -> None:
    assert isinstance(user_of("https://api.x.com", secrets), kind)


def test_missing_keys_are_lost_keys(world: XWorld) -> None:
    adapter = world.made(secrets={})
    with pytest.raises(AuthLost):
        adapter.poll(world.start)
    assert not adapter.check().ok


def test_a_token_place_that_is_broken_is_no_lost_key(world: XWorld) -> None:
    adapter = world.made(secrets=TWO | {"user_token": "", "refresh_token": "unknown"})
    world.x.faults(server_error={"only": "oauth2/token"})
    with pytest.raises(RetryLater):
        adapter.poll(world.start)
    world.x.faults()
    with pytest.raises(AuthLost):
        adapter.poll(world.start)


def test_the_apps_token_is_asked_for_once(world: XWorld) -> None:
    app = App(world.x.url, config(world.x.url).secrets)
    wire = world.made()._wire
    paths: list[str] = []
    wire.client.event_hooks = {"request": [lambda request: paths.append(request.url.path)]}
    for _ in range(2):
        assert wire.client.get("/2/webhooks", auth=app).is_success
    assert paths == ["/oauth2/token", "/2/webhooks", "/2/webhooks"]
