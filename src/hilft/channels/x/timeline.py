"""What happened around our account on X: mentions, own replies, direct messages and listening terms, page by page."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from hilft.channels.contract import AuthLost, ChannelError, Config, OverBudget, Raw, Ref, Refused, Unknown
from hilft.channels.x import events, messages, posts
from hilft.channels.x.meter import Meter
from hilft.channels.x.texts import number_at, wanted
from hilft.channels.x.wire import Limited, Wire

PAGES: Final = 10
"""Pages read in one go; a longer gap goes on with the next look."""

MENTIONS: Final = "GET /2/users/:id/mentions"
OWN: Final = "GET /2/users/:id/tweets"
SEARCH: Final = "GET /2/tweets/search/recent"
DMS: Final = "GET /2/dm_events"
DMS_WITH: Final = "GET /2/dm_conversations/with/:id/dm_events"
POSTS: Final = "GET /2/tweets"
MARGIN: Final = timedelta(minutes=5)
"""How much younger than the oldest post a search reaches we ask for."""

VANISHED: Final = ("resource-not-found", "not-authorized-for-resource")
"""Ends of the problem types of a post that nobody may see any more: deleted, withheld, or its author protected."""


class Place(msgspec.Struct, omit_defaults=True):
    """How far a list has been read: everything up to `since`, and of a gap being filled everything beyond `until`.

    `until` is a number, for direct messages a page's token; `newest` is where `since` goes when the gap is filled.
    An empty `since` has never been read, "0" had nothing in it.
    """

    since: str = ""
    until: str = ""
    newest: str = ""


class Cursor(msgspec.Struct, omit_defaults=True):
    """The places of all lists; stored as JSON."""

    mention: Place = msgspec.field(default_factory=Place)
    own: Place = msgspec.field(default_factory=Place)
    dm: Place = msgspec.field(default_factory=Place)
    term: Place = msgspec.field(default_factory=Place)


class Timeline:
    """Reads the lists of one account, as far as the daily budget reaches."""

    def __init__(self, wire: Wire, meter: Meter, config: Config) -> None:
        self._wire = wire
        self._meter = meter
        self._facts = config.facts
        self._page = int(config.facts["limit.page"])
        self._messages = bool(config.settings.get("messages", True))
        self._query = _query(wanted(config.settings.get("terms")), int(config.facts["limit.query"]))
        self._me = str(config.settings.get("user_id") or "")
        self._lock = threading.Lock()

    @property
    def me(self) -> str:
        """The number of our account, from the settings or asked once."""
        with self._lock:
            if not self._me:
                self._me = str(self._wire.read("GET /2/users/me", "/2/users/me")["data"]["id"])
                self._meter.read("price.read_user", [self._me])
            return self._me

    def since(self, cursor: str) -> tuple[list[Raw], str]:
        """Everything after the cursor, oldest first; an empty cursor begins with the newest page of each list.

        A list that X limits is read another time, as long as another one can be read. Raises OverBudget when the day's
        money for reading is gone, and Refused when X does not let us read a list at all; what was read is handed over
        first.
        """
        places = _cursor(cursor)
        raws: dict[str, Raw] = {}
        refusals: list[ChannelError] = []
        read = 0
        for look in self._lists(places):
            try:
                raws |= {raw.key: raw for raw in look()}
                read += 1
            except (Limited, OverBudget, Refused) as refusal:
                refusals.append(refusal)
        lasting = [refusal for refusal in refusals if not isinstance(refusal, Limited)]
        if refusals and not raws and (lasting or not read):
            raise (lasting or refusals)[0]
        ordered = sorted(raws.values(), key=lambda raw: int(raw.key.partition(":")[2]) if _numbered(raw) else 0)
        return ordered, msgspec.json.encode(places).decode()

    def refreshed(self, refs: Sequence[Ref]) -> list[Raw]:
        """Edits and deletions of known posts; direct messages do not change."""
        known = {ref.version or ref.id: ref for ref in refs if not ref.id.startswith(messages.MARK)}
        raws: list[Raw] = []
        newer: list[str] = []
        for body in self._looked_up(list(known)):
            for problem in body.get("errors", ()):
                ref = known.get(str(problem.get("resource_id") or problem.get("value")))
                if ref and str(problem.get("type", "")).rsplit("/", 1)[-1] in VANISHED:
                    raws.append(posts.removed(ref.id))
            for post in body.get("data", ()):
                history = post.get("edit_history_tweet_ids") or [post["id"]]
                newer += [str(history[-1])] if str(history[-1]) != str(post["id"]) else []
        for body in self._looked_up(newer):
            raws += [self._kept(post, body.get("includes")) for post in body.get("data", ())]
        return raws

    def ours(self, since: datetime | None) -> Iterator[posts.Post]:
        """Our own posts, newest first, back to `since`; raises Unknown when that is too far."""
        query = {"since_id": str(number_at(since))} if since else {}
        for _ in range(PAGES):
            path = f"/2/users/{self.me}/tweets"
            body = self._wire.read(OWN, path, {"max_results": str(self._page)} | query | posts.FIELDS)
            page = msgspec.convert(body.get("data", []), list[posts.Post])
            self._meter.read("price.read_own_post", [post.id for post in page])
            yield from page
            if not since or "next_token" not in body.get("meta", {}):
                return
            query["until_id"] = page[-1].id
        raise Unknown("There are too many newer posts to find this one.")

    def said_to(self, person: str) -> list[messages.Message]:
        """The newest direct messages we exchanged with somebody, newest first."""
        path, size = f"/2/dm_conversations/with/{person}/dm_events", str(int(self._facts["poll.dm_page"]))
        body = self._wire.read(DMS_WITH, path, {"max_results": size} | messages.FIELDS)
        page = msgspec.convert(body.get("data", []), list[messages.Message])
        self._meter.read("price.read_dm", [message.id for message in page])
        return page

    def _lists(self, places: Cursor) -> Iterator[Callable[[], list[Raw]]]:
        least = int(self._facts["limit.smallest_page"])
        me = self.me
        yield lambda: self._since(
            places.mention, MENTIONS, f"/2/users/{me}/mentions", "price.read_own_mention", least=least
        )
        if self._messages:
            yield lambda: self._dms(places.dm)
        yield lambda: self._since(places.own, OWN, f"/2/users/{me}/tweets", "price.read_own_post", least=least)
        if self._query:
            least = int(self._facts["limit.smallest_search"])
            yield lambda: self._found(places.term, least)

    def _found(self, place: Place, least: int) -> list[Raw]:
        """What the listening terms find; search knows nothing older than some days and refuses to be asked."""
        oldest = number_at(datetime.now(UTC) - timedelta(seconds=float(self._facts["window.search"])) + MARGIN)
        if place.since and int(place.since) < oldest:
            place.since = str(oldest)
        path = "/2/tweets/search/recent"
        return self._since(place, SEARCH, path, "price.read_post", least=least, query={"query": self._query})

    def _since(
        self, place: Place, route: str, path: str, price: str, *, least: int, query: Mapping[str, str] | None = None
    ) -> list[Raw]:
        """The posts of a list after a place, which moves; a gap longer than the pages goes on from there."""
        raws: list[Raw] = []
        for _ in range(PAGES):
            try:
                size = self._meter.affordable(price, least, self._page)
                bounds = {"since_id": place.since if place.since != "0" else "", "until_id": place.until}
                asked = {name: value for name, value in bounds.items() if value} | {"max_results": str(size)}
                body = self._wire.read(route, path, asked | dict(query or {}) | posts.FIELDS)
            except (Limited, OverBudget):
                if not raws:
                    raise
                return raws
            page = body.get("data", [])
            self._meter.read(price, [str(post["id"]) for post in page])
            raws += [self._kept(post, body.get("includes")) for post in page if _counts(post, self.me)]
            first = not place.since
            _move(place, [str(post["id"]) for post in page])
            if first or "next_token" not in body.get("meta", {}):
                _arrive(place)
                break
            place.until = str(page[-1]["id"])
        return raws

    def _dms(self, place: Place) -> list[Raw]:
        """The direct messages after a place; X gives them newest first and only by pages, whose tokens may expire."""
        raws: list[Raw] = []
        most = int(self._facts["poll.dm_page"])
        for _ in range(PAGES):
            try:
                size = self._meter.affordable("price.read_dm", 1, most)
                token = {"pagination_token": place.until} if place.until else {}
                body = self._wire.read(DMS, "/2/dm_events", {"max_results": str(size)} | token | messages.FIELDS)
            except (Limited, OverBudget):
                if not raws:
                    raise
                return raws
            except Refused:
                if not place.until:
                    raise
                place.until = ""
                continue
            page = body.get("data", [])
            self._meter.read("price.read_dm", [str(message["id"]) for message in page])
            fresh = [message for message in page if int(message["id"]) > int(place.since or 0)]
            raws += [self._message(message, body.get("includes")) for message in fresh]
            first = not place.since
            _move(place, [str(message["id"]) for message in fresh])
            following = str(body.get("meta", {}).get("next_token", ""))
            if first or not following or len(fresh) < len(page):
                _arrive(place)
                break
            place.until, most = following, self._page
        return raws

    def _looked_up(self, ids: list[str]) -> Iterator[Any]:
        while ids:
            size = self._meter.affordable("price.read_post", 1, self._page)
            body = self._wire.read(POSTS, "/2/tweets", {"ids": ",".join(ids[:size])} | posts.FIELDS)
            found = body.get("data", [])
            self._meter.read("price.read_own_post", [one["id"] for one in found if one.get("author_id") == self.me])
            self._meter.read("price.read_post", [one["id"] for one in found if one.get("author_id") != self.me])
            yield body
            ids = ids[size:]

    def _kept(self, post: Any, includes: Any) -> Raw:
        try:
            return posts.keep(post, includes, me=self.me)
        except msgspec.ValidationError:
            return events.unread(msgspec.json.encode(post))

    def _message(self, message: Any, includes: Any) -> Raw:
        try:
            return messages.keep(message, includes, me=self.me)
        except msgspec.ValidationError:
            return events.unread(msgspec.json.encode(message))


def health(wire: Wire, meter: Meter) -> str:
    """The handle of the account the keys belong to; raises AuthLost."""
    body = wire.read("GET /2/users/me", "/2/users/me")
    if not isinstance(body, dict) or "data" not in body:
        raise AuthLost("X does not say whose keys these are.")
    meter.read("price.read_user", [str(body["data"]["id"])])
    return f"@{body['data']['username']}"


def _cursor(text: str) -> Cursor:
    try:
        return msgspec.json.decode(text, type=Cursor) if text else Cursor()
    except msgspec.DecodeError:
        return Cursor()


def _move(place: Place, ids: list[str]) -> None:
    place.newest = max([*ids, place.newest or "0"], key=int)


def _arrive(place: Place) -> None:
    place.since = max(place.newest or "0", place.since or "0", key=int)
    place.until = place.newest = ""


def _counts(post: Any, me: str) -> bool:
    """Whether a listed post concerns us: of our own only answers do, reposts never."""
    kinds = {reference.get("type") for reference in post.get("referenced_tweets", ())}
    return "retweeted" not in kinds and (post.get("author_id") != me or "replied_to" in kinds)


def _numbered(raw: Raw) -> bool:
    return raw.key.partition(":")[2].isdecimal()


def _query(terms: Sequence[str], longest: int) -> str:
    """The terms as one search; those that do not fit are left to the stream."""
    query = ""
    for term in terms:
        longer = f"{query} OR ({term})" if query else f"({term})"
        query = longer if len(longer) <= longest else query
    return query
