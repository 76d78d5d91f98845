"""Writes a mail: an answer that threads everywhere and cannot be bent into something else."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final

from hilft.channels.contract import Config, Outgoing, Refused
from hilft.channels.email.marks import Marks

ADDRESS: Final = re.compile(r"[^\s<>\"(),:;\\\[\]@]+@[^\s<>\"(),:;\\\[\]@]+\.[^\s<>\"(),:;\\\[\]@]+")
MESSAGE_ID: Final = re.compile(r"[^\s<>@]+@[^\s<>@]+")
ANSWERED: Final = re.compile(r"^\s*(?:re|aw|antw)\s*:", re.I)
DANGEROUS: Final = re.compile(r"[\r\n\x00]")


def recipient(outgoing: Outgoing) -> str:
    """Whom the mail is for; refuses nobody, machines and everything that is not one plain address."""
    address = outgoing.to.handle if outgoing.to else ""
    if not ADDRESS.fullmatch(address) or re.match(r"(?:mailer-daemon|postmaster)@", address, re.I):
        raise Refused("This mail has nobody it may be sent to.")
    return address


def compose(outgoing: Outgoing, marks: Marks, config: Config) -> EmailMessage:
    """The mail for an outgoing text; the same one for every attempt, apart from its date."""
    message = EmailMessage(policy=SMTP)
    name = str(config.settings.get("name", ""))
    for value in (outgoing.subject, name, outgoing.to.name if outgoing.to else "", *_references(outgoing)):
        if DANGEROUS.search(value):
            raise Refused("A header must not contain a line break.")
    try:
        message["From"] = Address(name, addr_spec=marks.address)
        message["To"] = Address(outgoing.to.name if outgoing.to else "", addr_spec=recipient(outgoing))
        message["Reply-To"] = Address(name, addr_spec=marks.reply_to(marks.thread_of_reply(outgoing)))
        mark = f" {marks.in_subject(marks.thread_of_reply(outgoing))}" if outgoing.marked else ""
        message["Subject"] = _subject(outgoing, name) + mark
    except (ValueError, IndexError) as error:
        raise Refused(f"This mail cannot be addressed: {error}") from error
    message["Date"] = datetime.now(UTC)
    message["Message-ID"] = f"<{marks.message_id(outgoing)}>"
    if references := [f"<{one}>" for one in _references(outgoing) if MESSAGE_ID.fullmatch(one)]:
        message["In-Reply-To"] = references[-1]
        message["References"] = " ".join(references)
    if outgoing.language:
        message["Content-Language"] = DANGEROUS.sub("", outgoing.language)
    if outgoing.automatic:
        message["Auto-Submitted"] = "auto-replied"
    message.set_content(_body(outgoing.text), charset="utf-8", cte="quoted-printable")
    return message


def _references(outgoing: Outgoing) -> list[str]:
    """The conversation's Message-IDs: the first, those between, and the one answered, once each."""
    root = [outgoing.root.id] if outgoing.root else []
    parent = [outgoing.parent.id] if outgoing.parent else []
    between = [one.strip("<> ") for one in outgoing.references]
    before = [one for one in dict.fromkeys([*root, *between]) if one not in parent]
    return before + parent


def _subject(outgoing: Outgoing, name: str) -> str:
    subject = outgoing.subject.strip() or name
    return subject if outgoing.parent is None or ANSWERED.match(subject) else f"Re: {subject}"


def _body(text: str) -> str:
    """Lines without trailing blanks, which programs that reflow text would take for a soft break."""
    lines = (line.rstrip() for line in text.replace("\x00", "").splitlines())
    return "\n".join(lines) + "\n"
