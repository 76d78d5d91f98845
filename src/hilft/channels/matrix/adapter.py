"""Keeps the channel contract on Matrix."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hilft.channels.contract import (
    NO_STANDING,
    Action,
    Allowed,
    AuthLost,
    Can,
    ChannelError,
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
    Sent,
    Standing,
    Task,
    Unknown,
)
from hilft.channels.matrix import composing, messages, trying
from hilft.channels.matrix.messages import MESSAGE, relation
from hilft.channels.matrix.rooms import Rooms
from hilft.channels.matrix.timeline import Timeline
from hilft.channels.matrix.wire import Answer, Gone, Wire, path

SLACK: Final = timedelta(minutes=5)
"""How far a server's clock may be behind ours."""

ENCRYPTED: Final = gettext_noop("The room is encrypted; hilft cannot write there.")


class Adapter:
    """One Matrix account; `settings: base_url, invites ("all", "local", "none")`, `secrets: access_token`."""

    kind: ClassVar[str] = messages.KIND
    correction: ClassVar[Correct] = Correct.EDIT
    idempotent: ClassVar[bool] = True
    tries_with: ClassVar[Literal["", "handle", "room"]] = "room"

    def __init__(self, config: Config) -> None:
        self._config = config
        self._wire = Wire(config)
        facts = config.facts
        self._limits = Limits(int(facts["limit.text"]), "codepoint", bytes=int(facts["limit.bytes"]))
        self._remembered = timedelta(seconds=float(facts["window.idempotency"]))
        self._rooms = Rooms(self._wire, config)
        self._timeline = Timeline(self._wire, self._rooms)

    def can(self) -> Can:
        return Can.POLL | Can.STREAM | Can.REPLY | Can.PRIVATE | Can.EDIT | Can.DELETE

    def limits(self, *, public: bool) -> Limits:
        return self._limits

    def prefix(self, to: Person | None, *, public: bool) -> str:
        """Nothing: whom a message mentions stands beside its text."""
        return ""

    def allowed(self, action: Action, target: Ref, standing: Standing = NO_STANDING) -> Allowed:
        """Whether we are in the room and may speak there; a server that cannot be asked forbids nothing."""
        until = self._wire.limited_until
        if until is not None and until > datetime.now(UTC):
            return Allowed(ok=False, reason=_("Matrix asks for a pause."), until=until)
        room, _message = messages.placed(target.id)
        try:
            return self._allowed_in(room, action)
        except Answer:
            return Allowed(ok=False, reason=_("We are not in this room."))
        except ChannelError:
            return Allowed(ok=True)

    def poll(self, cursor: str) -> tuple[list[Raw], str]:
        return self._timeline.since(cursor)

    def listen(self, cursor: str, stop: threading.Event) -> Iterator[tuple[list[Raw], str]]:
        return self._timeline.listen(cursor, stop)

    def refresh(self, refs: Sequence[Ref]) -> list[Raw]:
        raws = (self._timeline.refreshed(ref) for ref in refs)
        return [raw for raw in raws if raw is not None]

    def parse(self, body: bytes) -> list[Event]:
        return messages.read(body, self._config)

    def publish(self, outgoing: Outgoing) -> Sent:
        """Sends once per transaction id, also when the server has long forgotten it."""
        content = composing.message(outgoing, self._limits)
        room, parent, thread = self._destination(outgoing)
        if parent:
            content = composing.message(outgoing, self._limits, parent=parent, thread=thread)
        begun = outgoing.begun_at
        if begun and datetime.now(UTC) - begun > self._remembered and (sent := self._found(room, outgoing)):
            return sent
        return self._sent(room, self._send(room, outgoing.idempotency, content))

    def edit(self, ref: Ref, outgoing: Outgoing) -> Sent:
        room, identity = messages.placed(ref.id)
        content = composing.replacement(outgoing, self._limits, of=identity)
        self._standing(room, identity)
        edit = self._send(room, outgoing.idempotency, content)
        return self._sent(room, identity, version=edit)

    def delete(self, ref: Ref) -> None:
        """Redacts the message and before it every edit of it, whose texts would stay readable."""
        room, identity = messages.placed(ref.id)
        try:
            for edit in self._edits(room, identity):
                self._redact(room, edit)
            self._redact(room, identity)
        except Gone:
            return

    def lookup(self, outgoing: Outgoing) -> Sent | None:
        """Looks through our own messages in the room since the attempt began for our own key."""
        if outgoing.parent is None or (not outgoing.public and self._is_public(outgoing.parent)):
            room = self._rooms.direct(outgoing.to.id, create=False) if outgoing.to else ""
        else:
            room, _message = messages.placed(outgoing.parent.id)
        return self._found(room, outgoing) if room else None

    def check(self) -> Health:
        try:
            account = self._wire.read(path("account", "whoami"))
        except (AuthLost, Refused) as error:
            return Health(ok=False, message=str(error))
        return Health(ok=True, message=str(account.get("user_id", "")))

    def trial(self, to: str, heard: Callable[[Ref], bool]) -> Sequence[Task]:
        return trying.tasks(self, to.strip(), resolve=self._resolved, write=self._written, find=self._found)

    def close(self) -> None:
        self._wire.close()

    def _allowed_in(self, room: str, action: Action) -> Allowed:
        if action == "private" and self._rooms.room(room).public:
            return Allowed(ok=True)
        if not self._rooms.was_joined(room):
            return Allowed(ok=False, reason=_("We are not in this room."))
        if action == "delete":
            may = self._rooms.may_send(room, messages.REDACTION)
            return Allowed(ok=may, reason="" if may else _("We may not redact in this room."))
        if self._rooms.room(room).encrypted:
            return Allowed(ok=False, reason=_(ENCRYPTED))
        may = self._rooms.may_send(room)
        return Allowed(ok=may, reason="" if may else _("We may not write in this room."))

    def _destination(self, outgoing: Outgoing) -> tuple[str, str, str]:
        """The room, the message answered and its thread; never a place more public than the question's."""
        parent = outgoing.parent
        if parent is None or (not outgoing.public and self._is_public(parent)):
            return self._aside(outgoing), "", ""
        room, identity = messages.placed(parent.id)
        answered = self._standing(room, identity)
        facts = self._rooms.room(room)
        if outgoing.public and not facts.public:
            raise Refused("The question was not public; answer it privately.")
        if facts.encrypted:
            raise Refused(_(ENCRYPTED))
        return room, identity, relation(answered["content"])[0]

    def _aside(self, outgoing: Outgoing) -> str:
        """The room for private words with the addressee."""
        if outgoing.public:
            raise Refused("A public message needs a question it answers.")
        if outgoing.to is None:
            raise Refused("A private message needs somebody it is for.")
        room = self._rooms.direct(outgoing.to.id, create=True)
        if self._rooms.room(room).encrypted:
            raise Refused(_(ENCRYPTED))
        return room

    def _is_public(self, ref: Ref) -> bool:
        return self._rooms.room(messages.placed(ref.id)[0]).public

    def _standing(self, room: str, identity: str) -> Any:
        """A message that is still there; refuses when it was redacted."""
        event = self._timeline.asked(room, identity)
        if not event.get("content"):
            raise Refused("The message is no longer there.")
        return event

    def _edits(self, room: str, identity: str) -> list[str]:
        answer = self._wire.read(
            path("rooms", room, "relations", identity, "m.replace", MESSAGE, version="v1"), params={"limit": 100}
        )
        return [str(event["event_id"]) for event in answer["chunk"] if event.get("sender") == self._rooms.me]

    def _redact(self, room: str, identity: str) -> None:
        self._wire.write("PUT", path("rooms", room, "redact", identity, f"redact-{identity}"), {})

    def _send(self, room: str, key: str, content: dict[str, Any]) -> str:
        answer = self._wire.write("PUT", path("rooms", room, "send", MESSAGE, key), content)
        try:
            return str(answer["event_id"])
        except (KeyError, TypeError) as error:
            raise Unknown("Matrix answered with something else than an event.") from error

    def _resolved(self, room: str) -> str:
        """A room's id by its address or id; refuses when we are not in it."""
        identity = str(self._wire.read(path("directory", "room", room))["room_id"]) if room.startswith("#") else room
        if not self._rooms.joined(identity):
            raise Refused("We are not in this room.")
        if self._rooms.room(identity).encrypted:
            raise Refused(ENCRYPTED)
        return identity

    def _written(self, room: str, outgoing: Outgoing) -> Sent:
        return self._sent(room, self._send(room, outgoing.idempotency, composing.message(outgoing, self._limits)))

    def _found(self, room: str, outgoing: Outgoing) -> Sent | None:
        began = outgoing.begun_at - SLACK if outgoing.begun_at else None
        for event in self._timeline.ours(room, began):
            content = event.get("content") or {}
            if content.get(composing.KEY) == outgoing.idempotency and not relation(content)[2]:
                at = datetime.fromtimestamp(event["origin_server_ts"] / 1000, UTC)
                return self._sent(room, str(event["event_id"]), at=at)
        return None

    def _sent(self, room: str, identity: str, *, version: str = "", at: datetime | None = None) -> Sent:
        ref = Ref(self.kind, self._config.account, messages.place(room, identity), version or identity)
        return Sent(ref=ref, at=at or datetime.now(UTC), url=messages.web_url(room, identity), thread=room)
