"""Posts of the practice network arranged as threads and written as HTML."""

from datetime import UTC, datetime
from html import escape
from typing import Any, NamedTuple

from hilft.practice.page import Words

type Status = dict[str, Any]


class Person(NamedTuple):
    """An account whose posts are highlighted."""

    handle: str


class Thread(NamedTuple):
    """A post and the threads that answer it."""

    post: Status
    answers: list["Thread"]

    @property
    def newest(self) -> str:
        """The time of the newest post in this thread."""
        return max([str(self.post["created_at"]), *(answer.newest for answer in self.answers)])


def threads_of(posts: list[Status]) -> list[Thread]:
    """The posts as threads, the one with the newest post first; answers in order of time."""
    nodes = {post["id"]: Thread(post, []) for post in sorted(posts, key=lambda post: int(post["id"]))}
    roots: list[Thread] = []
    for node in nodes.values():
        parent = nodes.get(node.post["in_reply_to_id"] or "")
        (parent.answers if parent else roots).append(node)
    return sorted(roots, key=lambda thread: thread.newest, reverse=True)


def render_thread(
    thread: Thread, history: dict[str, list[Status]], words: Words, *, brand: Person, focus: str = ""
) -> str:
    """A thread as nested HTML; the server already made each post's content safe."""
    answers = "".join(render_thread(a, history, words, brand=brand, focus=focus) for a in thread.answers)
    below = f'<div class="answers">{answers}</div>' if answers else ""
    return f'<div class="thread">{_post(thread.post, history, words, brand, focus)}{below}</div>'


def _post(post: Status, history: dict[str, list[Status]], words: Words, brand: Person, focus: str) -> str:
    account = post["account"]
    acct = escape(account["acct"])
    ours = account["acct"] == brand.handle
    classes = "post" + (" brand" if ours else "") + (" focus" if post["id"] == focus else "")
    badge = f'<span class="badge">{escape(words["brand"])}</span>' if ours else ""
    return (
        f'<article class="{classes}" id="post-{post["id"]}" lang="{escape(post["language"] or "de")}">'
        f'<header><img src="/avatars/generated/{acct}.svg" alt="" width="36" height="36">'
        f'<a class="name" href="/@{acct}">{escape(account["display_name"])}</a> '
        f'<span class="handle">@{acct}</span>{badge}'
        f'<a class="time" href="/@{acct}/{post["id"]}">{_time(post["created_at"])}</a></header>'
        f'<div class="text">{post["content"]}</div>{_edits(post, history, words)}</article>'
    )


def _edits(post: Status, history: dict[str, list[Status]], words: Words) -> str:
    versions = history.get(post["id"], [])
    if not post["edited_at"]:
        return ""
    earlier = "".join(f"<li><b>{_time(v['created_at'])}</b> {v['content']}</li>" for v in versions[:-1])
    return (
        f'<details class="edited"><summary>{escape(words["edited"])} {_time(post["edited_at"])}</summary>'
        f"<p>{escape(words['earlier'])}</p><ol>{earlier}</ol></details>"
    )


def _time(iso: str) -> str:
    """A time as this machine's clock shows it."""
    moment = datetime.fromisoformat(iso)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    local = moment.astimezone()
    return f'<time datetime="{escape(iso)}">{local:%d.%m. %H:%M:%S}</time>'
