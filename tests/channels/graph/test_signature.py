"""Webhooks of Meta are taken from Meta only."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest

from hilft.channels.contract import Call, Forged
from hilft.channels.graph import signature

SECRET = "the app's secret"
BODY = b'{"object":"page","entry":[{"id":"1","text":"\\u00e4 \\/ "}]}'


def signed(body: bytes, secret: str = SECRET, prefix: str = "sha256=") -> str:
    return prefix + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def delivery(body: bytes, header: str | None) -> Call:
    return Call(method="POST", headers={} if header is None else {"x-hub-signature-256": header}, body=body)


def test_the_right_signature_is_taken() -> None:
    signature.verify(delivery(BODY, signed(BODY)), SECRET)


@pytest.mark.parametrize(
    ("body", "header"),
    [
        (BODY, None),
        (BODY, ""),
        (BODY, "sha256="),
        (BODY, signed(BODY, "another secret")),
        (BODY, signed(BODY, prefix="sha1=")),
        (BODY, signed(BODY).upper()),
        (BODY, "sha256=ä"),
        (BODY.replace(b"1", b"2"), signed(BODY)),
        (json.dumps(json.loads(BODY)).encode(), signed(BODY)),
        (BODY + b"\n", signed(BODY)),
    ],
)
def test_pitfall_3_missing_wrong_changed_or_written_anew_is_forged(body: bytes, header: str | None) -> None:
    with pytest.raises(Forged):
        signature.verify(delivery(body, header), SECRET)


def test_an_account_without_a_secret_takes_nothing() -> None:
    with pytest.raises(Forged):
        signature.verify(delivery(BODY, signed(BODY, "")), "")


def test_the_challenge_is_echoed() -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": "ours", "hub.challenge": "1158201444"}
    answer = signature.challenge(Call(method="GET", query=query), "ours")
    assert (answer.status, answer.body, answer.content_type) == (200, b"1158201444", "text/plain")
    assert list(answer.raws) == []


@pytest.mark.parametrize(
    ("given", "ours", "mode"), [("theirs", "ours", "subscribe"), ("", "", "subscribe"), ("ours", "ours", "")]
)
def test_who_does_not_know_our_token_gets_no_echo(given: str, ours: str, mode: str) -> None:
    query = {"hub.mode": mode, "hub.verify_token": given, "hub.challenge": "1"}
    with pytest.raises(Forged):
        signature.challenge(Call(method="GET", query=query), ours)
