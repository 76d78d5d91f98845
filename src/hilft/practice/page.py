"""The frame of the practice pages: one style sheet, no script, nothing from elsewhere, German and English."""

from collections.abc import Awaitable, Callable, MutableMapping
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

STYLE_PATH = "/practice.css"
ICON_PATH = "/favicon.ico"
"""Browsers ask for it unbidden; there is none."""
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

type Words = dict[str, str]

_GERMAN: Words = {
    "lang": "de",
    "network": "Übungsnetz",
    "about": "Ein Mastodon-Netz nur auf diesem Rechner. Alle Leute und Beiträge sind erfunden.",
    "post_as": "Beitrag von",
    "text": "Text",
    "post": "Veröffentlichen",
    "answer": "Antworten",
    "thread": "Gesprächsverlauf",
    "own": "Diesen Beitrag ändern oder löschen, als hätte die Person es getan",
    "change": "Ändern",
    "delete": "Löschen",
    "edited": "bearbeitet",
    "earlier": "Frühere Fassungen:",
    "brand": "Marke",
    "live_on": "Alle 10 Sekunden neu laden",
    "live_off": "Nicht mehr neu laden",
    "empty": "Noch hat niemand etwas geschrieben.",
    "gone": "Nicht gefunden",
    "gone_long": "Diesen Beitrag gibt es nicht (mehr), oder er ist nicht öffentlich.",
    "nothing": "Der Beitrag wurde nicht angenommen.",
    "refused": "Das geht hier nicht.",
    "home": "Alle Beiträge",
    "mailboxes": "Übungspostfächer",
    "mail_about": "Ein Mailserver nur auf diesem Rechner. Alle Adressen sind erfunden.",
    "waiting": "Mails an die Marke warten auf Zustellung",
    "delivered": "Mails an die Marke zugestellt",
    "refused_mails": "Mails an die Marke wurden abgelehnt",
    "no_mail": "Noch ist keine Mail angekommen.",
    "from": "Von",
    "to": "An",
    "subject": "Betreff",
    "mails": "Mails",
    "crm": "Übungs-Kundensystem",
    "crm_about": "Ein Kundensystem nur auf diesem Rechner. Alle Kundinnen und Kunden sind erfunden.",
    "crm_number": "Kundennummer",
    "crm_email": "E-Mail",
    "crm_born": "Geboren am",
    "crm_street": "Straße",
    "crm_postcode": "Postleitzahl",
    "crm_last_invoice": "Letzte Rechnung",
}
_ENGLISH: Words = {
    "lang": "en",
    "network": "Practice network",
    "about": "A Mastodon network on this machine only. All people and posts are made up.",
    "post_as": "Post as",
    "text": "Text",
    "post": "Publish",
    "answer": "Answer",
    "thread": "Thread",
    "own": "Change or delete this post as its author would",
    "change": "Change",
    "delete": "Delete",
    "edited": "edited",
    "earlier": "Earlier versions:",
    "brand": "Brand",
    "live_on": "Reload every 10 seconds",
    "live_off": "Stop reloading",
    "empty": "Nobody has written anything yet.",
    "gone": "Not found",
    "gone_long": "This post does not exist (any more), or it is not public.",
    "nothing": "The post was not accepted.",
    "refused": "That is not possible here.",
    "home": "All posts",
    "mailboxes": "Practice mailboxes",
    "mail_about": "A mail server on this machine only. All addresses are made up.",
    "waiting": "mails to the brand wait for delivery",
    "delivered": "mails to the brand delivered",
    "refused_mails": "mails to the brand were refused",
    "no_mail": "No mail has arrived yet.",
    "from": "From",
    "to": "To",
    "subject": "Subject",
    "mails": "mails",
    "crm": "Practice customer system",
    "crm_about": "A system of customers on this machine only. All of them are made up.",
    "crm_number": "Customer number",
    "crm_email": "E-mail",
    "crm_born": "Born on",
    "crm_street": "Street",
    "crm_postcode": "Postcode",
    "crm_last_invoice": "Last invoice",
}


def words(accept_language: str) -> Words:
    """The page's words in the language the browser prefers; German unless it prefers English."""
    first = accept_language.split(",")[0].strip().lower()
    return _ENGLISH if first.startswith("en") else _GERMAN


class Answer(NamedTuple):
    """A response: status, text and headers beyond the usual ones."""

    status: int
    text: str
    headers: dict[str, str] = {}

    def all_headers(self) -> dict[str, str]:
        """The headers to send, with the policy that keeps the page to itself."""
        return {
            "content-type": "text/html; charset=utf-8",
            "content-length": str(len(self.text.encode())),
            "content-security-policy": POLICY,
            "referrer-policy": "no-referrer",
            "x-content-type-options": "nosniff",
            "cache-control": "no-store",
        } | self.headers

    async def send(self, send: Callable[[MutableMapping[str, Any]], Awaitable[None]]) -> None:
        """Send it over ASGI."""
        headers = [(key.encode(), value.encode()) for key, value in self.all_headers().items()]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.text.encode()})


def style() -> Answer:
    """The one style sheet."""
    sheet = (Path(__file__).parent / "practice.css").read_text(encoding="utf-8")
    return Answer(200, sheet, {"content-type": "text/css; charset=utf-8", "cache-control": "max-age=60"})


def document(
    title: str,
    content: list[str],
    words: Words,
    *,
    status: int = 200,
    refresh: int | None = None,
    about: str = "about",
    home: str = "home",
) -> Answer:
    """A whole page around ready-made HTML parts."""
    html = (
        f'<!doctype html><html lang="{words["lang"]}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="{STYLE_PATH}"></head><body><header class="top">'
        f'<h1>{escape(title)}</h1><p>{escape(words[about])} <a href="/">{escape(words[home])}</a></p></header>'
        f"<main>{''.join(content)}</main></body></html>"
    )
    return Answer(status, html, {"refresh": str(refresh)} if refresh else {})


def paragraph(text: str) -> str:
    """A paragraph of plain text."""
    return f"<p>{escape(text)}</p>"


def live_switch(words: Words, *, live: bool) -> str:
    """The link that turns reloading on or off."""
    target, label = ("/", words["live_off"]) if live else ("/?live=1", words["live_on"])
    return f'<p class="live"><a href="{target}">{escape(label)}</a></p>'


def post_form(words: Words, names: dict[str, str], *, brand: str, author: str = "", reply_to: str = "") -> str:
    """The form to post as a customer, or to answer a post as one; `author` is preselected."""
    options = "".join(
        f'<option value="{escape(handle)}"{" selected" if handle == author else ""}>'
        f"{escape(name)} (@{escape(handle)})</option>"
        for handle, name in names.items()
    )
    hidden = f'<input type="hidden" name="reply_to" value="{escape(reply_to)}">' if reply_to else ""
    label = words["answer"] if reply_to else words["post"]
    return (
        f'<form class="compose" method="post" action="/posten">{hidden}'
        f'<label>{escape(words["post_as"])} <select name="as">{options}</select></label>'
        f'<label>{escape(words["text"])} <textarea name="text" rows="3" maxlength="500" required>@{escape(brand)} '
        f"</textarea></label><button>{escape(label)}</button></form>"
    )


def change_form(words: Words, *, author: str, post: str, text: str) -> str:
    """The form with which a customer's post is edited or deleted."""
    return (
        f'<details class="own"><summary>{escape(words["own"])}</summary>'
        f'<form class="compose" method="post" action="/posten"><input type="hidden" name="as" value="{escape(author)}">'
        f'<input type="hidden" name="change" value="{escape(post)}">'
        f'<label>{escape(words["text"])} <textarea name="text" rows="3" maxlength="500">{escape(text)}</textarea>'
        "</label>"
        f"<p><button>{escape(words['change'])}</button> "
        f'<button name="delete" value="1">{escape(words["delete"])}</button></p></form></details>'
    )
