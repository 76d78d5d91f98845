"""Practice mails in the shapes real ones have: plain, HTML only, both, with signature and quoted history."""

import time
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from html import escape
from random import Random
from typing import NamedTuple


class Sender(NamedTuple):
    """Who writes."""

    name: str
    mail: str
    form: str
    language: str


_CLOSINGS = {
    ("de", "sie"): ["Mit freundlichen Grüßen", "Freundliche Grüße", "MfG"],
    ("de", "du"): ["Viele Grüße", "LG", "Beste Grüße"],
    ("de", "none"): ["Viele Grüße", "Gruß", "Danke und Gruß"],
    ("en", "none"): ["Best regards", "Kind regards", "Thanks"],
}
_STREETS = ["Deichweg 7", "Möwengang 12b", "Lindenallee 3", "Am Hafen 21", "Kastanienring 44"]
_HISTORY = {
    "de": (
        "Am {day:%d.%m.%Y} um {day:%H:%M} schrieb NordNetz <info@nordnetz.example>:",
        [
            "Guten Tag,",
            "vielen Dank für Ihr Vertrauen in NordNetz.",
            "Ihre Auftragsbestätigung finden Sie im Kundenkonto.",
        ],
    ),
    "en": (
        "On {day:%Y-%m-%d} at {day:%H:%M}, NordNetz <info@nordnetz.example> wrote:",
        [
            "Hello,",
            "thank you for choosing NordNetz.",
            "You will find your order confirmation in your customer account.",
        ],
    ),
}


def write(text: str, subject: str, sender: Sender, to: str, rng: Random, *, answers: str = "") -> EmailMessage:
    """A complete message; `answers` is the Message-ID it replies to."""
    form = "none" if sender.language == "en" else sender.form
    closing = f"{rng.choice(_CLOSINGS[(sender.language, form)])}\n{sender.name}"
    signature = f"-- \n{sender.name}\n{rng.choice(_STREETS)}\n24999 Nordhafen" if rng.random() < 0.4 else ""
    history = _quoted(sender.language, rng) if not answers and rng.random() < 0.2 else []
    message = EmailMessage()
    message["From"] = formataddr((sender.name, sender.mail))
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(datetime.now(UTC).astimezone())
    message["Message-ID"] = f"<{time.time_ns():x}.{rng.getrandbits(32):08x}@{sender.mail.partition('@')[2]}>"
    if answers:
        message["In-Reply-To"] = answers
        message["References"] = answers
    plain = "\n\n".join(part for part in (text, closing, signature) if part)
    if history:
        plain += "\n\n" + history[0] + "\n" + "\n".join(f"> {line}" for line in history[1:])
    shape = rng.random()
    if shape < 0.55:
        message.set_content(plain)
    elif shape < 0.75:
        message.set_content(_html(text, closing, signature, history), subtype="html")
    else:
        message.set_content(plain)
        message.add_alternative(_html(text, closing, signature, history), subtype="html")
    return message


def _quoted(language: str, rng: Random) -> list[str]:
    """The line that introduces a quotation, and the quoted lines."""
    intro, lines = _HISTORY[language]
    day = datetime.now(UTC).astimezone().replace(hour=rng.randrange(8, 18), minute=rng.randrange(60))
    return [intro.format(day=day), *lines]


def _html(text: str, closing: str, signature: str, history: list[str]) -> str:
    def block(part: str) -> str:
        return escape(part).replace("\n", "<br>")

    body = "".join(f"<p>{block(part)}</p>" for part in (*text.split("\n\n"), closing))
    if signature:
        body += f'<div class="signature" style="color:#888888">{block(signature)}</div>'
    if history:
        body += (
            f"<div>{block(history[0])}</div><blockquote type=cite>{'<br>'.join(map(escape, history[1:]))}</blockquote>"
        )
    return f'<html><body style="font-family:Arial">{body}</body></html>'
