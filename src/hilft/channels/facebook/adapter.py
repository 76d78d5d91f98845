"""Keeps the channel contract for a Facebook page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Final

from hilft.channels.contract import (
    Action,
    Allowed,
    Can,
    Config,
    Correct,
    Limits,
    Outgoing,
    Person,
    Raw,
    Ref,
    Refused,
    Sent,
    Standing,
    Unknown,
)
from hilft.channels.facebook import comments
from hilft.channels.facebook.feed import Feed
from hilft.channels.graph import told
from hilft.channels.graph.adapter import GraphAdapter
from hilft.channels.graph.errors import Gone
from hilft.channels.graph.messages import SLACK, Recipient, normal
from hilft.channels.graph.network import FACEBOOK, Network
from hilft.channels.graph.timeline import Read

PUBLIC: Final = re.compile(r"\d+(_\d+)*")
"""Ids of posts and comments are numbers; those of messages are not."""

RETURNED: Final = "id,created_time,permalink_url"


class Adapter(GraphAdapter):
    """One page; `settings: page_id, app_id, human_agent, posts, poll_seconds`, `secrets: page_token, app_secret,
    verify_token`."""

    kind: ClassVar[str] = FACEBOOK.kind
    correction: ClassVar[Correct] = Correct.EDIT
    network: ClassVar[Network] = FACEBOOK
    stored: ClassVar[Any] = comments.Stored

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._comment = Limits(int(config.facts["text.comment"]), "codepoint")
        self._message = Limits(int(config.facts["text.message"]), "codepoint")

    def can(self) -> Can:
        return Can.POLL | Can.REPLY | Can.PRIVATE | Can.EDIT | Can.DELETE | Can.HIDE | Can.WEBHOOK

    def limits(self, *, public: bool) -> Limits:
        return self._comment if public else self._message

    def prefix(self, to: Person | None, *, public: bool) -> str:
        """Nothing: Facebook tells the author of a comment about replies to it."""
        return ""

    def edit(self, ref: Ref, outgoing: Outgoing) -> Sent:
        self._public(ref, "A private message that was sent cannot be changed.")
        self._check(outgoing)
        self._wire.write("POST", ref.id, {"message": outgoing.text})
        return Sent(ref=self._place.ref(ref.id, outgoing.text), at=datetime.now(UTC))

    def hide(self, ref: Ref, *, hidden: bool) -> None:
        """Hides a comment from all but its author and their friends, or shows it again."""
        self._public(ref, "A private message cannot be hidden.")
        self._wire.write("POST", ref.id, {"is_hidden": hidden})

    def _edges(self) -> Mapping[str, Read]:
        self._feed = Feed(self._wire, self._config)
        return {"feed": self._feed.feed, "tagged": self._feed.tagged}

    def _changed(self, field: str, value: Any, time: int) -> Raw | None:
        if field == "feed":
            return comments.hooked(value, self._owner, time)
        return comments.mentioned(value, self._owner) if field == "mention" else None

    def _filled(self, notice: Any) -> list[Raw]:
        return self._feed.named(notice) if isinstance(notice, comments.Mentioned) else []

    def _is_public(self, ref: Ref) -> bool:
        return PUBLIC.fullmatch(ref.id) is not None

    def _reply(self, outgoing: Outgoing) -> Sent:
        """A comment below what it answers; one on a reply is filed by Facebook under the first comment."""
        if outgoing.parent is None:
            raise Refused("A public reply needs a public post that it answers.")
        body = {"message": outgoing.text, "fields": RETURNED}
        return self._sent(self._wire.write("POST", f"{outgoing.parent.id}/comments", body), outgoing.text)

    def _replied(self, outgoing: Outgoing) -> Sent | None:
        try:
            place = self._filed(outgoing)
        except Gone:
            return None
        since = (outgoing.begun_at - SLACK).timestamp() if outgoing.begun_at else 0.0
        try:
            for comment in self._feed.ours(place, since):
                if normal(str(comment.get("message", ""))) == normal(outgoing.text):
                    return self._sent(comment, outgoing.text)
        except Gone:
            return None
        return None

    def _filed(self, outgoing: Outgoing) -> str:
        """Under which post or first comment a reply ends up."""
        parent = outgoing.parent
        if parent is None:
            raise Unknown("A reply without a question cannot be looked for.")
        if self._about(outgoing) == "post_id":
            return parent.id
        above = self._wire.read(parent.id, fields="parent{id}").get("parent") or {}
        return str(above.get("id") or parent.id)

    def _about(self, outgoing: Outgoing) -> Recipient | None:
        parent, root = outgoing.parent, outgoing.root
        if parent is None or not self._is_public(parent):
            return None
        return "post_id" if root is not None and root.id == parent.id else "comment_id"

    def _unanswered(self, ref: Ref) -> bool:
        return bool(self._wire.read(ref.id, fields="can_reply_privately").get("can_reply_privately", True))

    def _allowed_in_public(self, action: Action, target: Ref, standing: Standing) -> Allowed:
        return self._windows.comment(standing) if action == "private" else Allowed(ok=True)

    def _sent(self, node: Any, text: str) -> Sent:
        identity = str(node.get("id") or "")
        if not identity:
            raise Unknown("Facebook did not say which comment it made.")
        at = told.moment(node["created_time"]) if node.get("created_time") else datetime.now(UTC)
        return Sent(ref=self._place.ref(identity, text), at=at, url=str(node.get("permalink_url") or ""))
