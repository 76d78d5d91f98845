"""Reading an Instagram account: the comments below its latest media with their replies, and single mentions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from hilft.channels.contract import Config, Raw
from hilft.channels.graph import told
from hilft.channels.graph.timeline import Found
from hilft.channels.graph.wire import Wire, following, listed
from hilft.channels.instagram import comments

MEDIA: Final = 25
"""How many of the latest media are looked at for new comments."""

PAGE: Final = 25
MOST: Final = 50
"""Comments of one media object that Instagram gives at once."""

FILLED: Final = 100
"""Pages of one media object's comments that are read to fill a gap; a longer one is told as a gap."""

COMMENT: Final = "id,text,timestamp,username,from,hidden,parent_id"
WITH_REPLIES: Final = f"{COMMENT},replies.limit({MOST}){{{COMMENT}}}"
NAMED_COMMENT: Final = "id,text,timestamp,media{id,username}"
NAMED_MEDIA: Final = "id,caption,timestamp,username,owner"


class Gallery:
    """The public side of an Instagram account."""

    def __init__(self, wire: Wire, config: Config) -> None:
        self._wire = wire
        self._me = str(config.settings["instagram_id"])
        self._handle = config.handle.lstrip("@").lower()
        self._posts = int(config.settings.get("posts", MEDIA))

    def commented(self, newest: int) -> Found:
        """New comments and replies since `newest` in seconds; replies only below the comments that are read anyway."""
        self._wire.usage.spare(self._wire.network.use_case)
        found, seen = Found([], newest), 0
        fields = f"id,timestamp,permalink,comments.limit({MOST}){{{WITH_REPLIES}}}"
        for page in self._wire.pages(f"{self._me}/media", fields=fields, limit=min(PAGE, self._posts)):
            for media in page:
                self._below(found, media, newest)
            seen += len(page)
            if seen >= self._posts or not newest:
                break
        found.raws.reverse()
        return found

    def named(self, notice: comments.Notice) -> list[Raw]:
        """The caption or comment that a webhook said names us; those on our own media come as comments."""
        media, comment = notice.value.media_id, notice.value.comment_id
        if not comment:
            node = self._asked(f"mentioned_media.media_id({media})", NAMED_MEDIA)
            return [comments.mentioned(node, None, self._me)]
        node = self._asked(f"mentioned_comment.comment_id({comment})", NAMED_COMMENT)
        about = {"id": media} | (node.pop("media", None) or {})
        if str(about.get("username", "")).lower() == self._handle:
            return []
        return [comments.mentioned(about, node, self._me)]

    def ours(self, first: str, since: float) -> Iterator[Any]:
        """Our own replies below a comment, written since then."""
        for page in self._wire.pages(f"{first}/replies", fields=COMMENT, limit=MOST):
            for reply in page:
                recent = told.moment(reply["timestamp"]).timestamp() >= since
                if recent and str((reply.get("from") or {}).get("id")) == self._me:
                    yield reply

    def _asked(self, field: str, fields: str) -> dict[str, Any]:
        answer = self._wire.read(self._me, fields=f"{field}{{{fields}}}")
        node: dict[str, Any] = answer[field.partition(".")[0]]
        return node

    def _below(self, found: Found, media: Any, newest: int) -> None:
        """A media object's comments back to `newest`, and the replies to them."""
        edge = media.get("comments") or {}
        for _ in range(FILLED):
            taken = [self._conversation(found, comment, media, newest) for comment in listed(edge)]
            after = following(edge)
            if not newest or not after or not all(taken):
                return
            edge = self._wire.read(f"{media['id']}/comments", fields=WITH_REPLIES, limit=MOST, after=after)
        found.raws.append((told.moment(media["timestamp"]), told.gap(str(media["id"]), newest)))

    def _conversation(self, found: Found, comment: Any, media: Any, newest: int) -> bool:
        """A comment with its replies, newest first like the comments; whether the comment itself is new."""
        for reply in reversed(list(self._replies(comment))):
            self._take(found, reply, media, newest)
        return self._take(found, comment, media, newest)

    def _replies(self, comment: Any) -> Iterator[Any]:
        """All replies to a comment; they come oldest first, so that the new ones are last."""
        edge = comment.get("replies") or {}
        yield from listed(edge)
        if after := following(edge):
            for page in self._wire.pages(f"{comment['id']}/replies", fields=COMMENT, limit=MOST, after=after):
                yield from page

    def _take(self, found: Found, node: Any, media: Any, newest: int) -> bool:
        """Keeps what is not older than `newest`; False for what is."""
        at = told.moment(node["timestamp"])
        if at.timestamp() < newest:
            return False
        found.raws.append((at, comments.comment(node, media, self._me)))
        found.newest = max(found.newest, int(at.timestamp()))
        return True
