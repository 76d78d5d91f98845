"""The practice mailboxes in a browser: who has mail, and what is in it; as JSON for tests."""

import json
from email.message import EmailMessage
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, unquote, urlsplit

from hilft.practice import page
from hilft.practice.mailbox import Mailboxes, Queue, text_of

_HEADERS = ("From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted", "Reply-To")


def as_json(mail: EmailMessage) -> dict[str, object]:
    """A mail for tests: its headers in lower case, its text, and its HTML if it has any."""
    html = mail.get_body(("html",))
    return {
        "headers": {name.lower(): str(mail[name]) for name in _HEADERS if mail[name]},
        "text": text_of(mail),
        "html": str(html.get_content()) if html is not None else None,
    }


def server(port: int, boxes: Mailboxes, queue: Queue) -> ThreadingHTTPServer:
    """The web server on loopback, not yet running."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = _route(urlsplit(self.path).path, page.words(self.headers.get("accept-language", "")), boxes, queue)
            self.send_response(answer.status)
            for name, value in answer.all_headers().items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.text.encode())

        def log_message(self, *arguments: object) -> None:
            """Requests to a practice page are nobody's business."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


def _route(path: str, words: page.Words, boxes: Mailboxes, queue: Queue) -> page.Answer:
    if path == page.STYLE_PATH:
        return page.style()
    if path == page.ICON_PATH:
        return page.Answer(204, "")
    if path == "/":
        return _overview(words, boxes, queue)
    if path == "/queue.json":
        return _json(queue.counts())
    if path.startswith("/box/"):
        address = unquote(path.removeprefix("/box/"))
        if address.endswith(".json"):
            return _json([as_json(mail) for mail in boxes.mails(address.removesuffix(".json"))])
        return _box(address, words, boxes)
    return page.document(words["gone"], [], words, status=404, about="mail_about")


def _json(value: object) -> page.Answer:
    return page.Answer(200, json.dumps(value, ensure_ascii=False), {"content-type": "application/json"})


def _overview(words: page.Words, boxes: Mailboxes, queue: Queue) -> page.Answer:
    counts = queue.counts()
    labels = {"delivered": "delivered", "waiting": "waiting", "refused": "refused_mails"}
    content = [page.paragraph(f"{counts[key]} {words[label]}") for key, label in labels.items() if counts[key]]
    items = "".join(
        f'<li><a href="/box/{quote(address)}">{escape(address)}</a> · {count} {escape(words["mails"])}</li>'
        for address, count in boxes.addresses().items()
    )
    content.append(f'<ul class="boxes">{items}</ul>' if items else page.paragraph(words["no_mail"]))
    return page.document(words["mailboxes"], content, words, about="mail_about", home="mailboxes")


def _box(address: str, words: page.Words, boxes: Mailboxes) -> page.Answer:
    mails = boxes.mails(address)
    content = [_mail(mail, words) for mail in mails] or [page.paragraph(words["no_mail"])]
    status = 200 if mails else 404
    return page.document(address, content, words, status=status, about="mail_about", home="mailboxes")


def _mail(mail: EmailMessage, words: page.Words) -> str:
    rows = "".join(
        f"<dt>{escape(words[label])}</dt><dd>{escape(str(mail[name] or ''))}</dd>"
        for label, name in (("from", "From"), ("to", "To"))
    )
    subject = escape(str(mail["Subject"] or "–"))
    return f'<article class="box"><h2>{subject}</h2><dl>{rows}</dl><pre>{escape(text_of(mail))}</pre></article>'
