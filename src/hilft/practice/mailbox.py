"""The practice mail server's folders: a mailbox per address and a queue for mails that still have to be delivered."""

import itertools
import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote, unquote

import msgspec

_counter = itertools.count()


class Envelope(msgspec.Struct):
    """A queued mail beside its bytes: who sent it, to whom, and how often it was tried."""

    sender: str
    recipients: list[str]
    tries: int = 0
    last_error: str = ""


class Mailboxes:
    """Mails received by address; a file each, so that they outlive a restart."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def put(self, address: str, content: bytes) -> None:
        """Keep a mail for an address."""
        box = self._folder / quote(address.lower(), safe="@+._-")
        box.mkdir(exist_ok=True)
        write_whole(box / f"{stamp()}.eml", content)

    def addresses(self) -> dict[str, int]:
        """Number of mails by address, in order of address."""
        boxes = sorted(path for path in self._folder.iterdir() if path.is_dir())
        return {unquote(box.name): len(list(box.glob("*.eml"))) for box in boxes}

    def mails(self, address: str) -> list[EmailMessage]:
        """The mails of an address, newest first; none for an unknown address."""
        box = self._folder / quote(address.lower(), safe="@+._-")
        return [parse(path.read_bytes()) for path in sorted(box.glob("*.eml"), reverse=True)]


class Queue:
    """Mails on their way to hilft; nothing leaves the folder before hilft took it or refused it for good."""

    def __init__(self, folder: Path) -> None:
        self._waiting = folder / "waiting"
        self._refused = folder / "refused"
        self._count = folder / "delivered"
        for path in (self._waiting, self._refused):
            path.mkdir(parents=True, exist_ok=True)

    def put(self, sender: str, recipients: list[str], content: bytes) -> None:
        """Take a mail; when this returns it is on disk."""
        name = stamp()
        write_whole(self._waiting / f"{name}.json", msgspec.json.encode(Envelope(sender, recipients)))
        write_whole(self._waiting / f"{name}.eml", content)

    def waiting(self) -> list[Path]:
        """The waiting mails, oldest first."""
        return sorted(self._waiting.glob("*.eml"))

    def envelope(self, mail: Path) -> Envelope:
        """The envelope of a waiting mail."""
        return msgspec.json.decode(mail.with_suffix(".json").read_bytes(), type=Envelope)

    def delivered(self, mail: Path) -> None:
        """hilft took it."""
        mail.unlink()
        mail.with_suffix(".json").unlink()
        write_whole(self._count, str(self.counts()["delivered"] + 1).encode())

    def failed(self, mail: Path, error: str) -> None:
        """hilft was away; it stays in the queue."""
        envelope = self.envelope(mail)
        envelope.tries, envelope.last_error = envelope.tries + 1, error
        write_whole(mail.with_suffix(".json"), msgspec.json.encode(envelope))

    def refused(self, mail: Path, error: str) -> None:
        """hilft will never take it; it is put aside with the reason."""
        self.failed(mail, error)
        mail.with_suffix(".json").replace(self._refused / f"{mail.stem}.json")
        mail.replace(self._refused / mail.name)

    def counts(self) -> dict[str, int]:
        """How many mails wait, were refused, and were delivered since the folder exists."""
        delivered = int(self._count.read_text() or 0) if self._count.exists() else 0
        refused = len(list(self._refused.glob("*.eml")))
        return {"waiting": len(self.waiting()), "refused": refused, "delivered": delivered}


def parse(content: bytes) -> EmailMessage:
    """A mail with its headers decoded."""
    return message_from_bytes(content, policy=policy.default)


def text_of(mail: EmailMessage) -> str:
    """What the mail says, as plain text if it has any, otherwise its HTML source."""
    part = mail.get_body(("plain", "html"))
    return str(part.get_content()) if part is not None else ""


def stamp() -> str:
    """A file name that sorts by time of arrival."""
    return f"{time.time_ns():020d}-{next(_counter):06d}"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that a crash leaves none or all of it."""
    draft = path.with_name(f".{path.name}.new")
    draft.write_bytes(content)
    draft.replace(path)
