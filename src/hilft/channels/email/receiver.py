"""Receives mail directly, as the last station of a mail server: a mail is accepted once it is stored."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import queue
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Final

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from hilft.channels.contract import Config, Raw, RetryLater
from hilft.channels.email.marks import Marks
from hilft.channels.email.parsing import raw

PATIENCE: Final = 60.0
"""Seconds a sending server waits for a mail to be stored before it is told to come again."""

BATCH: Final = 20
HEARTBEAT: Final = 10.0

type Handed = tuple[Raw, concurrent.futures.Future[bool]]


class Receiver:
    """Listens on `receiver_host` and `receiver_port` in SMTP or LMTP while somebody listens to it."""

    def __init__(self, config: Config, marks: Marks) -> None:
        self._settings = config.settings
        self._marks = marks
        self._largest = int(config.facts["limit.mail"])

    def listen(self, cursor: str, stop: threading.Event) -> Iterator[tuple[list[Raw], str]]:
        """Mails as they are handed over; each is accepted when the next batch is asked for, else refused for now."""
        handed: queue.Queue[Handed] = queue.Queue()
        with self._serving(handed):
            beat = float("-inf")
            while not stop.is_set():
                batch = _taken(handed)
                if batch or time.monotonic() - beat >= HEARTBEAT:
                    beat = time.monotonic()
                    with _settled(batch):
                        yield [one for one, _ in batch], cursor

    @contextlib.contextmanager
    def _serving(self, handed: queue.Queue[Handed]) -> Iterator[None]:
        settings = self._settings
        host, port = str(settings.get("receiver_host", "127.0.0.1")), int(settings["receiver_port"])
        lmtp = str(settings.get("receiver_protocol", "smtp")).lower() == "lmtp"
        handler = _Handler(handed, self._marks, lmtp=lmtp)
        controller = _Door(handler, lmtp=lmtp, largest=self._largest, hostname=host, port=port)
        try:
            controller.start()
        except (OSError, TimeoutError) as error:
            controller.stop(no_assert=True)
            raise RetryLater(f"Mail cannot be received on {host}:{port}: {error}", timedelta(seconds=10)) from error
        try:
            yield
        finally:
            _refuse_all(handed)
            handler.see_out(controller.loop)
            controller.stop(no_assert=True)


class _Door(Controller):
    """A server that speaks SMTP or LMTP on its own thread."""

    def __init__(self, handler: _Handler, *, lmtp: bool, largest: int, hostname: str, port: int) -> None:
        self._lmtp, self._largest = lmtp, largest
        super().__init__(handler, hostname=hostname, port=port, ready_timeout=5.0)

    def factory(self) -> SMTP:
        kind = LMTP if self._lmtp else SMTP
        return kind(self.handler, data_size_limit=self._largest, enable_SMTPUTF8=True, ident="hilft", loop=self.loop)


class _Handler:
    """Answers the questions of a sending server."""

    def __init__(self, handed: queue.Queue[Handed], marks: Marks, *, lmtp: bool) -> None:
        self._handed = handed
        self._marks = marks
        self._lmtp = lmtp
        self._waiting = 0

    def see_out(self, loop: asyncio.AbstractEventLoop) -> None:
        """Lets every server that waits hear its answer before the door closes."""

        async def answered() -> None:
            deadline = loop.time() + 2.0
            while self._waiting and loop.time() < deadline:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.05)

        asyncio.run_coroutine_threadsafe(answered(), loop).result(5.0)

    async def handle_RCPT(  # noqa: N802 - the name is the library's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not self._marks.is_ours(address):
            return "550 5.1.1 Nobody here has this address"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        stored: concurrent.futures.Future[bool] = concurrent.futures.Future()
        self._waiting += 1
        self._handed.put((raw(content, envelope=_trace(session, envelope)), stored))
        try:
            kept = await asyncio.wait_for(asyncio.wrap_future(stored), PATIENCE)
        except TimeoutError:
            kept = False
        finally:
            self._waiting -= 1
        answer = "250 2.0.0 Stored" if kept else "451 4.3.0 Not stored, please come again"
        return "\r\n".join([answer] * len(envelope.rcpt_tos)) if self._lmtp else answer


def _trace(session: Session, envelope: Envelope) -> bytes:
    """The header lines a last station adds: the envelope and the time."""
    peer: Any = session.peer
    lines = [
        f"Return-Path: <{(envelope.mail_from or '').strip('<>')}>",
        *(f"Delivered-To: {address}" for address in envelope.rcpt_tos),
        f"Received: from [{peer[0] if peer else 'local'}] by hilft; {format_datetime(datetime.now(UTC))}",
    ]
    return "".join(f"{line}\r\n" for line in lines).encode()


def _taken(handed: queue.Queue[Handed]) -> list[Handed]:
    batch: list[Handed] = []
    with contextlib.suppress(queue.Empty):
        batch.append(handed.get(timeout=0.5))
        while len(batch) < BATCH:
            batch.append(handed.get_nowait())
    return batch


@contextlib.contextmanager
def _settled(batch: list[Handed]) -> Iterator[None]:
    """Tells the sending servers how it went: stored when the block ends, not stored when it is left in haste."""
    stored = False
    try:
        yield
        stored = True
    finally:
        for _, future in batch:
            _tell(future, stored=stored)


def _refuse_all(handed: queue.Queue[Handed]) -> None:
    with contextlib.suppress(queue.Empty):
        while True:
            _tell(handed.get_nowait()[1], stored=False)


def _tell(future: concurrent.futures.Future[bool], *, stored: bool) -> None:
    with contextlib.suppress(concurrent.futures.InvalidStateError):
        future.set_result(stored)
