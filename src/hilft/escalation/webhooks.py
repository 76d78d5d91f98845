"""A department's own system: told by a signed call, and answering by one."""

import hashlib
import hmac
from datetime import timedelta
from typing import Final

import httpx2
import msgspec
from django.conf import settings

from hilft.channels.contract import Refused, RetryLater, Unknown
from hilft.channels.secrets import unseal
from hilft.escalation.letters import subject_of, text_of
from hilft.escalation.models import Department, Dispatch

HEADER: Final = "X-Hilft-Signature"
TIMEOUT: Final = httpx2.Timeout(15.0, connect=5.0)
LATER: Final = timedelta(seconds=20)


def signature(department: Department, body: bytes) -> str:
    """`sha256=` and the HMAC of the raw body with the secret that both sides know."""
    secret = unseal(bytes(department.secret)).get("webhook", "")
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def is_signed(department: Department, body: bytes, given: str) -> bool:
    """Whether a call of theirs proves that they know the secret."""
    known = bool(unseal(bytes(department.secret)).get("webhook"))
    return known and hmac.compare_digest(signature(department, body), given)


def call(dispatch: Dispatch) -> str:
    """Tells their system; the same `id` for every attempt. Raises Refused, RetryLater or Unknown."""
    handover = dispatch.turn.handover
    department = handover.department
    body = msgspec.json.encode(
        {
            "id": dispatch.key.hex,
            "kind": dispatch.kind,
            "request": handover.pk,
            "level": dispatch.turn.level.number,
            "subject": subject_of(handover),
            "text": text_of(handover, dispatch.turn, dispatch.kind),
            "answer_url": answer_url(handover.thread),
        }
    )
    headers = {"content-type": "application/json", HEADER: signature(department, body)}
    try:
        answer = httpx2.post(department.url, content=body, headers=headers, timeout=TIMEOUT, follow_redirects=False)
    except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.UnsupportedProtocol) as error:
        raise RetryLater(f"Their system cannot be reached: {error}", LATER) from error
    except httpx2.TransportError as error:
        raise Unknown(f"Their system did not answer: {error}") from error
    if answer.status_code >= 500 or answer.status_code in {408, 425, 429}:
        raise RetryLater(f"Their system asks for patience: {answer.status_code}", LATER)
    if answer.status_code >= 300:
        raise Refused(f"Their system refuses: {answer.status_code} {answer.text[:200]}")
    return dispatch.key.hex


def answer_url(thread: str) -> str:
    """Where their system answers, with a signed call."""
    return f"{settings.HILFT.public_url}/api/hand-overs/{thread}/"
