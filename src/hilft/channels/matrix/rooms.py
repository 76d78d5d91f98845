"""What kind of place a room is, who is in it, and what we may do there.

Levels: Matrix specification v1.18, `m.room.power_levels`; creators of rooms from version 12 on stand above them
(https://spec.matrix.org/v1.18/rooms/v12/, read 2026-11-24).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from hilft.channels.contract import AuthLost, Config, Refused, RetryLater, Unknown
from hilft.channels.matrix.wire import LATER, Answer, Gone, Wire, path

log = logging.getLogger(__name__)

FRESH: Final = 60.0
"""Seconds for which what was asked about a room or a person counts as known."""

REMEMBERED: Final = 10_000
CREATORS_ABOVE: Final = 12
"""The room version from which on creators need no level."""

PEOPLE: Final = 2
"""Members up to which a room that is not open to all is a direct one."""


class Room(msgspec.Struct, frozen=True):
    """What decides how we speak in a room."""

    public: bool
    encrypted: bool


class Rooms:
    """Asks for rooms and people, and remembers the answers for a moment; safe in threads."""

    def __init__(self, wire: Wire, config: Config) -> None:
        self._wire = wire
        self._invites = str(config.settings.get("invites", "all"))
        self._me = ""
        self._known: dict[tuple[str, ...], tuple[float, Any]] = {}
        self._invited: dict[str, float] = {}
        self._lock = threading.Lock()

    @property
    def me(self) -> str:
        """Our user id, asked once."""
        if not self._me:
            self._me = str(self._wire.read(path("account", "whoami"))["user_id"])
        return self._me

    def room(self, room: str) -> Room:
        """The room as it is now; raises Answer when we are not in it."""
        found: Room = self._remembered(("room", room), lambda: self._asked(room))
        return found

    def name(self, room: str, user: str) -> str:
        """A member's display name in a room; empty when there is none."""
        member = self._remembered(("name", room, user), lambda: self._state(room, "m.room.member", user))
        return str((member or {}).get("displayname") or "")

    def may_send(self, room: str, event_type: str = "m.room.message") -> bool:
        """Whether our level suffices to send such an event."""
        levels = self._remembered(("levels", room), lambda: self._state(room, "m.room.power_levels"))
        return self._level(levels) >= _needed(levels, event_type) or self._created(room)

    def was_joined(self, room: str) -> bool:
        """Whether we were in the room a moment ago."""
        there: bool = self._remembered(("joined", room), lambda: self.joined(room))
        return there

    def joined(self, room: str) -> bool:
        """Whether we are in the room, asked anew."""
        try:
            member = self._wire.read(path("rooms", room, "state", "m.room.member", self.me))
        except Answer:
            return False
        return bool(member.get("membership") == "join")

    def direct(self, user: str, *, create: bool) -> str:
        """The room for private words with one person; empty when there is none and none is to be made.

        Raises RetryLater when it could not be made for sure: nothing was said yet.
        """
        for room in self._direct_rooms().get(user, ()):
            if self._is_for(room, user):
                return str(room)
        return self._created_for(user) if create else ""

    def consider(self, invited: Mapping[str, Any]) -> None:
        """Accepts new invitations, and those that failed a while ago; one that cannot be accepted blocks nothing."""
        for room, invitation in invited.items():
            self._invited[room] = 0.0
            self._consider(room, invitation)
        for room, tried in list(self._invited.items()):
            if tried and time.monotonic() - tried > FRESH:
                self._consider(room, {})

    def _consider(self, room: str, invitation: Any) -> None:
        inviter, direct = _inviter(invitation, self.me)
        if not self._welcome(inviter) and invitation:
            self._invited.pop(room, None)
            return
        try:
            self._wire.write("POST", path("join", room), {})
            if direct:
                self._note_direct(inviter, room)
        except AuthLost:
            raise
        except (RetryLater, Unknown) as error:
            self._invited[room] = time.monotonic()
            log.warning("An invitation could not be accepted yet: %s", error)
            return
        except Refused as error:
            log.warning("An invitation could not be accepted: %s", error)
        self._invited.pop(room, None)

    def _welcome(self, inviter: str) -> bool:
        if self._invites == "local":
            return inviter.partition(":")[2] == self.me.partition(":")[2]
        return self._invites == "all"

    def _asked(self, room: str) -> Room:
        rule = (self._state(room, "m.room.join_rules") or {}).get("join_rule")
        encrypted = self._state(room, "m.room.encryption") is not None
        if rule == "public":
            return Room(public=True, encrypted=encrypted)
        members = self._wire.read(path("rooms", room, "joined_members"))["joined"]
        direct = any(room in rooms for rooms in self._direct_rooms().values())
        return Room(public=len(members) > PEOPLE and not direct, encrypted=encrypted)

    def _state(self, room: str, kind: str, key: str = "") -> Any:
        """The content of a state event; None when there is none."""
        parts = ("rooms", room, "state", kind, key) if key else ("rooms", room, "state", kind)
        try:
            return self._wire.read(path(*parts))
        except Gone:
            return None

    def _level(self, levels: Any) -> int:
        users = (levels or {}).get("users") or {}
        return _number(users.get(self.me), _number((levels or {}).get("users_default"), 0))

    def _created(self, room: str) -> bool:
        """Whether we are a creator, in rooms where creators need no level."""
        try:
            event = self._wire.read(path("rooms", room, "state", "m.room.create"), params={"format": "event"})
        except Answer:
            return False
        content = event.get("content") or {}
        version = str(content.get("room_version", "1"))
        creators = [event.get("sender"), *(content.get("additional_creators") or [])]
        return version.isdigit() and int(version) >= CREATORS_ABOVE and self.me in creators

    def _direct_rooms(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = self._remembered(("direct",), self._ask_direct)
        return found

    def _ask_direct(self) -> dict[str, list[str]]:
        try:
            content = self._wire.read(path("user", self.me, "account_data", "m.direct"))
        except Gone:
            return {}
        return {user: list(rooms) for user, rooms in content.items() if isinstance(rooms, list)}

    def _is_for(self, room: str, user: str) -> bool:
        """Whether only we and that person are in the room, or they are still invited."""
        try:
            members = self._wire.read(path("rooms", room, "members"))["chunk"]
        except Answer:
            return False
        there = {
            event["state_key"]
            for event in members
            if (event.get("content") or {}).get("membership") in {"join", "invite"}
        }
        return there == {self.me, user}

    def _created_for(self, user: str) -> str:
        body = {"is_direct": True, "invite": [user], "preset": "trusted_private_chat"}
        try:
            room = str(self._wire.write("POST", path("createRoom"), body)["room_id"])
            self._note_direct(user, room)
        except Unknown as error:
            raise RetryLater(f"The room for private words may not be there yet: {error}", LATER) from error
        return room

    def _note_direct(self, user: str, room: str) -> None:
        """Remembers on the server that a room is for private words, as every client reads it."""
        with self._lock:
            self._known.pop(("direct",), None)
        direct = self._ask_direct()
        direct.setdefault(user, [])
        if room not in direct[user]:
            direct[user].append(room)
        self._wire.write("PUT", path("user", self.me, "account_data", "m.direct"), direct)

    def _remembered(self, key: tuple[str, ...], ask: Callable[[], Any]) -> Any:
        with self._lock:
            known = self._known.get(key)
        if known is not None and time.monotonic() - known[0] < FRESH:
            return known[1]
        answer = ask()
        with self._lock:
            if len(self._known) > REMEMBERED:
                self._known.clear()
            self._known[key] = (time.monotonic(), answer)
        return answer


def _needed(levels: Any, event_type: str) -> int:
    events = (levels or {}).get("events") or {}
    return _number(events.get(event_type), _number((levels or {}).get("events_default"), 0))


def _number(value: Any, otherwise: int) -> int:
    """A level; old rooms have them as strings."""
    try:
        return otherwise if value is None else int(value)
    except (TypeError, ValueError):
        return otherwise


def _inviter(invitation: Any, me: str) -> tuple[str, bool]:
    """Who invited us, and whether for private words."""
    try:
        for event in invitation["invite_state"]["events"]:
            if event["type"] == "m.room.member" and event["state_key"] == me:
                return str(event["sender"]), bool(event["content"].get("is_direct"))
    except (KeyError, TypeError, AttributeError):
        pass
    return "", False
