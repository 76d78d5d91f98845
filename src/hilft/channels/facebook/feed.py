"""Reading a page: the comments below its latest posts, what visitors wrote, and posts that name it."""

from __future__ import annotations

from typing import Any, Final

from hilft.channels.contract import Config, Raw
from hilft.channels.facebook import comments
from hilft.channels.graph import told
from hilft.channels.graph.timeline import Found
from hilft.channels.graph.wire import Wire, following, listed

POSTS: Final = 50
"""How many of the latest posts are looked at for new comments."""

PAGE: Final = 25
FILLED: Final = 100
"""Pages of one post's comments that are read to fill a gap; a longer one is told as a gap."""

POST: Final = "id,message,created_time,from,permalink_url"
COMMENT: Final = f"{POST},parent{{id}}"
NEWEST: Final = {"filter": "stream", "order": "reverse_chronological"}


class Feed:
    """The public side of a page."""

    def __init__(self, wire: Wire, config: Config) -> None:
        self._wire = wire
        self._page = str(config.settings["page_id"])
        self._posts = int(config.settings.get("posts", POSTS))

    def feed(self, newest: int) -> Found:
        """New posts of visitors and new comments, since `newest` in seconds."""
        self._wire.usage.spare(self._wire.network.use_case)
        found, seen = Found([], newest), 0
        modifiers = "".join(f".{name}({value})" for name, value in NEWEST.items())
        fields = f"{POST},comments{modifiers}.limit({PAGE}){{{COMMENT}}}"
        for page in self._wire.pages(f"{self._page}/feed", fields=fields, limit=min(PAGE, self._posts)):
            for post in page:
                self._comments(found, post, newest)
                if str((post.get("from") or {}).get("id")) != self._page:
                    self._take(found, post, comments.posted(post, self._page), newest)
            seen += len(page)
            if seen >= self._posts or not newest:
                break
        found.raws.reverse()
        return found

    def tagged(self, newest: int) -> Found:
        """New posts of others elsewhere that name the page."""
        found = Found([], newest)
        for page in self._wire.pages(f"{self._page}/tagged", fields=POST, limit=PAGE):
            taken = [self._take(found, post, comments.posted(post, self._page), newest) for post in page]
            if not newest or not all(taken):
                break
        found.raws.reverse()
        return found

    def named(self, notice: comments.Mentioned) -> list[Raw]:
        """The post or comment that a webhook said names us."""
        post, comment = notice.value.post_id, notice.value.comment_id
        if not comment:
            return [comments.posted(self._wire.read(post, fields=POST), self._page)]
        return [comments.comment(self._wire.read(comment, fields=COMMENT), {"id": post}, self._page)]

    def ours(self, parent: str, since: float) -> Any:
        """Our own comment texts directly below a post or comment, newest first, written since then."""
        for page in self._wire.pages(
            f"{parent}/comments", fields=COMMENT, filter="toplevel", order=NEWEST["order"], limit=PAGE
        ):
            for comment in page:
                if told.moment(comment["created_time"]).timestamp() < since:
                    return
                if str((comment.get("from") or {}).get("id")) == self._page:
                    yield comment

    def _comments(self, found: Found, post: Any, newest: int) -> None:
        """A post's comments back to `newest`, over as many pages as that takes."""
        edge = post.get("comments") or {}
        for _ in range(FILLED):
            taken = [
                self._take(found, comment, comments.comment(comment, post, self._page), newest)
                for comment in listed(edge)
            ]
            after = following(edge)
            if not newest or not after or not all(taken):
                return
            edge = self._wire.read(f"{post['id']}/comments", fields=COMMENT, limit=PAGE, after=after, **NEWEST)
        found.raws.append((told.moment(post["created_time"]), told.gap(str(post["id"]), newest)))

    @staticmethod
    def _take(found: Found, node: Any, raw: Raw, newest: int) -> bool:
        """Keeps what is not older than `newest`; False for what is."""
        at = told.moment(node["created_time"])
        if at.timestamp() < newest:
            return False
        found.raws.append((at, raw))
        found.newest = max(found.newest, int(at.timestamp()))
        return True
