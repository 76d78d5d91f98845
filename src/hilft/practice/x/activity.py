"""What happens on the network, told to those who subscribed: activity events and the filtered stream."""

import hashlib
from collections.abc import Mapping
from typing import Any, NamedTuple

from hilft.practice.faults import Faults
from hilft.practice.x.bill import Bill
from hilft.practice.x.deliveries import Deliveries
from hilft.practice.x.fields import EVERYTHING
from hilft.practice.x.messages import DirectMessage
from hilft.practice.x.posts import Post, Posts
from hilft.practice.x.query import facts, parse
from hilft.practice.x.render import Renderer
from hilft.practice.x.store import Store
from hilft.practice.x.streams import Stream

STREAM, FILTERED = "GET /2/activity/stream", "GET /2/tweets/search/stream"


class Matched(NamedTuple):
    """A post and the stream rules it matches."""

    post: Post
    rules: list[dict[str, str]]


class Streams(NamedTuple):
    """The two streams: activity events and posts that match a rule."""

    activity: Stream[Mapping[str, Any]]
    filtered: Stream[Matched]


class Activity:
    """Turns posts, deletions and messages into events; a subscription with a webhook gets them there only."""

    def __init__(
        self,
        store: Store,
        posts: Posts,
        renderer: Renderer,
        faults: Faults,
        bill: Bill,
        deliveries: Deliveries,
        streams: Streams,
    ) -> None:
        self._store = store
        self._posts = posts
        self._renderer = renderer
        self._faults = faults
        self._bill = bill
        self._deliveries = deliveries
        self._streams = streams

    def published(self, post: Post) -> None:
        """A new post or a new version of one: told to its author, whom it mentions, answers and quotes."""
        payload = self._renderer.tweet(post, EVERYTHING)
        includes = self._renderer.includes([post], EVERYTHING)
        includes["tweets"] = [payload]
        told = [("post.create", post.author)]
        told += [("post.mention.create", user_id) for user_id in self._posts.mentions(post)]
        told += [("post.reply.create", user_id) for user_id in self._authors(post.reply_to)]
        told += [("post.quote.create", user_id) for user_id in self._authors(post.quote)]
        for event_type, user_id in told:
            if event_type == "post.create" or user_id != post.author:
                self._tell(event_type, user_id, str(post.id), payload, includes)
        self._filter(post)

    def deleted(self, post: Post) -> None:
        """A post is gone, with all its versions."""
        users = self._renderer.people([post.author], EVERYTHING)
        includes = {"users": [{"data": user} for user in users]}
        for version in self._posts.versions(post):
            payload = {"id": str(version.id), "author_id": post.author}
            self._tell("post.delete", post.author, _uuid("delete", version.id), payload, includes)

    def messaged(self, message: DirectMessage) -> None:
        """A direct message was sent and received."""
        users = self._renderer.people([message.sender, message.recipient], EVERYTHING)
        entities: dict[str, list[Any]] = {name: [] for name in ("hashtags", "symbols", "user_mentions", "urls")}
        content = {
            "target": {"recipient_id": message.recipient},
            "sender_id": message.sender,
            "message_data": {"text": message.text, "entities": entities},
        }
        event = {
            "type": "message_create",
            "id": str(message.id),
            "created_timestamp": str(int(message.created_at * 1000)),
            "message_create": content,
        }
        payload = {"direct_message_events": [event], "users": {user["id"]: {"data": user} for user in users}}
        for event_type, user_id in (("dm.sent", message.sender), ("dm.received", message.recipient)):
            self._tell(event_type, user_id, _uuid(event_type, message.id), payload, {})

    def matching(self, post: Post) -> list[dict[str, str]]:
        """The stream rules that a post matches: id and tag of each."""
        seen = facts(post, self._posts)
        rules = [rule for rule in self._store.rows("select * from rule order by id") if parse(rule["value"])(seen)]
        return [{"id": str(rule["id"])} | ({"tag": rule["tag"]} if rule["tag"] else {}) for rule in rules]

    def _filter(self, post: Post) -> None:
        if not self._streams.filtered.connections:
            return
        rules = self.matching(post)
        if rules and not self._faults.hit("stream_gap", FILTERED):
            self._bill.read("post_read", [post.id])
            self._streams.filtered.send(Matched(post, rules))

    def _authors(self, origin: int | None) -> list[str]:
        post = self._posts.get(origin, deleted=True) if origin else None
        return [post.author] if post else []

    def _tell(
        self, event_type: str, user_id: str, uuid: str, payload: Mapping[str, Any], includes: Mapping[str, Any]
    ) -> None:
        sql = "select * from subscription where event_type = ? and user_id = ? order by id"
        for subscription in self._store.rows(sql, event_type, user_id):
            data = {"event_uuid": uuid, "filter": {"user_id": user_id}, "event_type": event_type}
            data |= {"tag": subscription["tag"]} if subscription["tag"] else {}
            data |= {"payload": payload} | ({"includes": includes} if includes else {})
            if subscription["webhook"] is not None:
                self._deliveries.send(subscription["webhook"], {"data": data})
            elif self._streams.activity.connections and not self._faults.hit("stream_gap", STREAM):
                self._bill.wrote(f"event.{event_type}")
                self._streams.activity.send({"data": data})


def _uuid(what: str, number: int) -> str:
    """A signed 64-bit number, as X gives to events that are not posts."""
    digest = hashlib.sha256(f"{what}-{number}".encode()).digest()
    return str(int.from_bytes(digest[:8], signed=True))
