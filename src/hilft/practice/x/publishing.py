"""What X lets an API client write: length, duplicates, the right to reply and quote, edits, direct messages."""

from collections.abc import Sequence
from typing import NamedTuple

from hilft.practice.x.clock import Clock
from hilft.practice.x.posts import Person, Post, Posts
from hilft.practice.x.problems import Problem, forbidden, invalid
from hilft.practice.x.rules import Rules
from hilft.practice.x.weight import weigh

TOO_LONG = (
    "Your Tweet text is too long. For more information on how Twitter determines text length see "
    "https://github.com/twitter/twitter-text."
)
NOT_SUMMONED = (
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author "
    "of the post you are replying to."
)
NOT_IN_THREAD = (
    "Quoting this post is not allowed because you have not been mentioned or are not part of the conversation thread "
    "of the post you are quoting."
)


class Draft(NamedTuple):
    """A post to be written; `left_out` are ids whose handles a reply does not begin with."""

    text: str
    reply_to: int | None = None
    quote: int | None = None
    left_out: Sequence[str] = ()


class Publishing:
    """Writes posts as their authors; `self_serve` keys reply only to those who engaged the account."""

    def __init__(self, posts: Posts, clock: Clock, rules: Rules, *, self_serve: bool) -> None:
        self._posts = posts
        self._clock = clock
        self._rules = rules
        self._self_serve = self_serve

    def by_api(self, author: Person, draft: Draft) -> Post:
        """Publish through an API client; raises Problem with X's words for what it refuses."""
        self._check_length(draft.text)
        above = self._reply_target(draft.reply_to)
        quoted = self._reply_target(draft.quote)
        if self._self_serve and above and not self.engaged(above, author):
            raise forbidden(NOT_SUMMONED)
        if self._self_serve and quoted and not self.engaged(quoted, author):
            raise forbidden(NOT_IN_THREAD)
        self._check_duplicate(author, draft, above)
        return self._posts.create(author, draft.text, reply_to=above, quote=quoted, left_out=draft.left_out)

    def by_person(self, author: Person, draft: Draft) -> Post:
        """Publish as somebody at x.com would: length and targets are checked, engagement is not."""
        self._check_length(draft.text)
        above, quoted = self._reply_target(draft.reply_to), self._reply_target(draft.quote)
        return self._posts.create(author, draft.text, reply_to=above, quote=quoted)

    def edit(self, author: Person, previous: int, text: str) -> Post:
        """A new version of an own post; refused for replies to others, after the window, and after the fifth edit."""
        post = self._posts.get(previous)
        if post is None or post.author != author.id:
            raise forbidden("You are not permitted to edit this post.")
        self._check_length(text)
        above = self._posts.get(post.reply_to, deleted=True) if post.reply_to else None
        versions = self._posts.versions(post)
        if above and above.author != author.id:
            raise forbidden("You are not permitted to edit this post. Replies to others cannot be edited.")
        if not post.latest:
            raise forbidden("You are not permitted to edit this post. It is not the latest version.")
        if self._clock.now() > versions[0].created_at + 60 * self._rules.number("edit", "minutes"):
            raise forbidden("You are not permitted to edit this post. The edit window has closed.")
        if len(versions) > self._rules.number("edit", "edits"):
            raise forbidden("You are not permitted to edit this post. No edits remain.")
        return self._posts.edit(post, author, text)

    def engaged(self, post: Post, by: Person) -> bool:
        """Whether a post mentions an account, quotes it, or is its own."""
        if post.author == by.id or by.id in self._posts.mentions(post):
            return True
        quoted = self._posts.get(post.quote, deleted=True) if post.quote else None
        return quoted is not None and quoted.author == by.id

    def _check_length(self, text: str) -> None:
        if not text.strip():
            raise invalid("Requested Tweet text is empty.", text=text)
        if weigh(text, link=self._rules.number("post", "url_length")) > self._rules.number("post", "weighted_length"):
            raise Problem(400, "Invalid Request", TOO_LONG, kind="invalid-request", errors=[{"message": TOO_LONG}])

    def _check_duplicate(self, author: Person, draft: Draft, above: Post | None) -> None:
        since = self._clock.now() - 3600 * self._rules.number("post", "duplicate_hours")
        opening = self._posts.opening_text(author, draft.text, above, draft.left_out)
        if self._posts.same_text(author, opening + draft.text, since):
            raise forbidden("You are not allowed to create a Tweet with duplicate content.")

    def _reply_target(self, post_id: int | None) -> Post | None:
        if post_id is None:
            return None
        post = self._posts.get(post_id)
        if post is None:
            raise forbidden("You attempted to reply to a Tweet that is deleted or not visible to you.")
        return post
