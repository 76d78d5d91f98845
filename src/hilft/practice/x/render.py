"""Posts, people and messages as JSON, with just the fields and expansions that were asked for."""

import hashlib
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any, Final

from hilft.practice.x.clock import Clock, iso
from hilft.practice.x.fields import Wanted
from hilft.practice.x.messages import DirectMessage
from hilft.practice.x.posts import Person, Post, Posts
from hilft.practice.x.rules import Rules
from hilft.practice.x.weight import MENTION, links

JOINED: Final = 1_600_000_000.0
"""When everybody here joined, in seconds since 1970."""

_NO_METRICS: Final = {"retweet_count": 0, "like_count": 0, "bookmark_count": 0, "impression_count": 0}


class Renderer:
    """Turns what the network keeps into what its API says."""

    def __init__(self, posts: Posts, clock: Clock, rules: Rules) -> None:
        self._posts = posts
        self._clock = clock
        self._rules = rules

    def tweet(self, post: Post, wanted: Wanted) -> dict[str, Any]:
        """A post: id, text and edit_history_tweet_ids, and the fields asked for."""
        text, urls = delivered(post.text)
        versions = self._posts.versions(post)
        found: dict[str, Any] = {
            "id": str(post.id),
            "text": text,
            "edit_history_tweet_ids": [str(version.id) for version in versions],
        }
        more: dict[str, Any] = {
            "author_id": post.author,
            "conversation_id": str(post.conversation),
            "created_at": iso(post.created_at),
            "display_text_range": [len(delivered(post.text[: post.shown_from])[0]), len(text)],
            "edit_controls": self._edit_controls(post, versions),
            "entities": self._entities(text, urls),
            "in_reply_to_user_id": self._answered(post),
            "lang": "de",
            "possibly_sensitive": False,
            "public_metrics": _NO_METRICS
            | {"reply_count": self._posts.replies(post), "quote_count": self._posts.quotes(post)},
            "referenced_tweets": self._references(post),
            "reply_settings": "everyone",
        }
        return found | {name: value for name, value in more.items() if name in wanted.tweet and value}

    def user(self, person: Person, wanted: Wanted) -> dict[str, Any]:
        """An account: id, name and username, and the fields asked for."""
        more = {
            "created_at": iso(JOINED),
            "description": "",
            "protected": False,
            "verified": False,
            "verified_type": "none",
            "receives_your_dm": person.accepts_dm,
            "url": "",
            "public_metrics": {"followers_count": 0, "following_count": 0, "tweet_count": 0, "listed_count": 0},
        }
        found: dict[str, Any] = {"id": person.id, "name": person.name, "username": person.handle}
        return found | {name: value for name, value in more.items() if name in wanted.user}

    def message(self, message: DirectMessage, wanted: Wanted) -> dict[str, Any]:
        """A direct message: id, event_type and text, and the fields asked for."""
        more = {
            "created_at": iso(message.created_at),
            "dm_conversation_id": message.conversation,
            "sender_id": message.sender,
            "participant_ids": message.conversation.split("-"),
        }
        found: dict[str, Any] = {"id": str(message.id), "event_type": "MessageCreate", "text": message.text}
        return found | {name: value for name, value in more.items() if name in wanted.dm_event}

    def includes(self, posts: Sequence[Post], wanted: Wanted) -> dict[str, Any]:
        """What the expansions of some posts bring along: users and tweets, each once."""
        referenced = [found for post in posts for found in self._referenced(post)]
        people: list[str] = []
        tweets: list[Post] = []
        for post in posts:
            people += [post.author] if "author_id" in wanted.expansions else []
            people += self._posts.mentions(post) if "entities.mentions.username" in wanted.expansions else []
            people += [self._answered(post)] if "in_reply_to_user_id" in wanted.expansions else []
            tweets += self._posts.versions(post) if "edit_history_tweet_ids" in wanted.expansions else []
        if "referenced_tweets.id.author_id" in wanted.expansions:
            people += [post.author for post in referenced]
            tweets += referenced
        tweets += referenced if "referenced_tweets.id" in wanted.expansions else []
        return self._included(people, tweets, wanted)

    def people(self, ids: Iterable[str], wanted: Wanted) -> list[dict[str, Any]]:
        """Accounts by id, each once."""
        found = (self._posts.person(user_id=user_id) for user_id in dict.fromkeys(ids))
        return [self.user(person, wanted) for person in found if person]

    def _included(self, people: list[str], tweets: list[Post], wanted: Wanted) -> dict[str, Any]:
        users = self.people(people, wanted)
        unique = {post.id: post for post in tweets}.values()
        found = {"users": users, "tweets": [self.tweet(post, wanted) for post in unique]}
        return {name: values for name, values in found.items() if values}

    def _referenced(self, post: Post) -> list[Post]:
        origins = [origin for origin in (post.reply_to, post.quote) if origin]
        return [found for origin in origins if (found := self._posts.get(origin))]

    def _references(self, post: Post) -> list[dict[str, str]]:
        pairs = [("replied_to", post.reply_to), ("quoted", post.quote)]
        return [{"type": kind, "id": str(origin)} for kind, origin in pairs if origin]

    def _answered(self, post: Post) -> str:
        above = self._posts.get(post.reply_to, deleted=True) if post.reply_to else None
        return above.author if above else ""

    def _edit_controls(self, post: Post, versions: Sequence[Post]) -> dict[str, Any]:
        answered = self._answered(post)
        return {
            "edits_remaining": self._rules.number("edit", "edits") - len(versions) + 1,
            "is_edit_eligible": answered in ("", post.author),
            "editable_until": iso(versions[0].created_at + 60 * self._rules.number("edit", "minutes")),
        }

    def _entities(self, text: str, urls: list[dict[str, Any]]) -> dict[str, Any]:
        mentions = []
        for found in MENTION.finditer(text):
            person = self._posts.person(handle=found.group(1))
            if person:
                where = {"start": found.start(), "end": found.end()}
                mentions.append(where | {"username": person.handle, "id": person.id})
        return {name: values for name, values in (("mentions", mentions), ("urls", urls)) if values}


def delivered(text: str) -> tuple[str, list[dict[str, Any]]]:
    """A text as the API gives it: links wrapped by t.co, the signs & < > escaped; and the links as entities.

    Positions count code points of the delivered text.
    """
    parts, urls, at = "", [], 0
    for link in links(text):
        parts += escape(text[at : link.start], quote=False)
        short = f"https://t.co/{hashlib.sha256(link.expanded.encode()).hexdigest()[:10]}"
        shown = link.expanded.split("://", 1)[1]
        where = {"start": len(parts), "end": len(parts) + len(short)}
        urls.append(where | {"url": short, "expanded_url": link.expanded, "display_url": shown})
        parts, at = parts + short, link.end
    return parts + escape(text[at:], quote=False), urls
