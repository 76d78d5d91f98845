"""Reads a mail as it arrived: who wrote what, in which thread, and whether a machine did."""

from __future__ import annotations

import contextlib
import email
import email.policy
import email.utils
import hashlib
import re
from datetime import UTC, datetime
from email.header import decode_header
from email.message import EmailMessage, Message
from typing import Final

from hilft.channels.contract import Config, Event, Kind, Person, Raw, Ref, Unreadable
from hilft.channels.email.marks import NAMED, Marks
from hilft.channels.email.text import without_history
from hilft.channels.plaintext import from_html, tidy

KIND: Final = "email"
LONGEST: Final = 200
"""Message-IDs longer than this are kept as a hash."""

MACHINES: Final = re.compile(r"(?:mailer-daemon|postmaster)@|^\s*<?>?\s*$", re.I)

LENIENT: Final[dict[str, bool]] = {"strict": False} if getattr(email.utils, "supports_strict_parsing", False) else {}
"""Addresses as people and programs write them; the first releases of Python 3.12 know no other way."""


def raw(body: bytes, *, envelope: bytes = b"") -> Raw:
    """A mail as a raw event; `envelope` are header lines that the receiver puts before it."""
    head = email.message_from_bytes(body.split(b"\r\n\r\n", 1)[0].split(b"\n\n", 1)[0])
    identity = _raw_header(head, "message-id").strip()
    digest = hashlib.sha256(identity.encode("utf-8", "replace") if identity else body).hexdigest()
    return Raw(key=f"mail:{digest}", body=envelope + body)


def read(body: bytes, config: Config) -> list[Event]:
    """The event of a mail; raises Unreadable when it has no sender or cannot be taken apart."""
    try:
        message = email.message_from_bytes(body, policy=email.policy.default)
    except Exception as error:
        raise Unreadable(f"Not a mail: {error}") from error
    if not isinstance(message, EmailMessage) or "from" not in message:
        raise Unreadable("A mail without a sender.")
    try:
        return [_event(message, body, Marks(config), config)]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise Unreadable(f"A damaged mail: {error}") from error


def _event(message: EmailMessage, body: bytes, marks: Marks, config: Config) -> Event:
    identity = _identity(_ids(header(message, "message-id"))[:1], body)
    earlier = _ids(header(message, "references")) or _ids(header(message, "in-reply-to")) or _bounced(message, marks)
    parent = _ids(header(message, "in-reply-to"))[-1:] or earlier[-1:]
    author = _author(header(message, "from"))
    thread, root = _thread(message, identity, earlier, marks)
    return Event(
        kind=Kind.CREATED,
        ref=Ref(KIND, config.account, identity),
        at=_arrived(message),
        public=False,
        author=author,
        own=bool(author and marks.is_ours(author.id) and marks.is_made_by_us(identity)),
        parent=Ref(KIND, config.account, _identity(parent, body)) if parent else None,
        root=Ref(KIND, config.account, root),
        thread=thread,
        subject=_line(header(message, "subject")),
        text=_text(message),
        automatic=is_automatic(message),
        undelivered=_is_undelivered(message),
    )


def _thread(message: EmailMessage, identity: str, earlier: list[str], marks: Marks) -> tuple[str, str]:
    """The thread and its root: by mails of ours that are referred to, by our plus-address or our mark in the subject,
    by any other mail referred to, else the mail begins its own."""
    ours = [one for one in earlier if marks.is_made_by_us(one)]
    if ours:
        return marks.thread(ours[0]), _identity(earlier[:1], b"")
    named = (header(message, name) for name in ("to", "cc", "delivered-to", "x-original-to", "envelope-to"))
    addresses = (address for _, address in email.utils.getaddresses(list(named), **LENIENT))
    token = next(filter(None, map(marks.thread_in, addresses)), "")
    token = token or marks.thread_in_subject(header(message, "subject"))
    if token:
        return token, _identity(earlier[:1], b"") if earlier else f"{NAMED}{token}"
    return (marks.thread(earlier[0]), _identity(earlier[:1], b"")) if earlier else (marks.thread(identity), identity)


def is_automatic(message: Message) -> bool:
    """Whether a machine wrote this, so that no machine may answer it (RFC 3834)."""
    submitted = header(message, "auto-submitted").split(";")[0].strip().lower()
    return (
        submitted not in {"", "no"}
        or header(message, "precedence").strip().lower() in {"bulk", "junk", "list"}
        or "list-id" in message
        or message.get_content_type() == "multipart/report"
        or ("return-path" in message and bool(MACHINES.search(header(message, "return-path"))))
        or bool(MACHINES.search(header(message, "from")))
    )


def _is_undelivered(message: EmailMessage) -> bool:
    """Whether this is a report that a mail did not arrive (RFC 3464); one that is merely late may still."""
    if message.get_content_type() != "multipart/report":
        return False
    reports = [part for part in message.walk() if part.get_content_type() == "message/delivery-status"]
    return any(re.search(r"^action:\s*failed\b", part.as_string(), re.I | re.M) for part in reports)


def header(message: Message, name: str) -> str:
    """A header as text, however broken it is."""
    try:
        value = message.get(name)
        return "" if value is None else str(value)
    except Exception:
        return _raw_header(message, name)


def _raw_header(message: Message, name: str) -> str:
    found = next((value for key, value in message.raw_items() if key.lower() == name), "")
    text = str(found).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    with contextlib.suppress(Exception):
        pieces = decode_header(text)
        text = "".join(
            piece if isinstance(piece, str) else piece.decode(charset or "ascii", "replace")
            for piece, charset in pieces
        )
    return text


def _author(sender: str) -> Person | None:
    pairs = [pair for pair in email.utils.getaddresses([sender], **LENIENT) if "@" in pair[1]]
    if not pairs:
        return None
    name, address = pairs[0]
    address = _line(address).strip("<>")
    return Person(id=address.lower(), handle=address, name=_line(name))


def _ids(value: str) -> list[str]:
    return [tidy(found) for found in re.findall(r"<([^<>\s]+)>", value)] or value.split()[:1]


def _identity(ids: list[str], body: bytes) -> str:
    """A Message-ID without its brackets, or a stable name for a mail that has none."""
    if not ids:
        return f"sha256:{hashlib.sha256(body).hexdigest()}"
    return ids[0] if len(ids[0]) <= LONGEST else f"sha256:{hashlib.sha256(ids[0].encode()).hexdigest()}"


def _bounced(message: EmailMessage, marks: Marks) -> list[str]:
    """The mail of ours that a delivery report is about."""
    if message.get_content_type() != "multipart/report":
        return []
    for part in message.walk():
        if part.get_content_type() in {"message/rfc822", "text/rfc822-headers"}:
            found = re.search(r"^message-id:\s*<([^<>\s]+)>", str(part), re.I | re.M)
            if found and marks.is_made_by_us(found.group(1)):
                return [found.group(1)]
    return []


def _arrived(message: EmailMessage) -> datetime:
    """When our side received it, else when it says it was written."""
    for stamp in (header(message, "received").rpartition(";")[2], header(message, "date")):
        with contextlib.suppress(ValueError, TypeError, IndexError, OverflowError):
            at = email.utils.parsedate_to_datetime(stamp.strip())
            return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    return datetime.fromtimestamp(0, UTC)


def _line(value: str) -> str:
    return " ".join(tidy(value).split())


def _text(message: EmailMessage) -> str:
    plain, markup, files = [], [], []
    for part in message.walk():
        if part.is_multipart():
            continue
        name = _filename(part)
        kind = part.get_content_type()
        if name or part.get_content_disposition() == "attachment":
            files.append(f"📎 {name or kind}")
        elif kind == "text/plain":
            plain.append(_content(part))
        elif kind == "text/html":
            markup.append(from_html(_content(part)))
    words = next((text for text in ("\n".join(plain), "\n".join(markup)) if text.strip()), "")
    return tidy("\n".join([without_history(words), "", *files]))


def _filename(part: Message) -> str:
    try:
        return _line(part.get_filename() or "")
    except Exception:
        return ""


def _content(part: Message) -> str:
    """A part's text by its own charset, then UTF-8, then Windows-1252, which reads anything."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return str(payload or "")
    for charset in (part.get_content_charset(), "utf-8"):
        with contextlib.suppress(LookupError, UnicodeDecodeError):
            if charset:
                return payload.decode(charset)
    return payload.decode("cp1252", "replace")
