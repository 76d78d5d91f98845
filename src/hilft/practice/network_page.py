"""The practice network as a person sees it: public threads, edits with their history, and a form to post."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

import httpx2

from hilft.practice import page
from hilft.practice.network_threads import Person, render_thread, threads_of

type Message = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]
type Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]
type Status = dict[str, Any]

_BODY_LIMIT = 20_000  # bytes; a post has at most 500 characters
_OWN = {"/", "/posten", page.STYLE_PATH, page.ICON_PATH}
_VISIBLE = {"public", "unlisted"}


class NetworkPage:
    """An ASGI application: a few pages of its own, everything else goes to the Mastodon server inside."""

    def __init__(self, inner: Application, *, brand: str, tokens: dict[str, str], names: dict[str, str]) -> None:
        self._inner = inner
        self._brand = brand
        self._tokens = tokens
        self._names = names
        self._api = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=inner), base_url="http://practice.example")

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer the pages here and hand on the rest."""
        path = scope.get("path", "")
        if scope["type"] != "http" or not (path in _OWN or path.startswith("/@")):
            await self._inner(scope, receive, send)
            return
        headers = {key.decode().lower(): value.decode("latin-1") for key, value in scope["headers"]}
        words = page.words(headers.get("accept-language", ""))
        if scope["method"] == "POST" and path == "/posten":
            answer = await self._post(await _body(receive), headers, words)
        elif scope["method"] not in ("GET", "HEAD"):
            answer = page.Answer(405, words["refused"])
        elif path == page.STYLE_PATH:
            answer = page.style()
        elif path == page.ICON_PATH:
            answer = page.Answer(204, "")
        elif path == "/":
            answer = await self._timeline(parse_qs(scope["query_string"].decode()), words)
        else:
            answer = await self._permalink(path, words)
        await answer.send(send)

    async def _timeline(self, query: dict[str, list[str]], words: page.Words) -> page.Answer:
        live = "live" in query
        posts = await self._get("/api/v1/timelines/public?limit=40")
        if posts:
            posts += await self._get(f"/api/v1/timelines/public?limit=40&max_id={posts[-1]['id']}")
        content = [self._form(words), page.live_switch(words, live=live)]
        content += await self._rendered(await self._with_parents(posts), words)
        if not posts:
            content.append(page.paragraph(words["empty"]))
        return page.document(words["network"], content, words, refresh=10 if live else None)

    async def _permalink(self, path: str, words: page.Words) -> page.Answer:
        """`/@name` is the person's posts, `/@name/id` the thread of one post."""
        handle, _, post_id = path.removeprefix("/@").partition("/")
        if not post_id:
            found = await self._api.get("/api/v1/accounts/lookup", params={"acct": handle})
            if found.status_code != 200:
                return page.document(words["gone"], [], words, status=404)
            account = found.json()
            posts = await self._get(f"/api/v1/accounts/{account['id']}/statuses?limit=40")
            content = await self._rendered(await self._with_parents(posts), words)
            return page.document(f"{account['display_name']} (@{handle})", content, words)
        response = await self._api.get(f"/api/v1/statuses/{post_id}")
        if response.status_code != 200 or response.json()["visibility"] not in _VISIBLE:
            return page.document(words["gone"], [page.paragraph(words["gone_long"])], words, status=404)
        post = response.json()
        context = await self._get(f"/api/v1/statuses/{post_id}/context")
        posts = [*context["ancestors"], post, *context["descendants"]]
        content = await self._rendered([p for p in posts if p["visibility"] in _VISIBLE], words, focus=post_id)
        content.append(self._form(words, reply_to=post))
        if post["account"]["acct"] in self._names:
            source = await self._get(f"/api/v1/statuses/{post_id}/source")
            author = post["account"]["acct"]
            content.append(page.change_form(words, author=author, post=post_id, text=source["text"]))
        return page.document(f"{post['account']['display_name']}: {words['thread']}", content, words)

    async def _rendered(self, posts: list[Status], words: page.Words, focus: str = "") -> list[str]:
        history = {
            post["id"]: await self._get(f"/api/v1/statuses/{post['id']}/history") for post in posts if post["edited_at"]
        }
        brand = Person(self._brand)
        return [render_thread(thread, history, words, brand=brand, focus=focus) for thread in threads_of(posts)]

    async def _with_parents(self, posts: list[Status]) -> list[Status]:
        """The posts with whatever they answer, so that threads are whole."""
        known = {post["id"]: post for post in posts if post["visibility"] in _VISIBLE}
        for _ in range(10):
            missing = {p["in_reply_to_id"] for p in known.values() if p["in_reply_to_id"]} - known.keys()
            if not missing:
                break
            query = "&".join(f"id[]={post_id}" for post_id in sorted(missing))
            fetched = [p for p in await self._get(f"/api/v1/statuses?{query}") if p["visibility"] in _VISIBLE]
            if not fetched:
                break
            known |= {post["id"]: post for post in fetched}
        return list(known.values())

    def _form(self, words: page.Words, reply_to: Status | None = None) -> str:
        if reply_to is None:
            return page.post_form(words, self._names, brand=self._brand)
        author = reply_to["account"]["acct"]
        if author == self._brand and reply_to["mentions"]:
            author = reply_to["mentions"][0]["acct"]
        return page.post_form(words, self._names, brand=self._brand, author=author, reply_to=reply_to["id"])

    async def _post(self, body: bytes, headers: dict[str, str], words: page.Words) -> page.Answer:
        """Post as a customer; refused for forms that come from another site."""
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return page.Answer(403, words["refused"])
        fields = {key: values[0] for key, values in parse_qs(body.decode("utf-8", "replace")).items()}
        token = self._tokens.get(fields.get("as", ""))
        if token is None:
            return page.document(words["nothing"], [self._form(words)], words, status=422)
        response = await self._write(fields, {"Authorization": f"Bearer {token}"})
        if response.status_code != 200:
            return page.document(words["nothing"], [page.paragraph(response.text)], words, status=422)
        post = response.json()
        target = "/" if "delete" in fields else f"/@{post['account']['acct']}/{post['id']}"
        return page.Answer(303, "", {"location": target})

    async def _write(self, fields: dict[str, str], headers: dict[str, str]) -> httpx2.Response:
        """Delete, change or publish, as the form says."""
        own = f"/api/v1/statuses/{fields.get('change', '')}"
        if "delete" in fields:
            return await self._api.delete(own, headers=headers)
        status = {"status": fields.get("text", "").strip(), "language": "de"}
        if "change" in fields:
            return await self._api.put(own, data=status, headers=headers)
        if "reply_to" in fields:
            status["in_reply_to_id"] = fields["reply_to"]
        return await self._api.post("/api/v1/statuses", data=status, headers=headers)

    async def _get(self, url: str) -> Any:
        response = await self._api.get(url)
        response.raise_for_status()
        return response.json()


async def _body(receive: Receive) -> bytes:
    """The request's body, cut off where no honest form would reach."""
    body = b""
    while len(body) < _BODY_LIMIT:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    return body
