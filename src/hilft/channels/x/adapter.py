"""Keeps the channel contract on X."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Final, Literal

from django.utils.translation import gettext as _

from hilft.channels.contract import (
    NO_STANDING,
    Action,
    Allowed,
    Answer,
    AuthLost,
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
    Unknown,
)
from hilft.channels.counting import fits
from hilft.channels.x import events, hooks, oauth, rights, texts, timeline, trying
from hilft.channels.x.listening import Listener
from hilft.channels.x.messages import MARK
from hilft.channels.x.meter import Meter
from hilft.channels.x.posts import KIND, SITE
from hilft.channels.x.wire import Duplicate, Gone, Wire

POST: Final = "POST /2/tweets"
DELETE: Final = "DELETE /2/tweets/:id"
HIDE: Final = "PUT /2/tweets/:id/hidden"
DM: Final = "POST /2/dm_conversations/with/:id/messages"
ROUTES: Final[Mapping[Action, str]] = {"reply": POST, "private": DM, "delete": DELETE, "hide": HIDE}
CLOCKS: Final = timedelta(seconds=5)
"""How far our clock may be ahead of X's."""


class Adapter:
    """One account on X; its settings and secrets are described in docs/channels/x.md."""

    kind: ClassVar[str] = KIND
    correction: ClassVar[Correct] = Correct.VISIBLE_REPLY
    idempotent: ClassVar[bool] = False
    tries_with: ClassVar[Literal["", "handle", "room"]] = "handle"

    def __init__(self, config: Config) -> None:
        self._config = config
        self._wire = Wire(config)
        self._meter = Meter(config.facts, Decimal(str(config.settings.get("budget_usd_a_day") or 0)))
        self._timeline = timeline.Timeline(self._wire, self._meter, config)
        self._listener: Listener | None = None

    def can(self) -> Can:
        return Can.POLL | Can.STREAM | Can.REPLY | Can.PRIVATE | Can.DELETE | Can.HIDE | Can.WEBHOOK

    def limits(self, *, public: bool) -> Limits:
        facts = self._config.facts
        if public:
            return Limits(int(facts["limit.text"]), "weighted280", url=int(facts["limit.url"]))
        return Limits(int(facts["limit.dm_text"]), "codepoint")

    def prefix(self, to: Person | None, *, public: bool) -> str:
        """Nothing: X itself puts the handles before a reply and does not count them."""
        return ""

    def allowed(self, action: Action, target: Ref, standing: Standing = NO_STANDING) -> Allowed:
        paused = self._wire.limited_until(ROUTES[action]) if action in ROUTES else None
        return rights.allowed(action, target, standing, self._config.facts, paused)

    def poll(self, cursor: str) -> tuple[list[Raw], str]:
        return self._timeline.since(cursor)

    def listen(self, cursor: str, stop: threading.Event) -> Iterator[tuple[list[Raw], str]]:
        self._listener = Listener(self._wire, self._meter, self._timeline, self._config)
        return self._listener.listen(cursor, stop)

    def streams(self) -> bool:
        """Whether a stream is open right now."""
        return self._listener is not None and self._listener.streams

    def refresh(self, refs: Sequence[Ref]) -> list[Raw]:
        return self._timeline.refreshed(refs)

    def parse(self, body: bytes) -> list[Event]:
        return events.read(body, self._config)

    def hook(self, call: Call) -> Answer:
        return hooks.answer(call, self._config.secrets, self._meter)

    def publish(self, outgoing: Outgoing) -> Sent:
        """Posts; where X says that it has these words already and they stand where we want them, that is the post."""
        self._fitting(outgoing)
        if not outgoing.public:
            return self._message(outgoing)
        body: dict[str, Any] = {"text": outgoing.text}
        if outgoing.parent:
            if outgoing.parent.id.startswith(MARK):
                raise Refused(_(rights.NOT_PUBLIC))
            body["reply"] = {"in_reply_to_tweet_id": outgoing.parent.version or outgoing.parent.id}
        try:
            answer = self._wire.write(POST, "/2/tweets", body)
        except Duplicate:
            if outgoing.begun_at and (sent := self._posted(outgoing)):
                return sent
            raise
        self._meter.did("price.post_with_url" if texts.has_link(outgoing.text) else "price.post")
        return self._sent(_named(answer, "id"))

    def edit(self, ref: Ref, outgoing: Outgoing) -> Sent:
        raise Refused(_(rights.NO_EDITS))

    def delete(self, ref: Ref) -> None:
        if ref.id.startswith(MARK):
            raise Refused(_(rights.NOT_FOR_BOTH))
        try:
            self._wire.write(DELETE, f"/2/tweets/{ref.id}")
        except Gone:
            return
        self._meter.did("price.delete")

    def hide(self, ref: Ref, *, hidden: bool) -> None:
        """Hides or shows a reply in a conversation that we began; X refuses it elsewhere."""
        if ref.id.startswith(MARK):
            raise Refused(_(rights.NOT_HIDDEN))
        self._wire.write(HIDE, f"/2/tweets/{ref.id}/hidden", {"hidden": hidden})
        self._meter.did("price.hide")

    def lookup(self, outgoing: Outgoing) -> Sent | None:
        """Looks through what we wrote since the first attempt began for the same words at the same place.

        X needs a moment to list a new post: until then its absence proves nothing.
        """
        asked = datetime.now(UTC)
        sent = self._posted(outgoing) if outgoing.public else self._messaged(outgoing)
        left = outgoing.left_at or outgoing.begun_at
        settled = left + timedelta(seconds=float(self._config.facts["window.settle"])) if left else asked
        if sent is None and asked < settled:
            raise RetryLater("X may not list the post yet.", settled - asked, scope="target")
        return sent

    def check(self) -> Health:
        try:
            return Health(ok=True, message=timeline.health(self._wire, self._meter))
        except (AuthLost, Refused) as error:
            return Health(ok=False, message=str(error))

    def spent(self) -> Mapping[str, int]:
        """How often each priced call was made since this was last asked."""
        return self._meter.spent()

    def reminded(self, day: date, usd: Decimal) -> None:
        """What reading has cost this account on a day in all processes."""
        self._meter.reminded(day, usd)

    def renewed(self) -> Mapping[str, str]:
        """OAuth 2.0 secrets that X changed since this was last asked: the old ones no longer work, so store these."""
        return self._wire.user.renewed() if isinstance(self._wire.user, oauth.User) else {}

    def trial(self, to: str, heard: Callable[[Ref], bool]) -> Sequence[Task]:
        return trying.tasks(self, to.strip().lstrip("@"), self._config.facts, self._person)

    def close(self) -> None:
        self._wire.close()

    def _person(self, handle: str) -> Person:
        """Somebody by their handle; raises Refused when there is nobody of this name."""
        answer = self._wire.read("GET /2/users/by/username/:username", f"/2/users/by/username/{handle}")
        found = answer.get("data")
        if not found:
            raise Refused("X knows nobody of this name.")
        self._meter.read("price.read_user", [str(found["id"])])
        return Person(id=str(found["id"]), handle=str(found["username"]), name=str(found.get("name", "")))

    def _fitting(self, outgoing: Outgoing) -> None:
        if not fits(outgoing.text, self.limits(public=outgoing.public)):
            raise Refused("The text is longer than X allows.")

    def _message(self, outgoing: Outgoing) -> Sent:
        if outgoing.to is None:
            raise Refused("A direct message needs somebody it is for.")
        path = f"/2/dm_conversations/with/{outgoing.to.id}/messages"
        answer = self._wire.write(DM, path, {"text": outgoing.text})
        self._meter.did("price.dm")
        return self._sent(MARK + _named(answer, "dm_event_id"), thread=MARK + outgoing.to.id)

    def _posted(self, outgoing: Outgoing) -> Sent | None:
        parent = outgoing.parent
        places = {parent.id, parent.version} if parent else {""}
        since = outgoing.begun_at - CLOCKS if outgoing.begun_at else None
        for post in self._timeline.ours(since):
            if post.referenced("replied_to") in places and texts.same(outgoing.text, post.whole):
                return self._sent(post.id)
        return None

    def _messaged(self, outgoing: Outgoing) -> Sent | None:
        if outgoing.to is None:
            return None
        since = outgoing.begun_at - CLOCKS if outgoing.begun_at else datetime.min.replace(tzinfo=UTC)
        for message in self._timeline.said_to(outgoing.to.id):
            ours = message.sender_id == self._timeline.me and texts.moment(message.id) >= since
            if ours and texts.same(outgoing.text, texts.plain(message.text, message.entities)):
                return self._sent(MARK + message.id, thread=MARK + outgoing.to.id)
        return None

    def _sent(self, identity: str, *, thread: str = "") -> Sent:
        number = identity.removeprefix(MARK)
        private = identity.startswith(MARK)
        ref = Ref(KIND, self._config.account, identity, None if private else number)
        url = "" if private else f"{SITE}/{self._config.handle.lstrip('@')}/status/{number}"
        return Sent(ref=ref, at=texts.moment(number), url=url, thread=thread)


def _named(answer: Any, name: str) -> str:
    """The number X gave to what it made."""
    try:
        number = str(answer["data"][name])
    except (KeyError, TypeError) as error:
        raise Unknown("X answered with something else than what it made.") from error
    if not number.isdecimal():
        raise Unknown("X answered with something else than a number.")
    return number
