"""The practice X as a person sees it: threads, forms to write as a customer, direct messages, faults and the bill."""

from html import escape
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hilft.practice import page
from hilft.practice.x import practice_api
from hilft.practice.x.page_parts import button, compose, messages, thread
from hilft.practice.x.paging import NO_END
from hilft.practice.x.posts import Post, Span
from hilft.practice.x.problems import Problem
from hilft.practice.x.publishing import Draft
from hilft.practice.x.world import World

WORDS: page.Words = page.words("de") | {
    "network": "X-Übungsnetz",
    "about": "Ein X nur auf diesem Rechner. Alle Leute und Beiträge sind erfunden.",
}
_FAULTS = {
    "latency": "Jede Antwort kommt drei Sekunden später.",
    "rate_limit": "Zu viele Anfragen, mit Angabe, wann es weitergeht.",
    "rate_limit_bare": "Zu viele Anfragen, ohne Angabe.",
    "server_error": "Das Netz ist überlastet.",
    "timeout_after": "Die Anfrage wird ausgeführt, aber nach drei Sekunden reißt die Verbindung ohne Antwort ab.",
    "token_revoked": "Der Marke ist der Zugang entzogen.",
    "stream_gap": "Ströme und Webhooks verlieren, was inzwischen geschieht.",
    "out_of_order": "Webhooks kommen in falscher Reihenfolge.",
    "duplicates": "Jeder Webhook kommt zwei- oder dreimal.",
}
_SHOWN = 80
_BODY_LIMIT = 60_000  # bytes; a direct message has at most 10,000 characters


def routes(world: World) -> list[Route]:
    """The page, its form target, its style sheet."""

    async def show(request: Request) -> Response:
        return _sent(_overview(world, live="live" in request.query_params))

    async def write(request: Request) -> Response:
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return _sent(page.Answer(403, WORDS["refused"]))
        body = (await request.body())[:_BODY_LIMIT].decode("utf-8", "replace")
        try:
            _do(world, {name: values[0] for name, values in parse_qs(body).items()})
        except (Problem, ValueError) as problem:
            return _sent(page.document(WORDS["nothing"], [page.paragraph(str(problem))], WORDS, status=422))
        return _sent(page.Answer(303, "", {"location": "/"}))

    async def style(_: Request) -> Response:
        return _sent(page.style())

    async def icon(_: Request) -> Response:
        return _sent(page.Answer(204, ""))

    return [
        Route("/", show, methods=["GET"]),
        Route("/schreiben", write, methods=["POST"]),
        Route(page.STYLE_PATH, style, methods=["GET"]),
        Route(page.ICON_PATH, icon, methods=["GET"]),
    ]


def _overview(world: World, *, live: bool) -> page.Answer:
    people = {person.handle: person.name for person in world.posts.people() if person.id != world.brand.id}
    roots = [post for post in _newest(world) if post.reply_to is None]
    content = [
        compose({"post": "Veröffentlichen"}, people, text=f"@{world.brand.handle} "),
        page.live_switch(WORDS, live=live),
        *[thread(world, post, people) for post in roots],
        *([] if roots else [page.paragraph(WORDS["empty"])]),
        "<h2>Direktnachrichten</h2>",
        compose({"dm": "Direktnachricht an die Marke senden"}, people),
        messages(world),
        "<h2>Störungen</h2>",
        _faults(world),
        "<h2>Rechnung</h2>",
        _bill(world),
    ]
    return page.document(WORDS["network"], content, WORDS, refresh=10 if live else None)


def _newest(world: World) -> list[Post]:
    """The conversations in which somebody wrote lately, the latest first."""
    recent = world.posts.all(Span(0, NO_END, _SHOWN), deleted=True)
    roots = (
        world.posts.get(conversation, deleted=True) for conversation in dict.fromkeys(p.conversation for p in recent)
    )
    return [world.posts.versions(root)[-1] for root in roots if root]


def _do(world: World, fields: dict[str, str]) -> None:
    """What a form asks for; raises Problem, or ValueError for a form that is not from here."""
    kind, text = fields.get("do", ""), fields.get("text", "").replace("\r\n", "\n").strip()
    if kind == "fault":
        _switch(world, fields.get("name", ""))
        return
    person = practice_api.somebody(world, fields.get("as", ""))
    post = int(fields.get("post", "0"))
    if kind == "post":
        practice_api.publish(world, person, Draft(text))
    elif kind == "reply":
        practice_api.publish(world, person, Draft(text, reply_to=post))
    elif kind == "quote":
        practice_api.publish(world, person, Draft(text, quote=post))
    elif kind == "edit":
        practice_api.edit(world, person, post, text)
    elif kind == "delete":
        practice_api.delete(world, person, post)
    elif kind == "dm":
        practice_api.message(world, person, text)
    else:
        raise ValueError("Unbekanntes Formular")


def _switch(world: World, name: str) -> None:
    if name in world.faults.active:
        world.faults.clear(name)
    else:
        world.faults.set(name, amount=3.0 if name in ("latency", "timeout_after") else 0.0)


def _faults(world: World) -> str:
    items = [
        f"<li>{button('fault', 'Abschalten' if name in world.faults.active else 'Einschalten', {'name': name})} "
        f"<b>{escape(name)}</b>: {escape(what)}</li>"
        for name, what in _FAULTS.items()
    ]
    return f'<ul class="boxes">{"".join(items)}</ul>'


def _bill(world: World) -> str:
    bill = world.bill.as_json()
    rows = "".join(f"<dt>{escape(item)}</dt><dd>{count}</dd>" for item, count in bill["calls"].items())
    total = f"{bill['usd']:.3f}".replace(".", ",")
    return f'<div class="box"><p>{total} US-Dollar</p><dl>{rows}</dl></div>'


def _sent(answer: page.Answer) -> Response:
    headers = {name: value for name, value in answer.all_headers().items() if name != "content-length"}
    return Response(answer.text, answer.status, headers)
