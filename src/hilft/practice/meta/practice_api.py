"""What people do on the practice network, for tests and scripts: customers, and the brand by hand.

People are named by handle, without an @.
"""

from typing import Any, Literal

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hilft.practice.accounts import BRAND
from hilft.practice.meta.handlers import Handler, Refusal, guarded, read_as
from hilft.practice.meta.network import Acts
from hilft.practice.meta.people import Network, exists
from hilft.practice.meta.store import Letter, Store, Thing

type Surface = Literal["FEED", "REELS", "STORY", "LIVE"]


class Comment(msgspec.Struct, forbid_unknown_fields=True):
    """A comment of a customer on a post, media object or comment; `network` is checked if given."""

    author: str = msgspec.field(name="as")
    text: str
    on: str
    network: Network | None = None


class Post(msgspec.Struct, forbid_unknown_fields=True):
    """A customer's post: on the page's wall, or of their own (`elsewhere`), where naming the brand is a mention."""

    author: str = msgspec.field(name="as")
    text: str
    network: Network = "facebook"
    elsewhere: bool = False
    surface: Surface = "FEED"


class Message(msgspec.Struct, forbid_unknown_fields=True):
    """A private message of a customer to the brand."""

    author: str = msgspec.field(name="as")
    text: str
    network: Network = "facebook"


class Change(msgspec.Struct, forbid_unknown_fields=True):
    """A new text."""

    text: str


class Brand(msgspec.Struct, forbid_unknown_fields=True):
    """Something the brand publishes by hand, as its own staff would in the app."""

    text: str
    network: Network = "facebook"
    surface: Surface = "FEED"


class PracticeApi:
    """The routes below /practice/ by which people write, edit, delete and read."""

    def __init__(self, store: Store, acts: Acts) -> None:
        self.store = store
        self.acts = acts

    def routes(self) -> list[Route]:
        """All routes, to be mounted beside the Graph API."""
        table: list[tuple[str, str, Handler]] = [
            ("POST", "/practice/comments", self._comment),
            ("POST", "/practice/posts", self._post),
            ("POST", "/practice/messages", self._message),
            ("GET", "/practice/brand", self._said),
            ("POST", "/practice/brand", self._brand),
            ("POST", "/practice/read", self._read),
            ("PATCH", "/practice/{kind:str}/{id:str}", self._change),
            ("DELETE", "/practice/{kind:str}/{id:str}", self._delete),
            ("GET", "/practice/threads", self._threads),
        ]
        return guarded(table)

    async def _comment(self, request: Request) -> Response:
        given = await read_as(request, Comment)
        thing = self.store.thing(given.on)
        if thing is None or (given.network is not None and thing.network != given.network):
            raise Refusal(f"there is nothing {given.on} to comment on", 404)
        return JSONResponse(shown(self.acts.comment(_customer(given.author), _text(given.text), on=thing)), 201)

    async def _post(self, request: Request) -> Response:
        given = await read_as(request, Post)
        author, text = _customer(given.author), _text(given.text)
        if given.network == "instagram":
            return JSONResponse(shown(self.acts.media(author, text, surface=given.surface)), 201)
        return JSONResponse(
            shown(self.acts.post(author, text, surface="elsewhere" if given.elsewhere else "wall")), 201
        )

    async def _message(self, request: Request) -> Response:
        given = await read_as(request, Message)
        letter = self.acts.write(given.network, _customer(given.author), _text(given.text), by_brand=False)
        return JSONResponse(shown_letter(letter), 201)

    async def _brand(self, request: Request) -> Response:
        given = await read_as(request, Brand)
        if given.network == "facebook":
            return JSONResponse(shown(self.acts.post(BRAND, _text(given.text), surface="wall")), 201)
        return JSONResponse(shown(self.acts.media(BRAND, given.text, surface=given.surface)), 201)

    async def _said(self, request: Request) -> Response:
        """Where people comment, by network, and what the brand replied to whom since `comment` and `message`."""
        since = {kind: int(request.query_params.get(kind, 0)) for kind in ("comment", "message")}
        own = {top.network: top.id for kind in ("post", "media") for top in self.store.own_tops(kind)}
        comments = [
            {"seq": c.seq, "id": c.id, "network": c.network, "to": above.author}
            for c in self.store.replies_since(since["comment"])
            if (above := self.store.thing(c.parent)) is not None
        ]
        messages = [
            {"seq": letter.seq, "id": letter.id, "network": about.network, "to": about.handle}
            for letter in self.store.letters_since(since["message"])
            if (about := self.store.conversation(letter.conversation)) is not None
        ]
        return JSONResponse(own | {"comments": comments, "messages": messages})

    async def _read(self, request: Request) -> Response:
        given = await read_as(request, Message)
        conversation = self.store.conversation_with(given.network, _customer(given.author))
        if conversation is None or not self.acts.read(conversation):
            raise Refusal("there is nothing to read", 404)
        return JSONResponse({"read": True})

    async def _change(self, request: Request) -> Response:
        if request.path_params["kind"] == "media":
            return self._end_broadcast(request.path_params["id"])
        given = await read_as(request, Change)
        if request.path_params["kind"] == "messages":
            letter = self._letter(request, "facebook")
            return JSONResponse(shown_letter(self.acts.reword(letter, _text(given.text))))
        thing = self._thing(request)
        if thing.network == "instagram":
            raise Refusal("nothing can be edited on Instagram", 409)
        return JSONResponse(shown(self.acts.rewrite(thing, _text(given.text))))

    def _end_broadcast(self, media_id: str) -> Response:
        media = self.store.thing(media_id)
        if media is None or media.surface != "LIVE":
            raise Refusal("that is no running broadcast", 404)
        self.store.surface(media, "LIVE_OVER")
        return JSONResponse(shown(media) | {"surface": "LIVE_OVER"})

    async def _delete(self, request: Request) -> Response:
        if request.path_params["kind"] == "messages":
            self.acts.unsend(self._letter(request, "instagram"))
        else:
            self.acts.remove(self._thing(request))
        return Response(status_code=204)

    def _thing(self, request: Request) -> Thing:
        thing = self.store.thing(request.path_params["id"])
        if thing is None or request.path_params["kind"] not in ("comments", "posts"):
            raise Refusal("there is no such thing", 404)
        return thing

    def _letter(self, request: Request, network: Network) -> Letter:
        letter = self.store.letter(request.path_params["id"])
        found = self.store.conversation(letter.conversation) if letter else None
        if letter is None or found is None or letter.author == BRAND:
            raise Refusal("there is no such message of a customer", 404)
        if found.network != network:
            raise Refusal(f"that is possible on {network} only", 409)
        return letter

    async def _threads(self, request: Request) -> Response:
        roots = [*self.store.tops("post"), *self.store.tops("media")]
        threads = [shown(root) | {"comments": [shown(c) for c in self.store.below(root.id)]} for root in roots]
        networks: tuple[Network, ...] = ("facebook", "instagram")
        letters = [
            {"network": c.network, "with": c.handle, "id": c.id}
            | {"messages": [shown_letter(letter) for letter in self.store.letters(c.id)]}
            for network in networks
            for c in self.store.conversations(network)
        ]
        return JSONResponse({"threads": threads, "conversations": letters})


def shown(thing: Thing) -> dict[str, Any]:
    """A thing with everything the network knows of it."""
    known: dict[str, Any] = msgspec.to_builtins(thing)
    return known | {"network": thing.network}


def shown_letter(letter: Letter) -> dict[str, Any]:
    """A message likewise."""
    found: dict[str, Any] = msgspec.to_builtins(letter)
    return found


def _customer(handle: str) -> str:
    if not exists(handle):
        raise Refusal(f"there is no customer {handle}", 404)
    return handle


def _text(text: str) -> str:
    if not text.strip():
        raise Refusal("the text is empty")
    return text
