"""Webhooks of X: the challenge that proves our address, and signed deliveries taken apart."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from hilft.channels.contract import Answer, Call, Forged, Raw
from hilft.channels.x import events
from hilft.channels.x.meter import Meter

HEADERS: Final = {
    "x-twitter-webhooks-signature-oauth2": "client_secret",
    "x-twitter-webhooks-signature": "consumer_secret",
}
"""Which secret signs which header; X sends both and recommends the first (docs.x.com, "Webhooks")."""


def answer(call: Call, secrets: Mapping[str, str], meter: Meter) -> Answer:
    """The answer to a challenge or to a delivery with its events; raises Forged before anything is read."""
    if call.method == "GET":
        return _challenged(call, secrets)
    if call.method != "POST":
        raise Forged("X calls with GET or POST only.")
    _verify(call, secrets)
    return Answer(raws=_raws(call.body, meter))


def sign(secret: str, message: bytes) -> str:
    """A signature as X writes it."""
    return "sha256=" + base64.b64encode(hmac.digest(secret.encode(), message, hashlib.sha256)).decode()


def _challenged(call: Call, secrets: Mapping[str, str]) -> Answer:
    token = call.query.get("crc_token", "")
    secret = next((secrets[name] for name in HEADERS.values() if secrets.get(name)), "")
    if not token or not secret:
        raise Forged("This is no challenge of X, or the app's secret is missing.")
    return Answer(body=msgspec.json.encode({"response_token": sign(secret, token.encode())}))


def _verify(call: Call, secrets: Mapping[str, str]) -> None:
    given = [
        (call.headers[header], sign(secrets[name], call.body))
        for header, name in HEADERS.items()
        if secrets.get(name) and header in call.headers
    ]
    if not any(hmac.compare_digest(shown.encode(), right.encode()) for shown, right in given):
        raise Forged("The signature is missing or wrong.")


def _raws(body: bytes, meter: Meter) -> tuple[Raw, ...]:
    """One raw event for each event of a delivery, each once; what we do not understand is kept as it is."""
    try:
        data: Any = msgspec.json.decode(body)["data"]
    except (msgspec.DecodeError, UnicodeError, KeyError, TypeError):
        return (events.unread(body),)
    raws: list[Raw] = []
    for one in data if isinstance(data, list) else [data]:
        try:
            raws += events.told(one, meter)
        except (msgspec.ValidationError, KeyError, TypeError, AttributeError, ValueError):
            raws.append(events.unread(msgspec.json.encode({"data": one})))
    return tuple({raw.key: raw for raw in raws}.values())
