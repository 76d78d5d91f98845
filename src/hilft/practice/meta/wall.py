"""The page and the account as a person sees them, with forms to write as any customer and to switch faults."""

from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hilft.practice import page
from hilft.practice.faults import Faults
from hilft.practice.meta import wall_html as html
from hilft.practice.meta.network import Acts
from hilft.practice.meta.people import Network, exists
from hilft.practice.meta.store import Kind, Store, Thing

_BODY_LIMIT = 40_000
_SHOWN = 40


class Wall:
    """The pages under `/` and `/wand/`."""

    def __init__(self, store: Store, acts: Acts, faults: Faults) -> None:
        self._store = store
        self._acts = acts
        self._faults = faults

    def routes(self) -> list[Route]:
        """All routes, to be mounted beside the Graph API."""
        return [
            Route("/", self._facebook, methods=["GET"]),
            Route("/wand/instagram", self._instagram, methods=["GET"]),
            Route("/wand/nachrichten", self._messages, methods=["GET"]),
            Route("/wand/faden/{id:str}", self._thread, methods=["GET"]),
            Route(html.FAULTS, self._show_faults, methods=["GET"]),
            Route(html.FAULTS, self._switch, methods=["POST"]),
            Route(html.WRITE, self._write, methods=["POST"]),
            Route(page.STYLE_PATH, self._style, methods=["GET"]),
            Route(page.ICON_PATH, self._icon, methods=["GET"]),
        ]

    async def _facebook(self, request: Request) -> Response:
        form = html.write_form("post", "Auf die Seite schreiben", {"network": "facebook"})
        mention = html.write_form(
            "mention", "Auf der eigenen Seite schreiben", {"network": "facebook"}, text="@nordnetz "
        )
        more = f'<details class="own"><summary>Die Marke anderswo erwähnen</summary>{mention}</details>'
        return self._list("NordNetz auf Facebook", "post", [form, more])

    async def _instagram(self, request: Request) -> Response:
        form = html.write_form("mention", "Eigenes Bild mit Erwähnung", {"network": "instagram"}, text="@nordnetz ")
        return self._list("@nordnetz auf Instagram", "media", [form])

    def _list(self, title: str, kind: Kind, content: list[str]) -> Response:
        threads = [html.thread(self._store, root) for root in self._store.tops(kind)[: -_SHOWN - 1 : -1]]
        empty = [] if threads else [page.paragraph("Noch hat niemand etwas geschrieben.")]
        return _sent(page.document(title, [html.navigation(), *content, *threads, *empty], html.WORDS))

    async def _messages(self, request: Request) -> Response:
        networks: dict[Network, str] = {"facebook": "Über Messenger schreiben", "instagram": "Über Instagram schreiben"}
        content = [html.navigation()]
        content += [html.write_form("message", label, {"network": network}) for network, label in networks.items()]
        for network in networks:
            for found in self._store.conversations(network):
                content.append(html.conversation(found, self._store.letters(found.id)))
        return _sent(page.document("Private Nachrichten", content, html.WORDS))

    async def _thread(self, request: Request) -> Response:
        thing = self._store.thing(request.path_params["id"])
        root = self._store.thing(thing.root) if thing else None
        if thing is None or root is None:
            gone = page.paragraph("Diesen Beitrag gibt es nicht (mehr).")
            return _sent(page.document("Nicht gefunden", [html.navigation(), gone], html.WORDS, status=404))
        content = [html.navigation(), html.thread(self._store, root)]
        content.append(html.write_form("comment", "Antworten", {"on": thing.id}))
        if not thing.own:
            content.append(html.own_form(thing))
        return _sent(page.document("Gesprächsverlauf", content, html.WORDS))

    async def _show_faults(self, request: Request) -> Response:
        content = [html.navigation(), html.fault_form(self._faults.active)]
        return _sent(page.document("Störungen", content, html.WORDS))

    async def _switch(self, request: Request) -> Response:
        fields = await _form(request)
        if fields is None:
            return _refused("Das geht hier nicht.", 403)
        try:
            if fields.get("switch") == "an":
                self._faults.set(fields.get("name", ""), amount=float(fields.get("amount", "0").replace(",", ".")))
            else:
                self._faults.clear(fields.get("name", ""))
        except ValueError as error:
            return _refused(str(error), 422)
        return _sent(page.Answer(303, "", {"location": html.FAULTS}))

    async def _write(self, request: Request) -> Response:
        """Write as a customer; refused for forms that come from another site."""
        fields = await _form(request)
        if fields is None:
            return _refused("Das geht hier nicht.", 403)
        target = self._done(fields)
        if target is None:
            return _refused("Das wurde nicht angenommen.", 422)
        return _sent(page.Answer(303, "", {"location": target}))

    def _done(self, fields: dict[str, str]) -> str | None:
        """Carry out a form; where to look afterwards, or None when it was refused."""
        author, act, text = fields.get("as", ""), fields.get("act", ""), fields.get("text", "").strip()
        network: Network = "instagram" if fields.get("network") == "instagram" else "facebook"
        if not exists(author) or (not text and act != "delete"):
            return None
        if act == "message":
            self._acts.write(network, author, text, by_brand=False)
            return "/wand/nachrichten"
        if act == "mention" and network == "instagram":
            return _address(self._acts.media(author, text, surface="FEED"))
        if act in ("post", "mention"):
            return _address(self._acts.post(author, text, surface="wall" if act == "post" else "elsewhere"))
        thing = self._store.thing(fields.get("on", ""))
        if thing is None:
            return None
        if act == "comment":
            return _address(self._acts.comment(author, text, on=thing))
        return self._changed(thing, act, author, text)

    def _changed(self, thing: Thing, act: str, author: str, text: str) -> str | None:
        if thing.author != author:
            return None
        if act == "delete":
            self._acts.remove(thing)
            return "/" if thing.network == "facebook" else "/wand/instagram"
        if act == "change" and thing.network == "facebook":
            return _address(self._acts.rewrite(thing, text))
        return None

    async def _style(self, request: Request) -> Response:
        return _sent(page.style())

    async def _icon(self, request: Request) -> Response:
        return _sent(page.Answer(204, ""))


def _address(thing: Thing) -> str:
    return f"/wand/faden/{thing.id}"


async def _form(request: Request) -> dict[str, str] | None:
    """A form's fields; None when it comes from another site or is too large."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return None
    body = await request.body()
    if len(body) > _BODY_LIMIT:
        return None
    return {key: values[0] for key, values in parse_qs(body.decode("utf-8", "replace")).items()}


def _refused(reason: str, status: int) -> Response:
    content = [html.navigation(), page.paragraph(reason)]
    return _sent(page.document("Nicht angenommen", content, html.WORDS, status=status))


def _sent(answer: page.Answer) -> Response:
    return Response(answer.text, answer.status, answer.all_headers())
