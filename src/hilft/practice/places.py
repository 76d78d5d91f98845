"""Where practice customers talk, each with one identity per place: Mastodon, X, Facebook, Instagram."""

from collections.abc import Collection, MutableMapping
from random import Random
from typing import Any, ClassVar, Final, Literal, NamedTuple, Protocol

from hilft.practice import voice
from hilft.practice.accounts import names, token_of, x_user_id
from hilft.practice.wire import Http
from hilft.practice.x.weight import weigh

WALL: Final = 0.25
"""Share of what people write to the page that stands on its wall; the rest are comments on its posts."""

type Why = Literal["ask", "reply", "chat"]

X_LENGTH, X_LINK = 280, 23
PRIVATE: Final = "private:"
"""What the reference of a private message begins with."""


class Said(NamedTuple):
    """Something to be said: by whom, in which language, and a key that makes a repetition harmless where one can."""

    who: str
    text: str
    language: str
    key: str


class Heard(NamedTuple):
    """A reply of the brand that somebody notices: to whom, and which post or message it is."""

    to: str
    post: str


class Place(Protocol):
    """One network as its people use it; everything raises Down or Gone."""

    name: ClassVar[str]
    share: ClassVar[float]
    """How much of what is said is said here, beside the other places and mail."""
    edits: ClassVar[bool]
    messages: ClassVar[bool]
    """Whether people write to the brand in private."""

    def fits(self, text: str) -> bool: ...

    def addressed(self, text: str, brand: str, rng: Random, why: Why) -> str:
        """The text with or without the brand's handle, as people write here when they ask, reply, or just chat."""

    async def say(self, said: Said) -> str:
        """Begin a conversation in public; returns the post's reference."""

    async def write(self, said: Said) -> str:
        """Write to the brand in private; returns the message's reference."""

    async def answer(self, said: Said, post: str) -> None: ...

    async def edit(self, who: str, post: str, text: str) -> None: ...

    async def delete(self, who: str, post: str) -> None: ...

    async def heard(self, people: Collection[str], seen: MutableMapping[str, str]) -> list[Heard]:
        """The brand's replies to these people since the last look, whose end is kept in `seen`."""

    async def close(self) -> None: ...


class Mastodon:
    """The Mastodon API, as the people themselves."""

    name: ClassVar[str] = "mastodon"
    share: ClassVar[float] = 0.3
    edits: ClassVar[bool] = True
    messages: ClassVar[bool] = False

    def __init__(self, url: str) -> None:
        self._http = Http("Mastodon", url)

    def fits(self, text: str) -> bool:
        return len(text) <= 500

    def addressed(self, text: str, brand: str, rng: Random, why: Why) -> str:
        return text if why == "chat" else voice.address(text, brand, rng)

    async def say(self, said: Said) -> str:
        return await self._post(said, {})

    async def write(self, said: Said) -> str:
        return await self._post(said, {"visibility": "direct"})

    async def answer(self, said: Said, post: str) -> None:
        await self._post(said, {"in_reply_to_id": post})

    async def edit(self, who: str, post: str, text: str) -> None:
        await self._call("PUT", f"/api/v1/statuses/{post}", who, data={"status": text})

    async def delete(self, who: str, post: str) -> None:
        await self._call("DELETE", f"/api/v1/statuses/{post}", who)

    async def heard(self, people: Collection[str], seen: MutableMapping[str, str]) -> list[Heard]:
        """Each reads their own notifications."""
        found = []
        for person in people:
            since = {"since_id": seen[person]} if person in seen else {}
            query = {"types[]": "mention", "limit": "40"} | since
            mentions = await self._call("GET", "/api/v1/notifications", person, params=query)
            for mention in sorted(mentions, key=lambda one: int(one["id"])):
                seen[person] = mention["id"]
                if mention["account"]["acct"] == "nordnetz" and mention["status"]:
                    found.append(Heard(person, mention["status"]["id"]))
        return found

    async def close(self) -> None:
        await self._http.close()

    async def _post(self, said: Said, more: dict[str, str]) -> str:
        form = {"status": said.text, "language": said.language} | more
        headers = {"Idempotency-Key": said.key}
        return str((await self._call("POST", "/api/v1/statuses", said.who, data=form, headers=headers))["id"])

    async def _call(self, method: str, path: str, who: str, **options: Any) -> Any:
        headers = options.pop("headers", {}) | {"Authorization": f"Bearer {token_of(who)}"}
        return await self._http.call(method, path, headers=headers, **options)


class X:
    """The practice X: mentions, replies, direct messages."""

    name: ClassVar[str] = "x"
    share: ClassVar[float] = 0.26
    edits: ClassVar[bool] = True
    messages: ClassVar[bool] = True

    def __init__(self, url: str) -> None:
        self._http = Http("X", url)
        self._handles = {x_user_id(handle): handle for handle in names()}

    def fits(self, text: str) -> bool:
        return weigh(text, link=X_LINK) <= X_LENGTH

    def addressed(self, text: str, brand: str, rng: Random, why: Why) -> str:
        """X itself puts the handle before a reply."""
        return voice.address(text, brand, rng) if why == "ask" else text

    async def say(self, said: Said) -> str:
        return str((await self._http.call("POST", "/practice/posts", json=_body(said)))["id"])

    async def write(self, said: Said) -> str:
        return PRIVATE + str((await self._http.call("POST", "/practice/dms", json=_body(said)))["id"])

    async def answer(self, said: Said, post: str) -> None:
        if post.startswith(PRIVATE):
            await self.write(said)
        else:
            await self._http.call("POST", "/practice/posts", json=_body(said) | {"reply_to": post})

    async def edit(self, who: str, post: str, text: str) -> None:
        await self._http.call("PATCH", f"/practice/posts/{post}", json={"as": who, "text": text})

    async def delete(self, who: str, post: str) -> None:
        await self._http.call("DELETE", f"/practice/posts/{post}", json={"as": who})

    async def heard(self, people: Collection[str], seen: MutableMapping[str, str]) -> list[Heard]:
        posts = (await self._http.call("GET", "/practice/posts", params=self._since("post", seen)))["posts"]
        letters = (await self._http.call("GET", "/practice/dms", params=self._since("message", seen)))["dms"]
        for kind, found in (("post", posts), ("message", letters)):
            seen[f"x/{kind}"] = max([seen.get(f"x/{kind}", "0"), *(one["id"] for one in found)], key=int)
        replies = [(one.get("in_reply_to_user_id"), one["id"]) for one in posts if one["username"] == "nordnetz"]
        replies += [(one["recipient_id"], PRIVATE + one["id"]) for one in letters]
        heard = [Heard(self._handles[user], post) for user, post in replies if user in self._handles]
        return [one for one in heard if one.to in people]

    async def close(self) -> None:
        await self._http.close()

    def _since(self, kind: str, seen: MutableMapping[str, str]) -> dict[str, str]:
        return {"since_id": seen.get(f"x/{kind}", "0")}


class _Meta:
    """The practice network of Meta, of which a subclass is one half."""

    name: ClassVar[str]
    share: ClassVar[float]
    edits: ClassVar[bool]
    messages: ClassVar[bool] = True

    def __init__(self, url: str) -> None:
        self._http = Http(self.name.capitalize(), url)

    def fits(self, text: str) -> bool:
        return len(text.encode()) <= 1000

    def addressed(self, text: str, brand: str, rng: Random, why: Why) -> str:
        """Nobody names the page on the page itself."""
        return voice.unaddressed(text, brand)

    async def say(self, said: Said) -> str:
        stage = (await self._brand({}))[self.name]
        return await self._comment(said, stage)

    async def write(self, said: Said) -> str:
        body = _body(said) | {"network": self.name}
        return PRIVATE + str((await self._http.call("POST", "/practice/messages", json=body))["id"])

    async def answer(self, said: Said, post: str) -> None:
        await (self.write(said) if post.startswith(PRIVATE) else self._comment(said, post))

    async def edit(self, who: str, post: str, text: str) -> None:
        await self._http.call("PATCH", f"/practice/comments/{post}", json={"text": text})

    async def delete(self, who: str, post: str) -> None:
        await self._http.call("DELETE", f"/practice/comments/{post}")

    async def heard(self, people: Collection[str], seen: MutableMapping[str, str]) -> list[Heard]:
        since = {kind: seen.get(f"{self.name}/{kind}", "0") for kind in ("comment", "message")}
        told = await self._brand(since)
        heard = []
        for kind, mark in (("comment", ""), ("message", PRIVATE)):
            for one in told[f"{kind}s"]:
                seen[f"{self.name}/{kind}"] = str(one["seq"])
                if one["network"] == self.name and one["to"] in people:
                    heard.append(Heard(one["to"], mark + one["id"]))
        return heard

    async def close(self) -> None:
        await self._http.close()

    async def _comment(self, said: Said, on: str) -> str:
        return str((await self._http.call("POST", "/practice/comments", json=_body(said) | {"on": on}))["id"])

    async def _brand(self, since: dict[str, str]) -> Any:
        return await self._http.call("GET", "/practice/brand", params=since)


class Facebook(_Meta):
    """The page: comments on its posts, posts on its wall, Messenger."""

    name: ClassVar[str] = "facebook"
    share: ClassVar[float] = 0.14
    edits: ClassVar[bool] = True

    async def say(self, said: Said) -> str:
        if Random(said.key).random() < WALL:  # noqa: S311 – play
            return str((await self._http.call("POST", "/practice/posts", json=_body(said)))["id"])
        return await super().say(said)


class Instagram(_Meta):
    """Comments below the brand's pictures, which nobody can change, and private messages."""

    name: ClassVar[str] = "instagram"
    share: ClassVar[float] = 0.08
    edits: ClassVar[bool] = False


def _body(said: Said) -> dict[str, str]:
    return {"as": said.who, "text": said.text}
