"""Webhooks under load: signed deliveries at full speed to a whole installation, a tenth of them twice.

Deliveries have X's documented form and signature. Accepted is what was answered with 200; stored is what stands in the
database afterwards, expected is the number of different events sent.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import random
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

from hilft.cli.bench import Result
from hilft.cli.bench.heart import texts_of
from hilft.cli.bench.scene import Scene, running
from hilft.cli.instance import Trouble

DELIVERIES = 20_000
WARM_UP = 500
CONNECTIONS = 48
AGAIN = 0.1
"""The share of deliveries that come twice."""


class Delivery(NamedTuple):
    """One request as it goes over the wire, and the key of its event."""

    wire: bytes
    key: str


def measure(data: Path | None) -> Result:
    """Sends the deliveries to an installation of its own; `data` may name a JSON list of texts."""
    from hilft.practice.accounts import x_keys

    texts = texts_of(data, WARM_UP + DELIVERIES)
    with running() as scene:
        _account(scene)
        secret = x_keys().client_secret
        made = [_delivery(number, text, secret, scene.hooks) for number, text in enumerate(texts)]
        _listening(scene, made[0])
        asyncio.run(_send(scene.hooks, made[:WARM_UP]))
        rng = random.Random(11)  # noqa: S311  the same order every time
        sent = made[WARM_UP:] + rng.sample(made[WARM_UP:], int(AGAIN * DELIVERIES))
        rng.shuffle(sent)
        began = time.monotonic()
        answers = asyncio.run(_send(scene.hooks, sent))
        took = time.monotonic() - began
        accepted = [seconds for status, seconds in answers if status == 200]
        (stored,) = scene.query(
            "SELECT count(*) FROM channels_event e JOIN channels_account a ON a.id = e.account_id WHERE a.kind = 'x'"
        )[0]
        return {
            "deliveries": len(sent),
            "accepted": len(accepted),
            "accepted_per_second": len(accepted) / took,
            **{f"p{p}_ms": float(np.percentile(accepted, p)) * 1000 for p in (50, 95, 99)},
            "stored": stored,
            "expected": len(made),
        }


def _account(scene: Scene) -> None:
    """Connects an account on X whose network cannot be reached: webhooks need none."""
    code = (
        "from hilft.channels.commands import connect_account; from hilft.practice.accounts import x_keys; "
        "connect_account(by=None, kind='x', name='X', handle='@nordnetz', "
        "settings={'base_url': 'http://127.0.0.1:9', 'user_id': '1'}, secrets=x_keys()._asdict())"
    )
    scene.manage("shell", "--command", code)


def _delivery(number: int, text: str, secret: str, port: int) -> Delivery:
    """A mention as X's Activity API delivers it, signed over its raw bytes."""
    identity = str(1_900_000_000_000_000_000 + number)
    body = json.dumps(
        {
            "data": {
                "event_uuid": identity,
                "event_type": "post.mention.create",
                "filter": {"user_id": "1"},
                "payload": {
                    "id": identity,
                    "text": f"@nordnetz {text}",
                    "author_id": str(10_000 + number % 500),
                    "created_at": "2026-11-24T10:00:00.000Z",
                    "conversation_id": identity,
                },
            }
        },
        ensure_ascii=False,
    ).encode()
    signature = base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()
    head = (
        f"POST /hooks/x/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"x-twitter-webhooks-signature-oauth2: sha256={signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return Delivery(head.encode() + body, identity)


def _listening(scene: Scene, first: Delivery) -> None:
    """Waits until the new account's webhooks are believed."""
    deadline = time.monotonic() + 20
    while asyncio.run(_send(scene.hooks, [first]))[0][0] != 200:
        if time.monotonic() > deadline:
            raise Trouble("The process for webhooks does not know the account; see its log.")
        time.sleep(0.2)


async def _send(port: int, deliveries: list[Delivery]) -> list[tuple[int, float]]:
    """Sends everything over a fixed number of connections; status and seconds of each answer."""
    waiting = iter(deliveries)
    answers: list[tuple[int, float]] = []

    async def connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for delivery in waiting:
            began = time.perf_counter()
            writer.write(delivery.wire)
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            await reader.readexactly(length)
            answers.append((int(head[9:12]), time.perf_counter() - began))
        writer.close()

    await asyncio.gather(*(connection() for _ in range(min(CONNECTIONS, len(deliveries)))))
    return answers
