"""Records a conversation with a real Synapse: `python -m tests.channels.matrix.record FILE`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from hilft.channels.contract import Config, Event, Outgoing, Raw, Refused, Sent
from hilft.channels.ledger import packaged
from hilft.channels.matrix.adapter import Adapter
from tests.peers.bluesky.recording import Tape, recording
from tests.peers.matrix import Matrix, running_matrix

QUESTION = "Warum ist mein Anschluss tot? Steht auch auf https://telko.example 👨‍👩‍👧‍👦"
ANSWER = "Wir prüfen das – Näheres auf https://hilfe.example/störung!"
CORRECTED = "Es geht wieder; Näheres auf https://hilfe.example/störung."
SECRET = "Meine Kundennummer ist 4711."
THANKS = "Danke!"
BEGUN = datetime(2026, 11, 22, 9, 0, 0, tzinfo=UTC)
IDEMPOTENCY = "0123456789abcdef0123456789abcdef"
CORRECTION = "00112233445566778899aabbccddeeff"
NEVER = "fedcba9876543210fedcba9876543210"

type Act = Callable[[str], None]


def made(base_url: str, token: str = "*") -> Adapter:
    """The adapter as it was recorded."""
    settings = {"base_url": base_url, "timeout_seconds": 10}
    secrets, facts = {"access_token": token}, packaged("matrix")
    return Adapter(Config(account="7", handle="@hilft:localhost", settings=settings, secrets=secrets, facts=facts))


def outgoing(question: Event, **fields: Any) -> Outgoing:
    """The recorded answer to the recorded question."""
    values: dict[str, Any] = {
        "idempotency": IDEMPOTENCY,
        "text": ANSWER,
        "to": question.author,
        "public": question.public,
        "parent": question.ref,
        "root": question.root,
        "begun_at": BEGUN,
    }
    return Outgoing(**(values | fields))


class Played:
    """What the adapter gave in each step; people act at the server between the steps only while it is recorded."""

    def __init__(self, adapter: Adapter, act: Act) -> None:
        _, self.start = adapter.poll("")
        act("asks")
        self.asked, self.cursor = adapter.poll(self.start)
        (self.question,) = read(adapter, self.asked)
        self.never = adapter.lookup(outgoing(self.question, idempotency=NEVER))
        self.sent: list[Sent] = [adapter.publish(outgoing(self.question)) for _ in range(2)]
        self.found = adapter.lookup(outgoing(self.question))
        act("thanks, writes privately, changes the question")
        self.later, self.cursor = adapter.poll(self.cursor)
        self.unchanged = adapter.refresh([self.sent[0].ref])
        self.changed = adapter.refresh([self.question.ref])
        self.corrected = adapter.edit(self.sent[0].ref, outgoing(self.question, idempotency=CORRECTION, text=CORRECTED))
        self.allowed = adapter.allowed("reply", self.question.ref)
        act("redacts the question")
        self.gone = adapter.refresh([self.question.ref])
        self.refused = ""
        try:
            adapter.publish(outgoing(self.question, idempotency=NEVER))
        except Refused as refusal:
            self.refused = str(refusal)
        for _ in range(2):
            adapter.delete(self.sent[0].ref)
        self.last, self.cursor = adapter.poll(self.cursor)
        self.health = adapter.check()


def read(adapter: Adapter, raws: list[Raw]) -> list[Event]:
    return [event for raw in raws for event in adapter.parse(raw.body)]


def main(path: Path) -> None:
    """Plays the conversation once and writes the tape."""
    tape = Tape()
    with running_matrix() as server, recording(server.base_url, tape) as url:
        room = server.room("lena", "hilft", "tom", preset="public_chat")
        people = _People(server, room)
        adapter = made(url, server.token)
        played = Played(adapter, people.act)
        tape.facts = {"start": played.start, "cursor": played.cursor, "room": room, "direct": people.direct}
        tape.facts |= {"question": played.question.ref.id, "sent": played.sent[0].ref.id}
        adapter.close()
    tape.save(path)


class _People:
    """What customers do in each step."""

    def __init__(self, server: Matrix, room: str) -> None:
        self._server, self._room = server, room
        self._asked = ""
        self.direct = server.room("lena", "hilft", is_direct=True)

    def act(self, what: str) -> None:
        server, room = self._server, self._room
        if what == "asks":
            self._asked = server.address("lena", room, QUESTION)
            server.say("tom", room, "Unter uns gesagt")
        elif what.startswith("thanks"):
            page = server.call("lena", "GET", f"/v3/rooms/{quote(room)}/messages", dir="b", limit=1)
            answered = {"m.relates_to": {"m.in_reply_to": {"event_id": page["chunk"][0]["event_id"]}}}
            server.say("lena", room, THANKS, **answered)
            server.say("lena", self.direct, SECRET)
            server.rewrite("lena", room, self._asked, f"{QUESTION} Seit gestern.")
        elif what.startswith("redacts"):
            server.redact("lena", room, self._asked)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
