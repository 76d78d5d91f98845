"""What the practice customers remember between two starts: what they said, and what they still mean to do."""

from pathlib import Path
from typing import Literal

import msgspec

RECENT = 600  # wordings not said again


class Plan(msgspec.Struct):
    """Something a customer does later: change or delete an own post, or answer a reply."""

    due: float
    kind: Literal["edit", "delete", "reply"]
    handle: str
    post: str
    text: str = ""
    language: str = "de"
    place: str = "mastodon"


class Memory(msgspec.Struct):
    """The state file's content; times in seconds since the epoch."""

    said: list[str] = []
    plans: list[Plan] = []
    seen: dict[str, str] = {}
    talking: list[str] = []

    def remember(self, key: str) -> None:
        """Note that something was said, forgetting the oldest."""
        self.said = [*self.said, key][-RECENT:]

    def listen(self, handle: str) -> None:
        """Somebody who posted looks for replies; the last thirty do."""
        self.talking = [*(other for other in self.talking if other != handle), handle][-30:]


def recall(path: Path | None) -> Memory:
    """The state of the last run; empty when there is none or the file is damaged."""
    if path is None:
        return Memory()
    try:
        return msgspec.json.decode(path.read_bytes(), type=Memory)
    except (FileNotFoundError, msgspec.DecodeError):
        return Memory()


def keep(memory: Memory, path: Path | None) -> None:
    """Write the state; a crash leaves the old or the new one, never half."""
    if path is None:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_bytes(msgspec.json.encode(memory))
    draft.replace(path)
