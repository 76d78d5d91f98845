"""The marks that make a mail ours: Message-IDs, plus-addresses and marks in subjects, all signed."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Final

from hilft.channels.contract import Config, Outgoing

MADE: Final = re.compile(r"([0-9a-f]{32})([0-9a-f]{16})([0-9a-f]{16})")
"""The left side of our Message-IDs: idempotency key, thread, signature."""

TOKEN: Final = re.compile(r"([0-9a-f]{16})([0-9a-f]{16})")
"""What follows the plus in our Reply-To: thread, signature."""

IN_SUBJECT: Final = re.compile(r"\[#([0-9a-f]{16})([0-9a-f]{16})\]", re.I)
"""The same in a subject, which outlives programs that drop everything else."""

NAMED: Final = "thread:"
"""Before the id of a root that is known only by its thread."""


class Marks:
    """Makes and recognises the marks of one account; `secrets: token_key`."""

    def __init__(self, config: Config) -> None:
        self.address = str(config.settings["address"]).strip().lower()
        self._local, _, self.domain = self.address.partition("@")
        self._key = config.secrets.get("token_key", "").encode()

    def message_id(self, outgoing: Outgoing) -> str:
        """The Message-ID of an outgoing mail, without brackets: the same for every attempt."""
        thread = self.thread_of_reply(outgoing)
        left = outgoing.idempotency.lower() + thread
        return f"{left}{self._signed('message', left)}@{self.domain}"

    def thread_of_reply(self, outgoing: Outgoing) -> str:
        """The thread an outgoing mail belongs to; a new one when it answers nothing."""
        for ref in (outgoing.root, outgoing.parent):
            if ref is not None:
                return self.thread(ref.id)
        return _short(outgoing.idempotency.lower())

    def thread(self, message_id: str) -> str:
        """The thread that begins with a message, that one of our messages belongs to, or that is named outright."""
        if message_id.startswith(NAMED):
            return message_id.removeprefix(NAMED)
        made = self._made(message_id)
        return made.group(2) if made else _short(message_id)

    def is_made_by_us(self, message_id: str) -> bool:
        return self._made(message_id) is not None

    def reply_to(self, thread: str) -> str:
        """The plus-address that leads an answer back to its thread."""
        return f"{self._local}+{thread}{self._signed('thread', thread)}@{self.domain}"

    def thread_in(self, address: str) -> str:
        """The thread a plus-address of ours leads to; empty when there is none or it is forged."""
        local, _, domain = address.strip().lower().partition("@")
        name, _, detail = local.partition("+")
        if domain != self.domain or name != self._local:
            return ""
        return self._proven(TOKEN.fullmatch(detail))

    def in_subject(self, thread: str) -> str:
        """The mark in a subject that leads an answer back to its thread."""
        return f"[#{thread}{self._signed('thread', thread)}]"

    def thread_in_subject(self, subject: str) -> str:
        """The thread a subject's mark leads to; empty when there is none or it is forged."""
        return self._proven(IN_SUBJECT.search(subject))

    def is_ours(self, address: str) -> bool:
        """Whether an address is our own, with or without a plus part."""
        local, _, domain = address.strip().lower().partition("@")
        return domain == self.domain and local.partition("+")[0] == self._local

    def _made(self, message_id: str) -> re.Match[str] | None:
        left, _, domain = message_id.lower().partition("@")
        made = MADE.fullmatch(left)
        if domain != self.domain or made is None:
            return None
        return made if hmac.compare_digest(made.group(3), self._signed("message", left[:48])) else None

    def _proven(self, token: re.Match[str] | None) -> str:
        if token is None:
            return ""
        thread, signature = token[1].lower(), token[2].lower()
        return thread if hmac.compare_digest(signature, self._signed("thread", thread)) else ""

    def _signed(self, purpose: str, value: str) -> str:
        return hmac.new(self._key, f"{purpose}:{value}".encode(), hashlib.sha256).hexdigest()[:16]


def _short(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()[:16]
