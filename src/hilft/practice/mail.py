"""Practice mail server: mails to the brand are forwarded to hilft, all others land in mailboxes to look into."""

import argparse
import json
import re
import signal
import smtplib
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from hilft.practice.mail_page import server as web_server
from hilft.practice.mailbox import Mailboxes, Queue

BRAND = re.compile(r"^kontakt(\+[^@]*)?@nordnetz\.example$", re.IGNORECASE)
FICTIONAL = re.compile(r"^[^@\s]+@([a-z0-9-]+\.)*example$", re.IGNORECASE)
LONGEST_PAUSE = 15.0  # seconds between two attempts while hilft is down
SIZE_LIMIT = 25 * 1024 * 1024


class Office:
    """Receives mails and sorts them; a mail counts as taken when it is on disk."""

    def __init__(self, boxes: Mailboxes, queue: Queue, wake: Callable[[], None]) -> None:
        self._boxes = boxes
        self._queue = queue
        self._wake = wake

    async def handle_RCPT(  # noqa: N802 – the name aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Only fictional addresses exist here."""
        if not FICTIONAL.match(address):
            return "550 5.1.2 only fictional addresses (*.example) exist on the practice network"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 – likewise
        """Keep the mail, or answer that it was not kept."""
        content = envelope.original_content or b""
        ours = [address for address in envelope.rcpt_tos if BRAND.match(address)]
        for address in envelope.rcpt_tos:
            if address not in ours:
                self._boxes.put(address, content)
        if ours:
            self._queue.put(envelope.mail_from or "", ours, content)
            self._wake()
        return "250 OK"


class Courier(threading.Thread):
    """Takes waiting mails to hilft in order of arrival, and tries again for as long as hilft is down."""

    def __init__(self, queue: Queue, host: str, port: int) -> None:
        super().__init__(daemon=True, name="courier")
        self._queue = queue
        self._address = (host, port)
        self._something = threading.Event()
        self._over = threading.Event()
        self._down = False

    def wake(self) -> None:
        """There is something to take; while hilft is down it waits for its turn."""
        self._something.set()

    def end(self) -> None:
        """Stop after the mail in hand."""
        self._over.set()
        self._something.set()

    def run(self) -> None:
        """Deliver until told to end."""
        pause = 0.5
        while not self._over.is_set():
            self._something.clear()
            if self.deliver_all():
                pause = 0.5
                self._something.wait(LONGEST_PAUSE)
            else:
                self._over.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    def deliver_all(self) -> bool:
        """Deliver what waits; False when hilft could not be reached or wants some of it later."""
        complete = True
        for mail in self._queue.waiting():
            if self._over.is_set():
                break
            envelope = self._queue.envelope(mail)
            try:
                with smtplib.SMTP(*self._address, timeout=20) as hilft:
                    hilft.sendmail(envelope.sender, envelope.recipients, mail.read_bytes())
            except smtplib.SMTPRecipientsRefused as error:
                code, reason = next(iter(error.recipients.values()))
                complete &= self._put_aside(mail, code, reason)
            except smtplib.SMTPResponseException as error:
                complete &= self._put_aside(mail, error.smtp_code, error.smtp_error)
            except (OSError, smtplib.SMTPException) as error:
                self._say_down(f"{error or type(error).__name__}")
                self._queue.failed(mail, str(error))
                return False
            else:
                self._down = False
                self._queue.delivered(mail)
        return complete

    def _put_aside(self, mail: Path, code: int, reason: bytes | str) -> bool:
        """A refusal for good takes the mail out of the queue; a temporary one (4xx) leaves it there."""
        text = f"{code} {reason.decode('utf-8', 'replace') if isinstance(reason, bytes) else reason}"
        if code < 500:
            self._queue.failed(mail, text)
            return False
        sys.stderr.write(f"hilft refused a mail for good: {text}\n")
        self._queue.refused(mail, text)
        return True

    def _say_down(self, reason: str) -> None:
        if not self._down:
            sys.stderr.write(f"hilft does not take mail yet ({reason}); it waits in the queue\n")
        self._down = True


def serve(smtp_port: int, web_port: int, deliver_to: tuple[str, int], state: Path) -> None:
    """Serve until SIGTERM or SIGINT."""
    boxes, queue = Mailboxes(state / "boxes"), Queue(state / "queue")
    courier = Courier(queue, *deliver_to)
    smtp = Controller(
        Office(boxes, queue, courier.wake),
        hostname="127.0.0.1",
        port=smtp_port,
        server_kwargs={"data_size_limit": SIZE_LIMIT, "enable_SMTPUTF8": True, "ident": "practice"},
    )
    web = web_server(web_port, boxes, queue)
    over = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: over.set())
    smtp.start()
    courier.start()
    threading.Thread(target=web.serve_forever, daemon=True, name="web").start()
    ready = {"ready": True, "smtp": f"127.0.0.1:{smtp_port}", "url": f"http://127.0.0.1:{web_port}"}
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()
    over.wait()
    smtp.stop()
    courier.end()
    web.shutdown()
    courier.join(timeout=5)


def host_and_port(value: str) -> tuple[str, int]:
    """`HOST:PORT` as its parts."""
    host, _, port = value.rpartition(":")
    return host, int(port)


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m hilft.practice.mail", description=__doc__)
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--web-port", type=int, required=True)
    parser.add_argument("--deliver-to", metavar="HOST:PORT", type=host_and_port, required=True, help="hilft's receiver")
    parser.add_argument("--state", type=Path, required=True, help="folder that keeps mailboxes and queue")
    options = parser.parse_args(arguments)
    serve(options.smtp_port, options.web_port, options.deliver_to, options.state)


if __name__ == "__main__":
    main()
