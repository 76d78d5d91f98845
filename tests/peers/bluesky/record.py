"""Records a conversation with the local network: `python -m tests.peers.bluesky.record FILE`."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hilft.channels.bluesky.adapter import Adapter
from hilft.channels.contract import AuthLost, Config, Event, Outgoing, Raw, Ref, Refused
from hilft.channels.ledger import packaged
from tests.peers.bluesky.network import Bluesky, running_bluesky
from tests.peers.bluesky.recording import Tape, recording

QUESTION = "Warum ist mein Anschluss tot? Steht auch auf example.com 👨‍👩‍👧‍👦"
ANSWER = "Wir prüfen das – Näheres auf https://hilfe.example/störung und telko.example, @lena.test!"
BEGUN = datetime(2026, 11, 22, 9, 0, 0, 123456, tzinfo=UTC)
IDEMPOTENCY = "0123456789abcdef0123456789abcdef"
NEVER = "fedcba9876543210fedcba9876543210"


def main(path: Path) -> None:
    """Plays the conversation once and writes the tape."""
    tape = Tape()
    with running_bluesky() as network, recording(network.service, tape) as url:
        adapter = made(url, network.password)
        try:
            _conversation(network, adapter, tape)
        finally:
            adapter.close()
        _refused_login(network, url)
    tape.save(path)


def made(service: str, password: str = "*") -> Adapter:
    """The adapter as it was recorded."""
    settings = {"service": service, "handle": "hilft.test", "poll_seconds": 0.2}
    secrets, facts = {"app_password": password}, packaged("bluesky")
    return Adapter(Config(account="5", handle="@hilft.test", settings=settings, secrets=secrets, facts=facts))


def outgoing(question: Event, **fields: Any) -> Outgoing:
    """The recorded answer to the recorded question."""
    values: dict[str, Any] = {
        "idempotency": IDEMPOTENCY,
        "text": ANSWER,
        "to": question.author,
        "parent": question.ref,
        "root": question.root,
        "language": "de",
        "begun_at": BEGUN,
    }
    return Outgoing(**(values | fields))


def _conversation(network: Bluesky, adapter: Adapter, tape: Tape) -> None:
    _, start = adapter.poll("")
    asked = network.post("lena", QUESTION, mention="hilft")
    time.sleep(2)
    raws, cursor = adapter.poll(start)
    (question,) = _events(adapter, raws)
    sent = adapter.publish(outgoing(question))
    adapter.publish(outgoing(question))
    adapter.lookup(outgoing(question))
    adapter.lookup(outgoing(question, idempotency=NEVER))
    adapter.poll(cursor)
    thanks = {"root": asked, "parent": {"uri": sent.ref.id, "cid": sent.ref.version}}
    answered = network.post("lena", "Danke, geht wieder.", reply=thanks)
    network.post("tom", "Schaut mal, das meinte ich.", embed={"$type": "app.bsky.embed.record", "record": asked})
    quoted = {"uri": sent.ref.id, "cid": sent.ref.version}
    network.post("tom", "Gute Auskunft.", embed={"$type": "app.bsky.embed.record", "record": quoted})
    time.sleep(2)
    adapter.poll(cursor)
    adapter.refresh([question.ref, sent.ref])
    adapter.refresh([Ref(question.ref.channel, question.ref.account, question.ref.id, "another state")])
    network.remove("lena", question.ref.id)
    time.sleep(2)
    adapter.refresh([question.ref, sent.ref])
    try:
        adapter.publish(outgoing(question, idempotency=NEVER))
    except Refused:
        tape.facts["refused"] = True
    adapter.delete(sent.ref)
    adapter.delete(sent.ref)
    adapter.check()
    adapter._wire._access = "an old token"
    adapter.check()
    tape.facts |= {"start": start, "cursor": cursor, "answered": answered["uri"], "sent": sent.ref.id}
    tape.facts |= {"question": question.ref.id, "brand": network.did("hilft"), "lena": network.did("lena")}


def _refused_login(network: Bluesky, url: str) -> None:
    settings = {"service": url, "handle": "lena.test"}
    secrets = {"app_password": network.app_password("lena", "desk")}
    network.revoke("lena", "desk")
    facts = packaged("bluesky")
    adapter = Adapter(Config(account="5", handle="@lena.test", settings=settings, secrets=secrets, facts=facts))
    try:
        adapter.poll("")
    except AuthLost:
        return
    finally:
        adapter.close()
    raise RuntimeError("a revoked password was taken")


def _events(adapter: Adapter, raws: list[Raw]) -> list[Event]:
    return [event for raw in raws for event in adapter.parse(raw.body)]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
