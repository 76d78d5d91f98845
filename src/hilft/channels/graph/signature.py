"""Meta's webhooks: the challenge when an address is registered, and the signature over the raw bytes of each delivery.

<https://developers.facebook.com/docs/graph-api/webhooks/getting-started> (read 2026-11-24).
"""

from __future__ import annotations

import hashlib
import hmac

from hilft.channels.contract import Answer, Call, Forged

PREFIX = "sha256="


def challenge(call: Call, verify_token: str) -> Answer:
    """Echoes the challenge to who knows our token; raises Forged."""
    given = call.query.get("hub.verify_token", "")
    right = bool(verify_token) and hmac.compare_digest(given.encode(), verify_token.encode())
    if not right or call.query.get("hub.mode") != "subscribe":
        raise Forged("The address was asked for without our verify token.")
    return Answer(body=call.query.get("hub.challenge", "").encode(), content_type="text/plain")


def verify(call: Call, app_secret: str) -> None:
    """Raises Forged unless the app's secret signed exactly these bytes."""
    given = call.headers.get("x-hub-signature-256", "")
    expected = PREFIX + hmac.new(app_secret.encode(), call.body, hashlib.sha256).hexdigest()
    if not app_secret or not hmac.compare_digest(given.encode(), expected.encode()):
        raise Forged("The delivery does not carry Meta's signature.")
