"""Keeps the channel contract on Mastodon."""

from __future__ import annotations

import contextlib
import re
import threading
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Literal

import msgspec
from django.utils.translation import gettext as _

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
from hilft.channels.counting import fits
from hilft.channels.mastodon import statuses, streaming, timeline, trying
from hilft.channels.mastodon.wire import Gone, Wire

ASKED_AGAIN = 60.0
"""Seconds after which a server that did not tell its limits is asked again."""


class Adapter:
    """One Mastodon account; `settings: base_url`, `secrets: access_token`."""

    kind: ClassVar[str] = statuses.KIND
    correction: ClassVar[Correct] = Correct.EDIT
    idempotent: ClassVar[bool] = True
    tries_with: ClassVar[Literal["", "handle", "room"]] = ""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._wire = Wire(config)
        self._timeline = timeline.Timeline(self._wire, config)
        facts = config.facts
        self._usual = Limits(int(facts["limit.text"]), "grapheme", url=int(facts["limit.url"]))
        self._remembered = timedelta(seconds=float(facts["window.idempotency"]))
        self._limits = self._usual
        self._limits_until = float("-inf")
        self._lock = threading.Lock()
        self._listener: streaming.Listener | None = None

    def can(self) -> Can:
        return Can.POLL | Can.STREAM | Can.REPLY | Can.PRIVATE | Can.EDIT | Can.DELETE

    def limits(self, *, public: bool) -> Limits:
        """What the server says, asked once; Mastodon's usual ones while it cannot be asked."""
        with self._lock:
            if time.monotonic() < self._limits_until:
                return self._limits
        limits, until = self._usual, time.monotonic() + ASKED_AGAIN
        with contextlib.suppress(ChannelError):
            limits, until = self._told(self._wire.read("/api/v2/instance")), float("inf")
        with self._lock:
            self._limits, self._limits_until = limits, until
        return limits

    def prefix(self, to: Person | None, *, public: bool) -> str:
        return f"{statuses.mention(to.handle, self._config)} " if to else ""

    def allowed(self, action: Action, target: Ref, standing: Standing = NO_STANDING) -> Allowed:
        until = self._wire.limited_until
        if until is not None and until > datetime.now(UTC):
            return Allowed(ok=False, reason=_("Mastodon asks for a pause."), until=until)
        return Allowed(ok=True)

    def poll(self, cursor: str) -> tuple[list[Raw], str]:
        return self._timeline.since(cursor)

    def listen(self, cursor: str, stop: threading.Event) -> Iterator[tuple[list[Raw], str]]:
        self._listener = streaming.Listener(self._wire, self._timeline, self._config)
        return self._listener.listen(cursor, stop)

    def streams(self) -> bool:
        """Whether the stream is open right now."""
        return self._listener is not None and self._listener.streams

    def refresh(self, refs: Sequence[Ref]) -> list[Raw]:
        raws = (self._refreshed(ref) for ref in refs)
        return [raw for raw in raws if raw is not None]

    def parse(self, body: bytes) -> list[Event]:
        return statuses.read(body, self._config)

    def publish(self, outgoing: Outgoing) -> Sent:
        """Posts once per idempotency key, also when the server has long forgotten the key."""
        text = self._text(outgoing)
        begun = outgoing.begun_at
        if begun and datetime.now(UTC) - begun > self._remembered and (sent := self.lookup(outgoing)):
            return sent
        body: dict[str, Any] = {"status": text, "visibility": self._visibility(outgoing)}
        if outgoing.parent:
            body["in_reply_to_id"] = outgoing.parent.id
        if outgoing.language:
            body["language"] = outgoing.language
        return self._sent(self._wire.write("POST", "/api/v1/statuses", body=body, key=outgoing.idempotency))

    def edit(self, ref: Ref, outgoing: Outgoing) -> Sent:
        body = {"status": self._text(outgoing)}
        if outgoing.language:
            body["language"] = outgoing.language
        return self._sent(self._wire.write("PUT", f"/api/v1/statuses/{ref.id}", body=body))

    def delete(self, ref: Ref) -> None:
        try:
            self._wire.write("DELETE", f"/api/v1/statuses/{ref.id}")
        except Gone:
            return

    def lookup(self, outgoing: Outgoing) -> Sent | None:
        """Looks through our own statuses since the attempt began for the same text at the same place."""
        parent = outgoing.parent.id if outgoing.parent else None
        text = _normal(self._text(outgoing))
        began = outgoing.begun_at - timedelta(minutes=5) if outgoing.begun_at else None
        for status in self._timeline.ours(began):
            if status.get("in_reply_to_id") != parent:
                continue
            source = self._wire.read(f"/api/v1/statuses/{status['id']}/source")
            if _normal(str(source.get("text", ""))) == text:
                return self._sent(status)
        return None

    def check(self) -> Health:
        try:
            account = self._wire.read("/api/v1/accounts/verify_credentials")
        except (AuthLost, Refused) as error:
            return Health(ok=False, message=str(error))
        return Health(ok=True, message=str(account.get("acct", "")))

    def trial(self, to: str, heard: Callable[[Ref], bool]) -> Sequence[Task]:
        return trying.tasks(self)

    def close(self) -> None:
        self._wire.close()

    def _text(self, outgoing: Outgoing) -> str:
        text = self.prefix(outgoing.to, public=outgoing.public) + outgoing.text
        if not fits(text, self.limits(public=outgoing.public)):
            raise Refused("The text is longer than this server allows.")
        return text

    def _told(self, instance: Any) -> Limits:
        try:
            rules = instance["configuration"]["statuses"]
            return Limits(int(rules["max_characters"]), "grapheme", url=int(rules["characters_reserved_per_url"]))
        except (KeyError, TypeError, ValueError):
            return self._usual

    def _visibility(self, outgoing: Outgoing) -> str:
        """As the answered post, so that a reply is never more public than the question."""
        if not outgoing.public:
            if outgoing.to is None:
                raise Refused("A private status needs somebody it is for.")
            return "direct"
        if outgoing.parent is None:
            return "public"
        visibility = str(self._wire.read(f"/api/v1/statuses/{outgoing.parent.id}").get("visibility"))
        if visibility not in statuses.PUBLIC:
            raise Refused("The question was not public; answer it privately.")
        return visibility

    def _refreshed(self, ref: Ref) -> Raw | None:
        try:
            status = self._wire.read(f"/api/v1/statuses/{ref.id}")
        except Gone:
            return statuses.removed(ref.id)
        raw = self._timeline.keep(status)
        return None if raw is None or raw.key == f"status:{ref.id}:{ref.version}" else raw

    def _sent(self, status: Any) -> Sent:
        try:
            read = msgspec.convert(status, statuses.Status)
        except msgspec.ValidationError as error:
            raise Unknown(f"Mastodon answered with something else than a status: {error}") from error
        ref = Ref(self.kind, self._config.account, read.id, read.stamp)
        return Sent(ref=ref, at=read.edited_at or read.created_at, url=read.url or read.uri)


def _normal(text: str) -> str:
    """A text without what a server may change: white space, and the server in a mention."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join(re.sub(r"(@[\w.-]+)@[\w.:-]+", r"\1", composed).split())
