"""The mailbox over IMAP: everything since a cursor, waiting for more, and what we sent."""

from __future__ import annotations

import contextlib
import imaplib
import re
import select
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailboxLoginError, MailBoxStartTls, MailBoxUnencrypted

from hilft.channels.contract import AuthLost, Config, Raw, RetryLater
from hilft.channels.email.parsing import raw

LATER: Final = timedelta(seconds=5)
TIMEOUT: Final = 20.0
BATCH: Final = 20
BREATH: Final = 0.5
HEARTBEAT: Final = 10.0
"""Seconds until a waiting listener looks by itself and yields an empty batch."""

PASSING: Final = re.compile(r"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG|CONTACTADMIN)\]", re.I)
FAILURES: Final = (OSError, imaplib.IMAP4.error, ImapToolsError)


class Mailbox:
    """The account's IMAP mailbox; a cursor is `UIDVALIDITY:UID`, the last mail read."""

    def __init__(self, config: Config) -> None:
        self._settings = config.settings
        self._password = config.secrets.get("imap_password", "")
        self._first = timedelta(seconds=float(config.facts["window.first"]))
        self._largest = int(config.facts["limit.mail"])

    def since(self, cursor: str) -> tuple[list[Raw], str]:
        """All mails after the cursor; nothing is marked as seen."""
        raws: list[Raw] = []
        with self._open() as box:
            for found, after, _ in self._batches(box, cursor):
                raws, cursor = raws + found, after
        return raws, cursor

    def listen(self, cursor: str, stop: threading.Event) -> Iterator[tuple[list[Raw], str]]:
        """Mails as they come; each batch is marked as seen when the next one is asked for."""
        with self._open() as box:
            beat = float("-inf")
            wait = BREATH
            while not stop.is_set():
                self._select(box)
                for raws, after, uids in self._batches(box, cursor):
                    if raws:
                        yield raws, after
                        box.client.uid("STORE", ",".join(uids), "+FLAGS.SILENT", r"(\Seen)")
                        beat, wait = time.monotonic(), BREATH
                    cursor = after
                if time.monotonic() - beat >= HEARTBEAT:
                    beat = time.monotonic()
                    yield [], cursor
                _wait(box, stop, wait)
                wait = min(wait * 4, HEARTBEAT)

    def sent(self, message_id: str) -> datetime | None:
        """When we sent a mail, by the folder of sent mails; None when it is not there."""
        with self._open() as box:
            box.folder.set(str(self._settings["imap_sent"]), readonly=True)
            found = box.uids(f'HEADER Message-ID "<{message_id}>"')
            if not found:
                return None
            answer = _answer(box.client.uid("FETCH", found[-1], "(INTERNALDATE)"))
            stamp = imaplib.Internaldate2tuple(next((one for one in answer if isinstance(one, bytes)), b""))
            return datetime.fromtimestamp(time.mktime(stamp), UTC) if stamp else datetime.now(UTC)

    def keep_sent(self, message: bytes) -> None:
        """Files a mail that was sent, as a person's mail program would."""
        with self._open() as box:
            box.append(message, str(self._settings["imap_sent"]), dt=datetime.now(UTC), flag_set=[r"\Seen"])

    def check(self) -> None:
        """Logs in and out; raises what is wrong."""
        with self._open() as box:
            self._select(box)

    @contextlib.contextmanager
    def _open(self) -> Iterator[BaseMailBox]:
        try:
            box = self._connected()
        except FAILURES as error:
            raise RetryLater(f"The mailbox cannot be reached: {error}", LATER) from error
        try:
            self._log_in(box)
            yield box
        except FAILURES as error:
            raise RetryLater(f"The mailbox does not answer: {error}", LATER) from error
        finally:
            with contextlib.suppress(*FAILURES):
                box.logout()
            with contextlib.suppress(*FAILURES):
                box.client.shutdown()

    def _connected(self) -> BaseMailBox:
        settings = self._settings
        host, tls = str(settings["imap_host"]), str(settings.get("imap_tls", "ssl")).lower()
        if tls in {"ssl", "true", "tls"}:
            context = ssl.create_default_context()
            return MailBox(host, int(settings.get("imap_port", 993)), timeout=TIMEOUT, ssl_context=context)
        port = int(settings.get("imap_port", 143))
        if tls == "starttls":
            return MailBoxStartTls(host, port, timeout=TIMEOUT, ssl_context=ssl.create_default_context())
        return MailBoxUnencrypted(host, port, timeout=TIMEOUT)

    def _log_in(self, box: BaseMailBox) -> None:
        user = str(self._settings.get("imap_user") or self._settings["address"])
        try:
            box.login(user, self._password, initial_folder=None)
        except MailboxLoginError as error:
            if PASSING.search(str(error)):
                raise RetryLater(f"The mailbox is closed for a moment: {error}", LATER) from error
            raise AuthLost(f"The mailbox no longer accepts the password: {error}") from error

    def _select(self, box: BaseMailBox) -> None:
        box.folder.set(str(self._settings.get("imap_folder") or "INBOX"))

    def _batches(self, box: BaseMailBox, cursor: str) -> Iterator[tuple[list[Raw], str, list[str]]]:
        """Mails after the cursor in batches with their UIDs; another UIDVALIDITY starts over with the recent past."""
        self._select(box)
        validity = (box.client.response("UIDVALIDITY")[1] or [b""])[0] or b""
        known, _, last = cursor.partition(":")
        if known == validity.decode() and last.isdigit():
            uids = [uid for uid in _sorted(box.uids(f"UID {int(last) + 1}:*")) if uid > int(last)]
        else:
            last = "0"
            uids = _sorted(box.uids(f"SINCE {_day(datetime.now(UTC) - self._first)}"))
        if not uids:
            yield [], f"{validity.decode()}:{last}", []
        for start in range(0, len(uids), BATCH):
            some = uids[start : start + BATCH]
            bodies = _bodies(box, some, self._largest)
            yield [raw(body) for body in bodies], f"{validity.decode()}:{some[-1]}", [str(uid) for uid in some]


def _bodies(box: BaseMailBox, uids: list[int], largest: int) -> list[bytes]:
    """The mails; of one that is larger the rest is left in the mailbox."""
    asked = ",".join(map(str, uids))
    answer = _answer(box.client.uid("FETCH", asked, f"(UID BODY.PEEK[]<0.{largest}>)"))
    return [bytes(part[1]) for part in answer if isinstance(part, tuple)]


def _answer(answer: tuple[str, list[Any]]) -> list[Any]:
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(f"{status} {data!r}")
    return data


def _wait(box: BaseMailBox, stop: threading.Event, longest: float) -> None:
    """Waits with IDLE until the server has news, `stop`, or `longest` seconds; sleeps where there is no IDLE."""
    if "IDLE" not in box.client.capabilities:
        stop.wait(longest)
        return
    until = time.monotonic() + longest
    box.idle.start()  # type: ignore[no-untyped-call]
    while time.monotonic() < until and not stop.is_set():
        if select.select([box.client.socket()], [], [], BREATH)[0]:
            break
    box.idle.stop()  # type: ignore[no-untyped-call]


def _sorted(uids: list[str]) -> list[int]:
    return sorted(map(int, uids))


def _day(moment: datetime) -> str:
    months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905
    return f"{moment.day:02}-{months[moment.month - 1]}-{moment.year}"
