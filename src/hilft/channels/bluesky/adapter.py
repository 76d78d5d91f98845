"""Keeps the channel contract on Bluesky."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hilft.channels.bluesky import posts, timeline, trying
from hilft.channels.bluesky.facets import facets
from hilft.channels.bluesky.tid import rkey
from hilft.channels.bluesky.wire import Answer, Wire
from hilft.channels.contract import (
    NO_STANDING,
    Action,
    Allowed,
    AuthLost,
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

NO_EDIT = gettext_noop("A post can be changed but most readers would not see it; correct it with a visible reply.")
NO_PRIVATE = gettext_noop("Private messages need a permission of their own here.")


class Adapter:
    """One Bluesky account; `settings: service, handle, web_url, poll_seconds`, `secrets: app_password`."""

    kind: ClassVar[str] = posts.KIND
    correction: ClassVar[Correct] = Correct.VISIBLE_REPLY
    idempotent: ClassVar[bool] = True
    tries_with: ClassVar[Literal["", "handle", "room"]] = ""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._wire = Wire(config)
        self._timeline = timeline.Timeline(self._wire, config)
        facts = config.facts
        self._limits = Limits(int(facts["limit.text"]), "grapheme", bytes=int(facts["limit.bytes"]))

    def can(self) -> Can:
        return Can.POLL | Can.REPLY | Can.DELETE

    def limits(self, *, public: bool) -> Limits:
        return self._limits

    def prefix(self, to: Person | None, *, public: bool) -> str:
        """Nothing: a reply reaches its addressee without a mention."""
        return ""

    def allowed(self, action: Action, target: Ref, standing: Standing = NO_STANDING) -> Allowed:
        if action == "private":
            return Allowed(ok=False, reason=_(NO_PRIVATE), instead=("reply",))
        if action == "edit":
            return Allowed(ok=False, reason=_(NO_EDIT))
        until = self._wire.limited_until
        if until is not None and until > datetime.now(UTC):
            return Allowed(ok=False, reason=_("Bluesky asks for a pause."), until=until)
        return Allowed(ok=True)

    def poll(self, cursor: str) -> tuple[list[Raw], str]:
        return self._timeline.since(cursor)

    def listen(self, cursor: str, stop: threading.Event) -> Iterator[tuple[list[Raw], str]]:
        every = float(self._config.settings.get("poll_seconds") or self._config.facts["poll.seconds"])
        return self._timeline.listen(cursor, stop, every)

    def refresh(self, refs: Sequence[Ref]) -> list[Raw]:
        return self._timeline.refreshed(refs)

    def parse(self, body: bytes) -> list[Event]:
        return posts.read(body, self._config)

    def publish(self, outgoing: Outgoing) -> Sent:
        """Writes the record under a key of its own; a repetition finds it there."""
        if not outgoing.public:
            raise Refused(_(NO_PRIVATE))
        if not fits(outgoing.text, self._limits):
            raise Refused("The text is longer than Bluesky allows.")
        record = self._record(outgoing)
        body = {"repo": self._wire.did, "collection": posts.COLLECTION, "rkey": rkey(outgoing), "record": record}
        try:
            answer = self._wire.write("com.atproto.repo.putRecord", body | {"swapRecord": None})
        except Answer as refusal:
            if refusal.error != "InvalidSwap":
                raise
            return self._already(outgoing)
        return self._sent(answer, record)

    def edit(self, ref: Ref, outgoing: Outgoing) -> Sent:
        raise Refused(_(NO_EDIT))

    def delete(self, ref: Ref) -> None:
        key = ref.id.rpartition("/")[2]
        body = {"repo": self._wire.did, "collection": posts.COLLECTION, "rkey": key}
        self._wire.write("com.atproto.repo.deleteRecord", body)

    def lookup(self, outgoing: Outgoing) -> Sent | None:
        """Asks our own server for the record's key, which is certain."""
        params = {"repo": self._wire.did, "collection": posts.COLLECTION, "rkey": rkey(outgoing)}
        try:
            answer = self._wire.read("com.atproto.repo.getRecord", **params)
        except Answer as refusal:
            if refusal.error == "RecordNotFound":
                return None
            raise
        record = answer["value"]
        if record.get("text") != outgoing.text:
            raise Refused("Another text stands where this one would.")
        return self._sent(answer, record)

    def check(self) -> Health:
        try:
            session = self._wire.read("com.atproto.server.getSession")
        except (AuthLost, Refused) as error:
            return Health(ok=False, message=str(error))
        return Health(ok=True, message=str(session.get("handle", "")))

    def trial(self, to: str, heard: Callable[[Ref], bool]) -> Sequence[Task]:
        return trying.tasks(self)

    def close(self) -> None:
        self._wire.close()

    def _already(self, outgoing: Outgoing) -> Sent:
        sent = self.lookup(outgoing)
        if sent is None:
            raise RetryLater("Bluesky says the post exists and does not have it.", timeline.OVERLAP, scope="target")
        return sent

    def _record(self, outgoing: Outgoing) -> dict[str, Any]:
        at = outgoing.begun_at or datetime.now(UTC)
        record: dict[str, Any] = {
            "$type": posts.COLLECTION,
            "text": outgoing.text,
            "createdAt": at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }
        if outgoing.language:
            record["langs"] = [outgoing.language]
        if found := facets(outgoing.text, self._did):
            record["facets"] = found
        if outgoing.parent:
            record["reply"] = self._reply(outgoing.parent)
        return record

    def _reply(self, parent: Ref) -> dict[str, Any]:
        """The answered post as it is now and the root it names; refuses when it is gone or closed to us."""
        found = self._timeline.posts([parent.id])
        if not found:
            raise Refused("The post is no longer there.")
        post = found[0]
        if (post.get("viewer") or {}).get("replyDisabled"):
            raise Refused("The author does not let us reply.")
        here = {"uri": post["uri"], "cid": post["cid"]}
        return {"root": (post["record"].get("reply") or {}).get("root") or here, "parent": here}

    def _did(self, handle: str) -> str | None:
        try:
            return str(self._wire.read("com.atproto.identity.resolveHandle", handle=handle)["did"])
        except (Refused, KeyError):
            return None

    def _sent(self, answer: Any, record: Any) -> Sent:
        uri = str(answer["uri"])
        at = posts.moment_of(str(record.get("createdAt", ""))) or datetime.now(UTC)
        return Sent(ref=Ref(self.kind, self._config.account, uri, str(answer["cid"])), at=at, url=self._url(uri))

    def _url(self, uri: str) -> str:
        return posts.web_url(uri, self._config)
