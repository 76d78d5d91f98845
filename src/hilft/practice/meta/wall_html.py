"""Fragments of the practice's pages: threads, private conversations and forms, every text escaped."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from html import escape

from hilft.practice.accounts import BRAND, names
from hilft.practice.faults import NAMES, Fault
from hilft.practice.meta.people import PAGE_NAME, Network, name_of
from hilft.practice.meta.store import Conversation, Letter, Store, Thing

WORDS = {
    "lang": "de",
    "about": "Facebook und Instagram nur auf diesem Rechner. Alle Leute und Beiträge sind erfunden.",
    "home": "Facebook-Seite",
}
WRITE = "/wand/schreiben"
FAULTS = "/wand/stoerungen"
_SURFACES = {
    "wall": "",
    "elsewhere": "auf der eigenen Seite",
    "FEED": "",
    "REELS": "Reel",
    "STORY": "Story",
    "LIVE": "live",
    "LIVE_OVER": "Live-Video, beendet",
}
_FAULTS = {
    "latency": "Antworten kommen verspätet",
    "rate_limit": "Zu viele Aufrufe",
    "rate_limit_bare": "Zu viele Aufrufe, ohne Angaben dazu",
    "server_error": "Serverfehler",
    "timeout_after": "Ausgeführt, aber keine Antwort",
    "token_revoked": "Zugriff entzogen",
    "stream_gap": "Meldungen gehen verloren",
    "out_of_order": "Meldungen kommen durcheinander",
    "duplicates": "Meldungen kommen mehrfach",
}


def navigation() -> str:
    """The way between the pages."""
    links = {"/": "Facebook", "/wand/instagram": "Instagram", "/wand/nachrichten": "Nachrichten", FAULTS: "Störungen"}
    items = " · ".join(f'<a href="{address}">{escape(word)}</a>' for address, word in links.items())
    return f'<nav class="live">{items}</nav>'


def thread(store: Store, thing: Thing) -> str:
    """A post or comment with everything below it."""
    answers = "".join(thread(store, child) for child in store.children(thing.id))
    below = f'<div class="answers">{answers}</div>' if answers else ""
    return f'<div class="thread">{_article(store, thing)}{below}</div>'


def _article(store: Store, thing: Thing) -> str:
    marks = ["Marke"] if thing.own else []
    marks += [_SURFACES[thing.surface]] if _SURFACES.get(thing.surface) else []
    marks += ["verborgen"] if thing.hidden else []
    marks += ["privat beantwortet"] if thing.answered_at else []
    badges = "".join(f'<span class="badge">{escape(mark)}</span>' for mark in marks)
    lines = "".join(f"<p>{escape(line)}</p>" for line in thing.text.splitlines() if line.strip())
    return (
        f'<article class="post{" brand" if thing.own else ""}" id="p-{escape(thing.id)}"><header>'
        f'<span class="name">{escape(_name(thing.author, thing.network))}</span>'
        f'{badges}<a class="time" href="/wand/faden/{escape(thing.id)}">{_time(thing.created_at)}</a></header>'
        f'<div class="text">{lines}</div>{_earlier(store, thing)}</article>'
    )


def _earlier(store: Store, thing: Thing) -> str:
    if thing.edited_at is None:
        return ""
    items = "".join(f"<li><b>{_time(at)}</b> {escape(text)}</li>" for text, at in store.earlier(thing))
    return f'<details class="edited"><summary>bearbeitet {_time(thing.edited_at)}</summary><ol>{items}</ol></details>'


def conversation(found: Conversation, letters: Iterable[Letter]) -> str:
    """A private conversation as a thread."""
    rows = "".join(
        f'<article class="post{" brand" if letter.author == BRAND else ""}"><header>'
        f'<span class="name">{escape(_name(letter.author, found.network))}</span>'
        f'<span class="time">{_time(letter.created_at)}</span></header>'
        f'<div class="text"><p>{escape(letter.text)}</p></div></article>'
        for letter in letters
    )
    where = "Messenger" if found.network == "facebook" else "Instagram"
    return f'<section class="thread"><h2>{escape(name_of(found.handle))} · {where}</h2>{rows}</section>'


def write_form(act: str, label: str, hidden: Mapping[str, str], *, author: str = "", text: str = "") -> str:
    """A form to write something as any customer."""
    options = "".join(
        f'<option value="{escape(handle)}"{" selected" if handle == author else ""}>{escape(name)}</option>'
        for handle, name in names().items()
    )
    return (
        f'<form class="compose" method="post" action="{WRITE}">{_hidden({"act": act, **hidden})}'
        f'<label>Als <select name="as">{options}</select></label>'
        f'<label>Text <textarea name="text" rows="3" required>{escape(text)}</textarea></label>'
        f"<button>{escape(label)}</button></form>"
    )


def own_form(thing: Thing) -> str:
    """The form with which a customer's post or comment is changed or deleted."""
    fields = _hidden({"on": thing.id, "as": thing.author})
    change = ""
    if thing.network == "facebook":
        area = f'<textarea name="text" rows="3">{escape(thing.text)}</textarea>'
        change = f'<label>Text {area}</label><p><button name="act" value="change">Ändern</button></p>'
    return (
        '<details class="own"><summary>Ändern oder löschen, als hätte die Person es getan</summary>'
        f'<form class="compose" method="post" action="{WRITE}">{fields}{change}'
        '<p><button name="act" value="delete">Löschen</button></p></form></details>'
    )


def fault_form(active: Mapping[str, Fault]) -> str:
    """The switches for what can go wrong."""
    rows = ""
    for name in NAMES:
        on = active.get(name)
        state = f"an, Anteil {on.share:g}, Wert {on.amount:g}" if on else "aus"
        button = ("aus", "Ausschalten") if on else ("an", "Einschalten")
        amount = '<label>Sekunden <input name="amount" value="2" inputmode="decimal"></label>'
        rows += (
            f'<form class="compose" method="post" action="{FAULTS}">{_hidden({"name": name})}'
            f"<p><b>{escape(_FAULTS[name])}</b> ({state})</p>"
            f"{amount if name in ('latency', 'timeout_after') and not on else ''}"
            f'<button name="switch" value="{button[0]}">{button[1]}</button></form>'
        )
    return rows


def _hidden(fields: Mapping[str, str]) -> str:
    return "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in fields.items()
    )


def _name(handle: str, network: Network) -> str:
    if network == "instagram":
        return f"@{handle}"
    return PAGE_NAME if handle == BRAND else name_of(handle)


def _time(moment: float) -> str:
    """A time as this machine's clock shows it."""
    at = datetime.fromtimestamp(moment, UTC)
    return f'<time datetime="{at.isoformat()}">{at.astimezone():%d.%m. %H:%M:%S}</time>'
