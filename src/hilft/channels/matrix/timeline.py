"""What happened around our account on Matrix: what addresses us in any room, and our own replies."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from hilft.channels.contract import Raw, Ref, RetryLater, Unknown
from hilft.channels.matrix import messages
from hilft.channels.matrix.messages import ENCRYPTED, MESSAGE, REDACTION, Kept, Message, relation
from hilft.channels.matrix.rooms import Rooms
from hilft.channels.matrix.wire import Answer, Gone, Wire, path

PAGE: Final = 100
FIRST: Final = 50
"""Events of each room that a first look, or a look after a long silence, gets at once."""

FILLED: Final = 100
"""Pages of one room that are read to fill a gap; a longer one stays a gap and is told as one."""

SEARCHED: Final = 20
"""Pages of own messages looked through for an unknown publish."""

DEPTH: Final = 50
"""Messages that are walked up from an answer to the beginning of its conversation."""

AHEAD: Final = 5 * 60_000
"""Milliseconds by which another server's clock may run ahead of ours."""

REMEMBERED: Final = 10_000
WAIT: Final = 10.0
"""Seconds for which a server holds an empty answer back; each one is a heartbeat."""

TYPES: Final = [MESSAGE, REDACTION, ENCRYPTED]
NOTHING: Final[dict[str, Any]] = {"types": [], "not_types": ["*"]}
FILTER: Final = msgspec.json.encode(
    {
        "presence": NOTHING,
        "account_data": NOTHING,
        "room": {
            "state": NOTHING,
            "ephemeral": NOTHING,
            "account_data": NOTHING,
            "timeline": {"limit": FIRST, "types": TYPES},
        },
    }
).decode()


class Timeline:
    """Reads `/sync`; a cursor is the server's own token."""

    def __init__(self, wire: Wire, rooms: Rooms) -> None:
        self._wire = wire
        self._rooms = rooms
        self._events: dict[tuple[str, str], Message] = {}
        self._lock = threading.Lock()

    def since(self, cursor: str, *, wire: Wire | None = None, wait: float = 0.0) -> tuple[list[Raw], str]:
        """Everything after the cursor, oldest first; an empty cursor begins with the newest page of each room."""
        answer, missed = self._synced(cursor, wire or self._wire, wait)
        rooms = answer.get("rooms") or {}
        self._rooms.consider(rooms.get("invite") or {})
        found: dict[str, tuple[int, Raw]] = {}
        gaps = [messages.missed("", cursor)] if missed else []
        for room, joined in (rooms.get("join") or {}).items():
            events, whole = self._told(room, joined.get("timeline") or {}, "" if missed else cursor)
            if not whole:
                gaps.append(messages.missed(room, cursor))
            for event in events:
                raw = self.keep(room, event)
                if raw is not None:
                    found[raw.key] = (int(event["origin_server_ts"]), raw)
        ordered = sorted(found.values(), key=lambda pair: pair[0])
        return [*gaps, *(raw for _, raw in ordered)], str(answer["next_batch"])

    def listen(self, cursor: str, stop: threading.Event) -> Iterator[tuple[list[Raw], str]]:
        """Waits at the server for what comes next; whoever sets `stop` ends the waiting."""
        line, done = self._wire.breakable(), threading.Event()
        threading.Thread(target=_watch, args=(stop, done, line), name="matrix-listen", daemon=True).start()
        wait = 0.0
        try:
            while not stop.is_set():
                try:
                    raws, cursor = self.since(cursor, wire=line, wait=wait)
                except RetryLater:
                    if stop.is_set():
                        return
                    raise
                wait = WAIT
                yield raws, cursor
        finally:
            done.set()
            line.close()

    def keep(self, room: str, event: Any) -> Raw | None:
        """The raw event of what happened in a room; None for what does not concern us."""
        try:
            if event.get("type") == REDACTION:
                redacted = str(event.get("redacts") or event["content"]["redacts"])
                return messages.removed(room, redacted, _moment(event["origin_server_ts"]))
            said = msgspec.convert(event, Message)
            said.origin_server_ts = _believed(said.origin_server_ts)
            if not said.content or said.type not in {MESSAGE, ENCRYPTED}:
                return None
            replaced = relation(said.content)[2]
            if not replaced:
                self._remember(room, said)
                return self._kept(room, said)
            original = self.event(room, replaced)
            same = original is not None and original.sender == said.sender
            return self._kept(room, original, said) if original is not None and same else None
        except (msgspec.ValidationError, UnicodeError, OverflowError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def refreshed(self, ref: Ref) -> Raw | None:
        """The message as it is now, when it was changed or redacted; None when it is as it was."""
        room, identity = messages.placed(ref.id)
        try:
            event = self.asked(room, identity)
        except Gone:
            return messages.removed(room, identity) if self._rooms.joined(room) else None
        except Answer:
            return None
        gone = (event.get("unsigned") or {}).get("redacted_because")
        if not event.get("content"):
            return messages.removed(room, identity, _moment(gone["origin_server_ts"]) if gone else None)
        edit = ((event.get("unsigned") or {}).get("m.relations") or {}).get("m.replace")
        if not edit or not edit.get("content") or edit.get("event_id") == ref.version:
            return None
        return self.keep(room, edit)

    def asked(self, room: str, identity: str) -> Any:
        """A message as the server has it now; raises Gone."""
        return self._wire.read(path("rooms", room, "event", identity))

    def event(self, room: str, identity: str) -> Message | None:
        """A message as it was written, asked for once; None when we may not see it."""
        with self._lock:
            known = self._events.get((room, identity))
        if known is not None:
            return known
        try:
            event = msgspec.convert(self.asked(room, identity), Message)
        except (Answer, msgspec.ValidationError):
            return None
        self._remember(room, event)
        return event

    def ours(self, room: str, since: datetime | None) -> Iterator[Any]:
        """Our own messages in a room, newest first, back to `since`; raises Unknown when that is too far."""
        chosen = msgspec.json.encode({"senders": [self._rooms.me], "types": [MESSAGE]}).decode()
        params: dict[str, str | int] = {"dir": "b", "limit": PAGE, "filter": chosen}
        for _ in range(SEARCHED):
            page = self._wire.read(path("rooms", room, "messages"), params=params)
            for event in page["chunk"]:
                if since and _moment(event["origin_server_ts"]) < since:
                    return
                yield event
            if not page.get("end") or page["end"] == params.get("from"):
                return
            params["from"] = str(page["end"])
        raise Unknown("There are too many newer messages to find this one.")

    def _synced(self, cursor: str, wire: Wire, wait: float) -> tuple[Any, bool]:
        """The server's answer, and whether it no longer knows the cursor."""
        params: dict[str, str | int] = {"filter": FILTER, "timeout": int(wait * 1000)}
        if not cursor:
            return wire.read(path("sync"), params=params), False
        try:
            return wire.read(path("sync"), wait=wait, params=params | {"since": cursor}), False
        except Answer as refusal:
            if refusal.status not in {400, 404}:
                raise
        return wire.read(path("sync"), params=params | {"timeout": 0}), True

    def _told(self, room: str, timeline: Any, cursor: str) -> tuple[list[Any], bool]:
        """A room's events since the cursor, oldest first, and whether they are all."""
        told: list[Any] = list(timeline.get("events") or [])
        before = timeline.get("prev_batch")
        if not timeline.get("limited") or not cursor or not before:
            return told, True
        try:
            earlier, whole = self._between(room, cursor, str(before))
        except Answer:
            return told, False
        return [*earlier, *told], whole

    def _between(self, room: str, cursor: str, before: str) -> tuple[list[Any], bool]:
        """The events between two tokens, oldest first; False when there are too many."""
        found: list[Any] = []
        chosen = msgspec.json.encode({"types": TYPES}).decode()
        for _ in range(FILLED):
            params: dict[str, str | int] = {"dir": "b", "from": before, "to": cursor, "limit": PAGE, "filter": chosen}
            page = self._wire.read(path("rooms", room, "messages"), params=params)
            found += page["chunk"]
            if not page.get("end") or page["end"] in {before, cursor}:
                return found[::-1], True
            before = str(page["end"])
        return found[::-1], False

    def _kept(self, room: str, event: Message, edit: Message | None = None) -> Raw | None:
        try:
            facts = self._rooms.room(room)
        except Answer:
            return None
        own = event.sender == self._rooms.me
        thread, parent, _ = relation(event.content)
        concerns = (bool(thread or parent) if own else self._addressed(room, event)) if facts.public else True
        if not concerns:
            return None
        if own and not facts.public and not parent:
            parent = self._before(room, event)
        kept = Kept(
            me=self._rooms.me,
            room=room,
            public=facts.public,
            root=self._root(room, event),
            parent=parent or thread,
            event=event,
            edit=edit,
            name=self._rooms.name(room, event.sender),
            our_name=self._rooms.name(room, self._rooms.me),
        )
        return messages.keep(kept)

    def _addressed(self, room: str, event: Message) -> bool:
        """Whether it names us, answers us, or goes on with what its author asked us."""
        for _ in range(DEPTH):
            if messages.mentions(event.content, self._rooms.me):
                return True
            thread, parent, _ = relation(event.content)
            before = [self.event(room, identity) for identity in dict.fromkeys((parent, thread)) if identity]
            if any(one is not None and one.sender == self._rooms.me for one in before):
                return True
            same = [one for one in before if one is not None and one.sender == event.sender]
            if not same:
                return False
            event = same[0]
        return False

    def _root(self, room: str, event: Message) -> str:
        """The first message of the conversation: the thread's root, and from there answer by answer."""
        identity, seen = event.event_id, {event.event_id}
        for _ in range(DEPTH):
            thread, parent, _ = relation(event.content)
            before = thread or parent
            if not before or before in seen:
                break
            found = self.event(room, before)
            if found is None:
                return before
            identity, event = before, found
            seen.add(before)
        return identity

    def _before(self, room: str, event: Message) -> str:
        """The last message of somebody else before one of ours: what it answers where nobody uses replies."""
        chosen = msgspec.json.encode({"not_senders": [self._rooms.me], "types": TYPES}).decode()
        try:
            context = self._wire.read(
                path("rooms", room, "context", event.event_id), params={"limit": 10, "filter": chosen}
            )
        except Answer:
            return ""
        return next((str(one["event_id"]) for one in context.get("events_before", ()) if one.get("content")), "")

    def _remember(self, room: str, event: Message) -> None:
        with self._lock:
            if len(self._events) > REMEMBERED:
                self._events.clear()
            self._events[(room, event.event_id)] = event


def _watch(stop: threading.Event, done: threading.Event, line: Wire) -> None:
    """Ends a waiting request as soon as listening is to stop."""
    while not done.wait(0.2):
        if stop.is_set():
            line.cut()


def _believed(milliseconds: int) -> int:
    """The time a sender's server gives, unless its clock runs far ahead."""
    now = int(datetime.now(UTC).timestamp() * 1000)
    return min(milliseconds, now) if milliseconds > now + AHEAD else milliseconds


def _moment(milliseconds: Any) -> datetime:
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
