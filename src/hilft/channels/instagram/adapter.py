"""Keeps the channel contract for a professional Instagram account."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

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
from hilft.channels.graph import told
from hilft.channels.graph.adapter import GraphAdapter
from hilft.channels.graph.errors import Gone
from hilft.channels.graph.messages import SLACK, Recipient, normal
from hilft.channels.graph.network import INSTAGRAM, Network
from hilft.channels.graph.timeline import Read
from hilft.channels.instagram import comments
from hilft.channels.instagram.media import Gallery

PUBLIC: Final = re.compile(rf"\d+|{comments.MENTION}[\d:]+")
"""Ids of comments are numbers, those of mentions say so; those of messages are neither."""

RETURNED: Final = "id,timestamp"
NO_EDIT: Final = gettext_noop("Instagram does not let a comment be changed. Write a correction below it.")
ELSEWHERE: Final = gettext_noop(
    "This stands on somebody else's media, where only its owner and Instagram's own app reach it."
)


class Adapter(GraphAdapter):
    """One account; `settings: instagram_id, page_id, app_id, human_agent, posts, poll_seconds`, `secrets: page_token,
    app_secret, verify_token`."""

    kind: ClassVar[str] = INSTAGRAM.kind
    correction: ClassVar[Correct] = Correct.VISIBLE_REPLY
    network: ClassVar[Network] = INSTAGRAM
    stored: ClassVar[Any] = comments.Stored

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._comment = Limits(int(config.facts["text.comment"]), "codepoint")
        self._message = Limits(int(config.facts["text.message"]), "byte")

    def can(self) -> Can:
        return Can.POLL | Can.REPLY | Can.PRIVATE | Can.DELETE | Can.HIDE | Can.WEBHOOK

    def limits(self, *, public: bool) -> Limits:
        return self._comment if public else self._message

    def prefix(self, to: Person | None, *, public: bool) -> str:
        """The handle: below a comment all replies stand in one row, and only a mention says whom one answers."""
        return f"@{to.handle} " if public and to is not None and to.handle else ""

    def edit(self, ref: Ref, outgoing: Outgoing) -> Sent:
        raise Refused(_(NO_EDIT))

    def delete(self, ref: Ref) -> None:
        self._reachable(ref)
        super().delete(ref)

    def hide(self, ref: Ref, *, hidden: bool) -> None:
        """Hides a comment from all but its author, or shows it again."""
        self._public(ref, "A private message cannot be hidden.")
        self._reachable(ref)
        self._wire.write("POST", ref.id, {"hide": hidden})

    def _edges(self) -> Mapping[str, Read]:
        self._gallery = Gallery(self._wire, self._config)
        return {"comments": self._gallery.commented}

    def _changed(self, field: str, value: Any, time: int) -> Raw | None:
        if field in {"comments", "live_comments"}:
            return comments.hooked(value, self._owner, time)
        return comments.noticed(value, self._owner) if field == "mentions" else None

    def _filled(self, notice: Any) -> list[Raw]:
        return self._gallery.named(notice) if isinstance(notice, comments.Notice) else []

    def _is_public(self, ref: Ref) -> bool:
        return PUBLIC.fullmatch(ref.id) is not None

    def _text(self, outgoing: Outgoing) -> str:
        return self.prefix(outgoing.to, public=outgoing.public) + outgoing.text

    def _reply(self, outgoing: Outgoing) -> Sent:
        """A reply to the first comment of the conversation; to a mention, a comment on the media that holds it."""
        text = self._text(outgoing)
        if media := self._named(outgoing):
            _, _, comment = media.partition(":")
            body = {"media_id": media.partition(":")[0], "message": text} | ({"comment_id": comment} if comment else {})
            answer = self._wire.write("POST", f"{self._owner}/mentions", body)
            return self._sent(answer, text, within=body["media_id"])
        body = {"message": text, "fields": RETURNED}
        return self._sent(self._wire.write("POST", f"{self._first(outgoing)}/replies", body), text)

    def _replied(self, outgoing: Outgoing) -> Sent | None:
        if self._named(outgoing):
            raise Unknown("Instagram does not show us the answers to a mention. Look in the app before sending again.")
        since = (outgoing.begun_at - SLACK).timestamp() if outgoing.begun_at else 0.0
        text = self._text(outgoing)
        try:
            for reply in self._gallery.ours(self._first(outgoing), since):
                if normal(str(reply.get("text", ""))) == normal(text):
                    return self._sent(reply, text)
        except Gone:
            return None
        return None

    def _first(self, outgoing: Outgoing) -> str:
        """The comment that a conversation began with: the only kind that has replies."""
        if outgoing.root is not None:
            return outgoing.root.id
        if outgoing.parent is None:
            raise Refused("A public reply needs a comment that it answers.")
        return str(self._wire.read(outgoing.parent.id, fields="parent_id").get("parent_id") or outgoing.parent.id)

    @staticmethod
    def _named(outgoing: Outgoing) -> str:
        """Media and comment of a mention; empty when it is a comment on our own media."""
        parent = outgoing.parent.id if outgoing.parent else ""
        return parent.removeprefix(comments.MENTION) if parent.startswith(comments.MENTION) else ""

    def _about(self, outgoing: Outgoing) -> Recipient | None:
        if outgoing.parent is None or not self._is_public(outgoing.parent):
            return None
        if self._named(outgoing):
            raise Refused("Instagram allows no private reply to a mention. Answer it in public.")
        return "comment_id"

    def _unanswered(self, ref: Ref) -> bool:
        """Instagram does not tell beforehand; it refuses the second one."""
        return True

    def _refreshed(self, ref: Ref) -> list[Raw]:
        return [] if ref.id.startswith(comments.MENTION) else super()._refreshed(ref)

    def _reachable(self, ref: Ref) -> None:
        if ref.id.startswith(comments.MENTION):
            raise Refused(_(ELSEWHERE))

    def _allowed_in_public(self, action: Action, target: Ref, standing: Standing) -> Allowed:
        if action == "edit":
            return Allowed(ok=False, reason=_(NO_EDIT), instead=("reply", "delete"))
        if action == "reply" or not target.id.startswith(comments.MENTION):
            return self._windows.comment(standing) if action == "private" else Allowed(ok=True)
        if action == "private":
            reason = _("Instagram allows no private reply to a mention. Answer it in public.")
            return Allowed(ok=False, reason=reason, instead=("reply",))
        return Allowed(ok=False, reason=_(ELSEWHERE))

    def _sent(self, node: Any, text: str, within: str = "") -> Sent:
        identity = str(node.get("id") or "")
        if not identity:
            raise Unknown("Instagram did not say which comment it made.")
        at = told.moment(node["timestamp"]) if node.get("timestamp") else datetime.now(UTC)
        return Sent(ref=self._place.ref(comments.mention(within, identity) if within else identity, text), at=at)
