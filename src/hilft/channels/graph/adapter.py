"""What both adapters of Meta do alike: listening, webhooks, private messages, health."""

from __future__ import annotations

import hashlib
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final, Literal

import msgspec
from django.utils.translation import gettext as _

from hilft.channels.contract import (
    NO_STANDING,
    Action,
    Allowed,
    Answer,
    Call,
    Can,
    Config,
    Correct,
    Event,
    Health,
    Limits,
    Outgoing,
    Person,
    Raw,
    Ref,
    Refused,
    RetryLater,
    Sent,
    Standing,
    Task,
)
from hilft.channels.counting import fits
from hilft.channels.graph import signature, timeline, tokens, told, trying
from hilft.channels.graph.errors import Gone
from hilft.channels.graph.messages import Inbox, Recipient
from hilft.channels.graph.network import Network
from hilft.channels.graph.timeline import Timeline
from hilft.channels.graph.windows import Windows
from hilft.channels.graph.wire import MESSENGER, Wire, decoded

SETTLE: Final = timedelta(seconds=10)
"""For how long after an attempt its absence proves nothing; chosen here, Meta does not say."""


class GraphAdapter(ABC):
    """One account of Meta; a subclass knows its network's public side."""

    kind: ClassVar[str]
    correction: ClassVar[Correct]
    idempotent: ClassVar[bool] = False
    tries_with: ClassVar[Literal["", "handle", "room"]] = ""
    network: ClassVar[Network]
    stored: ClassVar[Any]
    """The union of the bodies that `parse` reads."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._place = told.Place(self.kind, config.account, config.handle)
        self._owner = str(config.settings[self.network.owner])
        self._wire = Wire(config, self.network)
        self._inbox = Inbox(self._wire, config)
        self._windows = Windows(config, self.network)
        self._timeline = Timeline(self._wire, {**self._edges(), "messages": self._messages}, self.fill)

    @abstractmethod
    def _edges(self) -> Mapping[str, timeline.Read]:
        """The public edges to read, by name."""

    @abstractmethod
    def _changed(self, field: str, value: Any, time: int) -> Raw | None:
        """The raw event of a webhook's change; None for what is nobody's question."""

    @abstractmethod
    def _filled(self, notice: Any) -> list[Raw]:
        """What a public notice, which names only an id, speaks of."""

    @abstractmethod
    def _is_public(self, ref: Ref) -> bool:
        """Whether a thing of ours stands where everybody reads."""

    @abstractmethod
    def _reply(self, outgoing: Outgoing) -> Sent:
        """Answers in public."""

    @abstractmethod
    def _replied(self, outgoing: Outgoing) -> Sent | None:
        """The public answer with the same text at the same place since the attempt began."""

    @abstractmethod
    def _about(self, outgoing: Outgoing) -> Recipient | None:
        """As what a private reply addresses the parent; None for a private parent."""

    @abstractmethod
    def _unanswered(self, ref: Ref) -> bool:
        """Whether the network says that the one private reply is still open, as far as it says so at all."""

    @abstractmethod
    def _allowed_in_public(self, action: Action, target: Ref, standing: Standing) -> Allowed:
        """Whether an action on a public post is open."""

    @abstractmethod
    def limits(self, *, public: bool) -> Limits: ...

    @abstractmethod
    def can(self) -> Can: ...

    @abstractmethod
    def prefix(self, to: Person | None, *, public: bool) -> str: ...

    @abstractmethod
    def edit(self, ref: Ref, outgoing: Outgoing) -> Sent: ...

    @abstractmethod
    def hide(self, ref: Ref, *, hidden: bool) -> None: ...

    def allowed(self, action: Action, target: Ref, standing: Standing = NO_STANDING) -> Allowed:
        """Whether the network lets us, by its ledger, the clock and what we know of the post."""
        public = self._is_public(target)
        case = MESSENGER if action == "private" or not public else self.network.use_case
        until = self._wire.usage.until(case)
        if until is not None:
            pause = _("%(network)s asks for a pause. Try again later.") % {"network": self.network.name}
            return Allowed(ok=False, reason=pause, until=until)
        if public:
            return self._allowed_in_public(action, target, standing)
        if action == "private":
            return self._windows.message(standing)
        reason = {
            "reply": _("This is a private message. Answer it privately."),
            "edit": _("A private message that was sent cannot be changed. Write another one."),
            "delete": _("A private message that was sent cannot be taken back from here."),
            "hide": _("A private message is seen by nobody else. There is nothing to hide."),
        }[action]
        return Allowed(ok=False, reason=reason, instead=() if action == "delete" else ("private",))

    def poll(self, cursor: str) -> tuple[list[Raw], str]:
        return self._timeline.since(cursor)

    def listen(self, cursor: str, stop: threading.Event) -> Iterator[tuple[list[Raw], str]]:
        every = float(self._config.settings.get("poll_seconds") or self._config.facts["poll.seconds"])
        return self._timeline.listen(cursor, stop, every)

    def refresh(self, refs: Sequence[Ref]) -> list[Raw]:
        """Edits and deletions of public posts; private messages tell theirs by webhook only."""
        raws: list[Raw] = []
        gone: list[Raw] = []
        for ref in refs:
            if not self._is_public(ref):
                continue
            try:
                raws += self._refreshed(ref)
            except Gone:
                gone.append(told.deleted(ref.id))
            except Refused:
                continue
        if gone:
            # A withdrawn right looks like a deleted post; whoever still reads the account itself has the right.
            self._wire.read(self._owner, fields="id")
        return raws + gone

    def parse(self, body: bytes) -> list[Event]:
        return told.read(body, self.stored, self._place)

    def hook(self, call: Call) -> Answer:
        """Answers the challenge, or takes a signed delivery apart: one raw event for each thing it tells of.

        What names only ids becomes a notice, which parses to nothing: `fill` asks the network for it. Items of other
        accounts, and those of the dashboard's test button, are dropped.
        """
        if call.method == "GET":
            return signature.challenge(call, self._config.secrets.get("verify_token", ""))
        signature.verify(call, self._config.secrets.get("app_secret", ""))
        raws = _unique(self._delivered(call.body))
        for raw in raws:
            if raw.key.startswith("notice:"):
                self._timeline.notice(raw.body)
        return Answer(raws=raws)

    def fill(self, body: bytes) -> list[Raw]:
        """What a notice speaks of, asked of the network; nothing for any other stored body, or when it is gone."""
        try:
            notice = msgspec.json.decode(body, type=self.stored)
        except msgspec.DecodeError:
            return []
        try:
            return self._inbox.told(notice) if isinstance(notice, told.Messaging) else self._filled(notice)
        except Refused:
            return []

    def publish(self, outgoing: Outgoing) -> Sent:
        """Answers in public or in private; never tried again here, because Meta knows no key of ours."""
        self._check(outgoing)
        if outgoing.public:
            return self._reply(outgoing)
        about, parent = self._about(outgoing), outgoing.parent
        return self._inbox.write(outgoing, about=about, open_to=lambda: parent is not None and self._unanswered(parent))

    def lookup(self, outgoing: Outgoing) -> Sent | None:
        """Looks for the same text at the same place; Meta shows new things a little late, so absence must last."""
        asked = datetime.now(UTC)
        sent = self._replied(outgoing) if outgoing.public else self._inbox.lookup(outgoing)
        settled = outgoing.left_at + SETTLE if outgoing.left_at else asked
        if sent is None and asked < settled:
            raise RetryLater(f"{self.network.name} may not show it yet.", settled - asked, scope="target")
        return sent

    def delete(self, ref: Ref) -> None:
        self._public(ref, "A private message cannot be taken back from here.")
        try:
            self._wire.write("DELETE", ref.id)
        except Gone:
            return

    def check(self) -> Health:
        return tokens.health(self._wire, self._config)

    def trial(self, to: str, heard: Callable[[Ref], bool]) -> Sequence[Task]:
        return trying.tasks(self, self._wire, self._config)

    def close(self) -> None:
        self._wire.close()

    def _check(self, outgoing: Outgoing) -> None:
        if outgoing.public and (outgoing.parent is None or not self._is_public(outgoing.parent)):
            raise Refused("A public reply needs a public post that it answers.")
        text = self._text(outgoing)
        if not fits(text, self.limits(public=outgoing.public)):
            raise Refused(f"The text is longer than {self.network.name} allows.")

    def _text(self, outgoing: Outgoing) -> str:
        return outgoing.text

    def _public(self, ref: Ref, reason: str) -> None:
        if not self._is_public(ref):
            raise Refused(reason)

    def _messages(self, newest: int) -> timeline.Found:
        self._wire.usage.spare(MESSENGER)
        return self._inbox.since(newest)

    def _refreshed(self, ref: Ref) -> list[Raw]:
        node = self._wire.read(ref.id, fields=f"id,{self.network.text}")
        now = told.digest(told.spoken(str(node.get(self.network.text, ""))))
        if ref.version in {None, now}:
            return []
        return [told.raw(f"edited:{ref.id}:{now}", "edited", node=node, at=told.stamp())]

    def _delivered(self, body: bytes) -> Iterator[Raw]:
        """Raw events of a delivery; what is signed but not as documented is kept, to be seen as unreadable."""
        try:
            payload = decoded(body)
            for entry in payload["entry"]:
                if str(entry["id"]) != self._owner:
                    continue
                time = int(entry.get("time", 0))
                for change in entry.get("changes", ()):
                    if (raw := self._changed(str(change["field"]), change["value"], time)) is not None:
                        yield raw
                for item in entry.get("messaging", ()):
                    if (raw := self._messaged(item)) is not None:
                        yield raw
        except (ValueError, KeyError, TypeError, AttributeError):
            yield Raw(key=f"unreadable:{hashlib.sha256(body).hexdigest()}", body=body)

    def _messaged(self, item: Any) -> Raw | None:
        message, edit = item.get("message"), item.get("message_edit")
        body = {"me": self._owner, "item": item}
        if edit:
            return told.raw(f"edited:{edit['mid']}:{edit.get('num_edit', '')}", "messaging", **body)
        if not message:
            return None
        if message.get("is_deleted"):
            return told.raw(f"deleted:{message['mid']}", "messaging", **body)
        return told.raw(f"notice:{message['mid']}", "messaging", **body)


def _unique(raws: Iterator[Raw]) -> list[Raw]:
    return list({raw.key: raw for raw in raws}.values())
