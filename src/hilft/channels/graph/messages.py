"""Private messages of Messenger and Instagram: reading conversations, writing, and finding again what we wrote."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from hilft.channels.contract import Config, Outgoing, Raw, Ref, Refused, Sent, Unknown
from hilft.channels.graph import told
from hilft.channels.graph.errors import Closed, Replied
from hilft.channels.graph.timeline import Found
from hilft.channels.graph.wire import Wire, listed

PAGE: Final = 25
SLACK: Final = timedelta(minutes=2)
"""How far Meta's clock, which counts whole seconds, may be behind ours."""

REMEMBERED: Final = 10_000
Recipient = Literal["comment_id", "post_id"]


class Inbox:
    """The private messages of one account."""

    def __init__(self, wire: Wire, config: Config) -> None:
        self._wire = wire
        self._config = config
        self._page = str(config.settings["page_id"])
        self._readable = int(config.facts["messages.readable"])
        self._human = bool(config.settings.get("human_agent"))
        self._replied: set[str] = set()
        self._lock = threading.Lock()
        party = "id,username" if wire.network.platform == "instagram" else "id,name"
        messages = f"messages.limit({self._readable}){{id,created_time,from,message}}"
        self._fields = f"id,updated_time,participants{{{party}}},{messages}"

    def since(self, newest: int) -> Found:
        """Every message after `newest`, in seconds since the epoch; an empty start reads the last active page."""
        found = Found([], newest)
        for page in self._wire.pages(f"{self._page}/conversations", **self._asked(limit=PAGE)):
            for conversation in page:
                active = _seconds(conversation["updated_time"])
                if active < newest:
                    return found
                found.newest = max(found.newest, active)
                found.raws += self._new(conversation, newest)
            if not newest:
                break
        return found

    def told(self, notice: told.Messaging) -> list[Raw]:
        """The message that a webhook gave notice of, with who wrote it; nothing when it is gone."""
        item = notice.item
        if item.message is None or item.message.is_deleted:
            return []
        other = item.recipient.id if item.sender.id == notice.me else item.sender.id
        key = f"message:{item.message.mid}"
        return [raw for one in self._with(other) for _, raw in self._letters(one) if raw.key == key]

    def write(self, outgoing: Outgoing, *, about: Recipient | None, open_to: Callable[[], bool]) -> Sent:
        """Sends the one private reply to what `parent` is, or else a message.

        `about` says as what Meta addresses the parent, None for private ones; `open_to` asks whether it has no
        private reply yet. Refuses outside the windows.
        """
        parent = outgoing.parent
        if about is not None and parent is not None and not self._was_answered(parent) and open_to():
            try:
                sent = self._send({about: parent.id}, outgoing)
            except Replied:
                self._note(parent)
            else:
                self._note(parent)
                return sent
        if outgoing.to is None:
            raise Refused("A private message needs somebody it is for.")
        return self._message(outgoing.to.id, outgoing)

    def lookup(self, outgoing: Outgoing) -> Sent | None:
        """Looks through the last messages with the addressee for the same text since the attempt began."""
        if outgoing.to is None:
            raise Unknown("Without an addressee there is no conversation to look through.")
        since = outgoing.begun_at - SLACK if outgoing.begun_at else None
        for conversation in self._with(outgoing.to.id):
            letters = [letter for letter in listed(conversation.get("messages")) if "created_time" in letter]
            for letter in letters:
                at = told.moment(letter["created_time"])
                ours = str((letter.get("from") or {}).get("id")) != outgoing.to.id
                if since and at < since:
                    return None
                if ours and normal(str(letter.get("message", ""))) == normal(outgoing.text):
                    ref = self._ref(str(letter["id"]), outgoing.text)
                    return Sent(ref=ref, at=at, thread=outgoing.to.id)
            if since and len(letters) >= self._readable:
                raise Unknown(f"There are {len(letters)} newer messages; earlier ones cannot be read.")
        return None

    def _message(self, person: str, outgoing: Outgoing) -> Sent:
        """A message within 24 hours, or as a person's own answer later; machines never pass for people."""
        try:
            return self._send({"id": person}, outgoing, messaging_type="RESPONSE")
        except Closed:
            if not self._human or outgoing.automatic:
                raise
        return self._send({"id": person}, outgoing, messaging_type="MESSAGE_TAG", tag="HUMAN_AGENT")

    def _send(self, recipient: dict[str, str], outgoing: Outgoing, **more: str) -> Sent:
        body = {"recipient": recipient, "message": {"text": outgoing.text}, **more}
        answer = self._wire.write("POST", f"{self._page}/messages", body)
        identity = str(answer.get("message_id") or "")
        if not identity:
            raise Unknown(f"{self._wire.network.name} did not say which message it sent.")
        person = str(answer.get("recipient_id") or (outgoing.to.id if outgoing.to else ""))
        return Sent(ref=self._ref(identity, outgoing.text), at=datetime.now(UTC), thread=person)

    def _ref(self, identity: str, text: str) -> Ref:
        return Ref(self._wire.network.kind, self._config.account, identity, told.digest(text))

    def _with(self, person: str) -> list[Any]:
        return listed(self._wire.read(f"{self._page}/conversations", **self._asked(user_id=person)))

    def _asked(self, **more: str | int) -> dict[str, str | int]:
        return {"platform": self._wire.network.platform, "fields": self._fields, **more}

    def _new(self, conversation: Any, newest: int) -> Iterator[tuple[datetime, Raw]]:
        letters = list(self._letters(conversation))
        oldest = min((at.timestamp() for at, _ in letters), default=0.0)
        if newest and len(letters) >= self._readable and oldest > newest:
            yield datetime.fromtimestamp(newest, UTC), told.gap(str(conversation["id"]), newest)
        yield from ((at, raw) for at, raw in letters if at.timestamp() >= newest)

    def _letters(self, conversation: Any) -> Iterator[tuple[datetime, Raw]]:
        """The readable messages of a conversation, oldest first; each of ours with the last of theirs before it."""
        parties = listed(conversation.get("participants"))
        other = next((party for party in parties if not self._is_us(party)), None)
        heard = ""
        for letter in reversed(listed(conversation.get("messages"))):
            if other is None or "from" not in letter or "created_time" not in letter:
                continue
            theirs = str(letter["from"].get("id")) == str(other["id"])
            body = {"other": other, "parent": "" if theirs else heard, "message": letter}
            heard = str(letter["id"]) if theirs else heard
            yield told.moment(letter["created_time"]), told.raw(f"message:{letter['id']}", "message", **body)

    def _is_us(self, party: Any) -> bool:
        ours = {self._page, str(self._config.settings.get(self._wire.network.owner, ""))}
        return str(party.get("id")) in ours or party.get("username") == self._config.handle.lstrip("@")

    def _was_answered(self, ref: Ref) -> bool:
        with self._lock:
            return ref.id in self._replied

    def _note(self, ref: Ref) -> None:
        with self._lock:
            if len(self._replied) > REMEMBERED:
                self._replied.clear()
            self._replied.add(ref.id)


def normal(text: str) -> str:
    """A text without what a network may change: composition and white space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _seconds(stamp: str) -> int:
    return int(told.moment(stamp).timestamp())
